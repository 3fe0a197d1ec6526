import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../ui/button.js';
import { ErrorState } from '../ui/error-state.js';
import { Loading } from '../ui/states.js';
import { announce } from '../ui/toast.js';
import { readAll, refresh, titleOf } from './actions.js';
import { EmptyList, FirstRun } from './empty-list.js';
import type { EntryList } from './entry-list.js';
import { EntryRow } from './entry-row.js';
import { FeedNotice } from './feed-notice.js';
import { unreadOf } from './feed-groups.js';
import { Icon } from './icons.js';
import { ListTools } from './list-tools.js';
import { urlOf } from './place.js';
import { ToolButton } from './tool-button.js';
import { UnreadCount } from './unread-count.js';
import { PATH, useView } from './view.js';

/** The entries of a feed, a tag or all feeds. */
export function EntriesPane() {
  const view = useView();
  const { reader, place, openDialog } = view;
  const list = reader.list.value;
  const unread = unreadOf(reader.inScope(place.scope));
  const isBusy = reader.inScope(place.scope).some(({ id }) => reader.refreshing.value.has(id));
  const title = titleOf(place, (id) => reader.feedName(id));
  return (
    <section class="pane entries-pane" aria-label="Entries">
      <header class="pane-head">
        <a class="button quiet small to-feeds" href={urlOf(PATH, { ...place, entry: null, feeds: true })}>
          <Icon name="back" /> Feeds
        </a>
        <h2 tabIndex={-1} id="list-title">
          <bdi>{title}</bdi>
          {!place.q && place.view !== 'starred' && <UnreadCount of={unread} />}
        </h2>
        <span class="pane-tools">
          <ToolButton
            icon="refresh"
            label="Refresh now"
            title="Refresh now (r)"
            busy={isBusy}
            onClick={() => refresh(view)}
          />
          <ToolButton
            icon="check"
            label="Mark all as read"
            title="Mark all as read (A)"
            onClick={() => readAll(view)}
          />
          {place.scope.kind === 'feed' && (
            <ToolButton
              icon="gear"
              label="Feed settings"
              title="Feed settings"
              onClick={() => openDialog('feed')}
            />
          )}
        </span>
      </header>
      <ListTools />
      <div class="pane-scroll" id="entries">
        {place.scope.kind === 'feed' && <FeedNotice key={place.scope.id} id={place.scope.id} />}
        {list && <Rows key={place.scope.kind + place.view} list={list} />}
      </div>
    </section>
  );
}

function Rows({ list }: { list: EntryList }) {
  const { reader, place } = useView();
  const ids = list.ids.value;
  const state = list.state.value;
  const newer = list.newer.value;
  const showNewer = (): void => {
    list.showNewer();
    document.getElementById('entries')?.scrollTo(0, 0);
    document.querySelector<HTMLElement>('#entries .entry-row a')?.focus();
  };
  useEffect(() => {
    if (newer.length > 0) announce(`${newer.length} new ${newer.length === 1 ? 'entry' : 'entries'}`);
  }, [newer.length]);
  if (state.kind === 'first') return <Loading rows={7} label="Loading entries" />;
  const isFirst = place.scope.kind === 'all' && (reader.feeds.value?.size === 0 || reader.addingFirst.value);
  const isEmpty = ids.length === 0 && state.kind === 'ready' && !list.hasMore.value;
  return (
    <>
      {newer.length > 0 && (
        <p class="newer">
          <Button kind="primary" small onClick={showNewer}>
            Show {newer.length} new {newer.length === 1 ? 'entry' : 'entries'}
          </Button>
        </p>
      )}
      <ol class="entry-list" role="list" aria-labelledby="list-title">
        {ids.map((id) => (
          <EntryRow key={id} id={id} selected={id === place.entry} showFeed={place.scope.kind !== 'feed'} />
        ))}
      </ol>
      {isFirst ? <FirstRun /> : isEmpty && reader.feeds.value !== null && <EmptyList />}
      <ListEnd list={list} />
    </>
  );
}

/** Loads on when it comes into view; a button for those who scroll otherwise, and where pages were empty. */
function ListEnd({ list }: { list: EntryList }) {
  const state = list.state.value;
  const end = useRef<HTMLDivElement>(null);
  const count = list.ids.value.length;
  useEffect(() => {
    if (!end.current || count === 0) return;
    const root = end.current.closest('.pane-scroll');
    const observer = new IntersectionObserver(
      ([seen]) => {
        if (seen?.isIntersecting && list.state.value.kind === 'ready') void list.more();
      },
      { root, rootMargin: '600px 0px' },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
    // Observed anew after each page: one that stays in view is told of once only.
  }, [list, count, state.kind]);
  return (
    <div ref={end} class="list-end">
      {state.kind === 'failed' && <ErrorState error={state.error} onRetry={() => list.more()} />}
      {state.kind === 'more' && <span class="soft">Loading more…</span>}
      {state.kind === 'ready' && list.hasMore.value && (
        <Button kind="quiet" small onClick={() => list.more()}>
          {count === 0 ? 'Nothing so far. Look further back' : 'More entries'}
        </Button>
      )}
      {state.kind === 'ready' && !list.hasMore.value && count > 0 && <span class="soft">That is all.</span>}
    </div>
  );
}
