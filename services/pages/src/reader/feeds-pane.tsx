import { computed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { Button } from '../ui/button.js';
import { classes } from '../ui/classes.js';
import { ErrorState } from '../ui/error-state.js';
import { Loading } from '../ui/states.js';
import { ApiImage } from './api-image.js';
import { groupFeeds, nameOf, unreadOf, type Feed } from './feed-groups.js';
import { needsCare, stateOf } from './feed-state.js';
import { Icon } from './icons.js';
import { START, urlOf, withScope, type Scope } from './place.js';
import { ToolButton } from './tool-button.js';
import { UnreadCount } from './unread-count.js';
import { PATH, useView } from './view.js';

/** All feeds by tag, with what is unread in each. */
export function FeedsPane() {
  const { reader, openDialog } = useView();
  const groups = useMemo(() => computed(() => groupFeeds(reader.feeds.value?.values() ?? [])), [reader]);
  const feeds = reader.feeds.value;
  const error = reader.feedsError.value;
  return (
    <section class="pane feeds-pane" aria-label="Feeds">
      <header class="pane-head">
        <h2>Feeds</h2>
        <span class="pane-tools">
          <ToolButton
            icon="keys"
            label="Keyboard shortcuts"
            title="Keyboard shortcuts (?)"
            onClick={() => openDialog('keys')}
          />
          <ToolButton
            icon="files"
            label="Import and export"
            title="Import and export (OPML)"
            onClick={() => openDialog('opml')}
          />
          <Button small onClick={() => openDialog('add')}>
            <Icon name="plus" /> Add
          </Button>
        </span>
      </header>
      <div class="pane-scroll">
        {error !== undefined && <ErrorState error={error} onRetry={() => reader.loadFeeds()} />}
        {feeds === null && error === undefined && <Loading rows={6} label="Loading your feeds" />}
        {feeds !== null && (
          <nav aria-label="Feeds">
            <ul class="feed-list">
              <ScopeLink scope={{ kind: 'all' }} text="All feeds" unread={unreadOf(feeds.values())} />
            </ul>
            {groups.value.map(({ tag, feeds: of, unread }) => (
              <div key={tag ?? ''} class="feed-group">
                {tag !== null && (
                  <h3>
                    <ScopeAnchor scope={{ kind: 'tag', tag }} unread={unread}>
                      <bdi>{tag}</bdi>
                    </ScopeAnchor>
                  </h3>
                )}
                <ul class="feed-list">
                  {of.map((feed) => (
                    <FeedLink key={feed.id} feed={feed} />
                  ))}
                </ul>
              </div>
            ))}
          </nav>
        )}
      </div>
    </section>
  );
}

function ScopeLink({ scope, text, unread }: { scope: Scope; text: string; unread: number }) {
  return (
    <li>
      <ScopeAnchor scope={scope} unread={unread}>
        <span class="feed-icon">
          <Icon name="list" />
        </span>
        <span class="feed-name">{text}</span>
      </ScopeAnchor>
    </li>
  );
}

function FeedLink({ feed }: { feed: Feed }) {
  const { reader } = useView();
  const name = nameOf(feed);
  const { kind, says } = stateOf(feed);
  return (
    <li>
      <ScopeAnchor scope={{ kind: 'feed', id: feed.id }} unread={feed.unread} title={says || undefined}>
        <FeedIcon feed={feed} />
        <bdi class="feed-name">{name}</bdi>
        {reader.refreshing.value.has(feed.id) || kind === 'waiting' ? (
          <span class="feed-mark waiting" title="It is being fetched">
            <span aria-hidden="true">…</span>
            <span class="unseen">being fetched</span>
          </span>
        ) : (
          needsCare(feed) && (
            <span class={`feed-mark ${kind}`}>
              <span aria-hidden="true">{kind === 'choose' ? '?' : '!'}</span>
              <span class="unseen">
                {kind === 'choose' ? 'to be chosen' : kind === 'ended' ? 'ended' : 'failing'}
              </span>
            </span>
          )
        )}
      </ScopeAnchor>
    </li>
  );
}

interface AnchorProps {
  scope: Scope;
  unread: number;
  title?: string | undefined;
  children: preact.ComponentChildren;
}

function ScopeAnchor({ scope, unread, title, children }: AnchorProps) {
  const { place } = useView();
  const here = JSON.stringify(place.scope) === JSON.stringify(scope);
  return (
    <a
      class={classes('scope', unread > 0 && 'has-unread')}
      href={urlOf(PATH, withScope(place.q ? { ...START, view: place.view } : place, scope))}
      aria-current={here ? 'true' : undefined}
      title={title}
    >
      {children}
      <UnreadCount of={unread} />
    </a>
  );
}

/** The site's icon, else the first letter of its name. */
function FeedIcon({ feed }: { feed: Feed }) {
  const letter = <span class="letter">{[...nameOf(feed)][0]?.toUpperCase()}</span>;
  if (!feed.links.icon)
    return (
      <span class="feed-icon" aria-hidden="true">
        {letter}
      </span>
    );
  return <ApiImage class="feed-icon" src={feed.links.icon} fallback={letter} />;
}
