import { useLocation } from 'preact-iso/router';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { listen } from '../data/live.js';
import { Dialog } from '../ui/dialog.js';
import { messageOf } from '../ui/error-state.js';
import { say } from '../ui/toast.js';
import { titleOf } from './actions.js';
import { AddFeed } from './add-feed.js';
import { ArticlePane } from './article-pane.js';
import { EntriesPane } from './entries-pane.js';
import { FeedSettings } from './feed-settings.js';
import { FeedsPane } from './feeds-pane.js';
import { KeysDialog } from './keys-dialog.js';
import { OpmlDialog } from './opml-dialog.js';
import { unreadOf } from './feed-groups.js';
import { paneOf, placeOf, START, urlOf, type Place } from './place.js';
import { Reader } from './reader.js';
import { focusEntry, focusedEntry, useShortcuts } from './use-shortcuts.js';
import { PATH, ViewContext, type DialogName, type ReaderView } from './view.js';
import './feeds.css';
import './entries.css';
import './reader.css';
import './article.css';

/** Failing feeds that are well again after a 304 make no event: they are looked at after their time, milliseconds. */
const LOOK_MS = 30_000;

export default function ReaderPage() {
  const { url, route, wasPush } = useLocation() as ReturnType<typeof useLocation> & { wasPush: boolean };
  const place = useMemo(() => placeOf(new URL(url, location.origin).search), [url]);
  const reader = useMemo(() => new Reader({ tell: (text) => say(text, { kind: 'error' }), messageOf }), []);
  const left = useMemo(() => new AbortController(), []);
  const [dialog, openDialog] = useState<DialogName | null>(null);
  const goTo = (to: Place, { replace = false } = {}): void => route(urlOf(PATH, to), replace);
  const view: ReaderView = { reader, place, goTo, openDialog, left: left.signal };

  useLayoutEffect(() => reader.go(place), [place]);
  useLive(reader, left);
  const { close, step } = useArticle(view, wasPush);
  useShortcuts(view, { close, step });

  const unread = unreadOf(reader.feeds.value?.values() ?? []);
  const name = titleOf(place, (id) => reader.feedName(id));
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${name} · Reader · Offload`;
  }, [unread, name]);

  const feed = place.scope.kind === 'feed' ? reader.feeds.value?.get(place.scope.id) : undefined;
  const shut = (): void => openDialog(null);
  return (
    <ViewContext.Provider value={view}>
      <div class="reader" data-pane={paneOf(place)}>
        <h1 class="unseen">Reader</h1>
        <div class="reader-panes">
          <FeedsPane />
          <EntriesPane />
          <ArticlePane onClose={close} onStep={step} />
        </div>
      </div>
      {dialog === 'add' && (
        <Dialog title="Add a feed" onClose={shut}>
          <AddFeed
            onDone={({ id }) => {
              shut();
              goTo({ ...START, scope: { kind: 'feed', id } });
            }}
          />
        </Dialog>
      )}
      {dialog === 'feed' && feed && <FeedSettings feed={feed} onClose={shut} />}
      {dialog === 'opml' && <OpmlDialog onClose={shut} />}
      {dialog === 'keys' && <KeysDialog onClose={shut} />}
    </ViewContext.Provider>
  );
}

/** Counts and lists are kept true while the page is open. */
function useLive(reader: Reader, left: AbortController): void {
  useEffect(() => {
    void reader.loadFeeds();
    const stop = listen({
      onFeeds: (ids) => void reader.feedsChanged(ids),
      onReset: () => void reader.lookAgain(),
    });
    const timer = setInterval(() => {
      const late = Date.now() - 10_000;
      const due = [...(reader.feeds.value?.values() ?? [])].filter(
        ({ failure, nextAt }) => failure && nextAt && Date.parse(nextAt) < late,
      );
      if (!document.hidden) for (const { id } of due.slice(0, 10)) void reader.loadFeed(id);
    }, LOOK_MS);
    return () => {
      stop();
      clearInterval(timer);
      reader.list.value?.leave();
      left.abort();
    };
  }, []);
}

/** How an article is left, and how one goes from one to the next. */
function useArticle(view: ReaderView, wasPush: boolean) {
  const { reader, place, goTo } = view;
  const before = useRef<string | null>(null);
  /** The list stands behind the article in the browser's history. */
  const fromList = useRef(false);
  useLayoutEffect(() => {
    const former = before.current;
    before.current = place.entry;
    if (place.entry !== null) {
      if (former === null) fromList.current = wasPush;
      document.querySelector(`[data-entry="${place.entry}"]`)?.scrollIntoView({ block: 'nearest' });
    } else if (former !== null) {
      fromList.current = false;
      focusEntry(former);
    }
  }, [place.entry]);
  const close = (): void => {
    if (place.entry === null) return;
    if (fromList.current) history.back();
    else goTo({ ...place, entry: null }, { replace: true });
  };
  /** In the article the next one is opened; in the list the focus moves. */
  const step = async (by: 1 | -1): Promise<void> => {
    const list = reader.list.value;
    if (!list) return;
    const from = place.entry ?? focusedEntry();
    let next = list.beside(from, by);
    if (next === undefined && by === 1 && list.hasMore.value) {
      await list.more();
      next = list.beside(from, by);
    }
    if (next === undefined) return;
    if (place.entry === null) focusEntry(next);
    else goTo({ ...place, entry: next }, { replace: true });
  };
  return { close, step: (by: 1 | -1) => void step(by) };
}
