import { confirm } from '../ui/dialog.js';
import { messageOf } from '../ui/error-state.js';
import { say } from '../ui/toast.js';
import { shownCount, unreadOf } from './feed-groups.js';
import { stateOf } from './feed-state.js';
import type { Place } from './place.js';
import { unsubscribe } from './reader-api.js';
import type { ReaderView } from './view.js';

/** Feeds of a list that are refreshed together; each of more has its own rhythm. */
const MOST_REFRESHED = 50;
const AT_ONCE = 4;

const entries = (count: number): string => `${shownCount(count)} ${count === 1 ? 'entry' : 'entries'}`;

/** What a list is called. */
export function titleOf({ scope, view, q }: Place, feedName: (id: string) => string): string {
  if (q) return `“${q}”`;
  if (scope.kind === 'feed') return feedName(scope.id) || 'Feed';
  if (scope.kind === 'tag') return scope.tag;
  return { unread: 'Unread', all: 'All entries', starred: 'Starred' }[view];
}

/** Asks, then marks all of a list as read; of a search or the starred ones those that are shown. Rejects with the API's word. */
export async function readAll({ reader, place }: ReaderView): Promise<void> {
  if (place.q || place.view === 'starred') return readShown(reader);
  const unread = unreadOf(reader.inScope(place.scope));
  if (unread === 0) return say('Everything here is read.');
  const name = titleOf({ ...place, view: 'all' }, (id) => reader.feedName(id));
  const yes = await confirm({
    title: 'Mark all as read?',
    text: `${entries(unread)} in ${name} will be marked as read. What comes later is not.`,
    confirm: `Mark ${entries(unread)} as read`,
  });
  if (!yes) return;
  await reader.markAllRead(place);
  say(`${entries(unread)} marked as read.`);
}

async function readShown(reader: ReaderView['reader']): Promise<void> {
  const shown = reader.list.value?.ids.value ?? [];
  const unread = shown.filter((id) => reader.marks.get(id)?.value.read === false);
  if (unread.length === 0) return say('Everything that is shown here is read.');
  void reader.mark(unread, { read: true });
  say(`${entries(unread.length)} marked as read.`, {
    action: { label: 'Undo', run: () => reader.mark(unread, { read: false }) },
  });
}

/** Has the feeds of a list fetched now, and tells what came. Rejects with the API's word. */
export async function refresh({ reader, place, left }: ReaderView): Promise<void> {
  const feeds = reader.inScope(place.scope).filter(({ id }) => !reader.refreshing.value.has(id));
  if (feeds.length === 0) return;
  if (feeds.length > MOST_REFRESHED)
    return say(
      `These are ${shownCount(feeds.length)} feeds, refreshed in a rhythm of their own. Choose one to refresh it now.`,
    );
  const waiting = [...feeds];
  const failed: string[] = [];
  const unreadBefore = unreadOf(feeds);
  const work = async (): Promise<void> => {
    for (let feed = waiting.shift(); feed && !left.aborted; feed = waiting.shift()) {
      const now = await reader.refresh(feed.id, left);
      if (now && stateOf(now).kind === 'failing') failed.push(reader.feedName(feed.id));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (left.aborted) return;
  const added = unreadOf(reader.inScope(place.scope)) - unreadBefore;
  const came = added > 0 ? `${entries(added)} came.` : 'Nothing new.';
  if (failed.length === 0) say(`Refreshed. ${came}`);
  else
    say(
      `${failed.slice(0, 3).join(', ')}${failed.length > 3 ? ` and ${failed.length - 3} others` : ''} could not be fetched. ${came}`,
      { kind: 'error' },
    );
}

/** Asks, then unsubscribes. Resolves with whether it was done. */
export async function leaveFeed({ reader }: ReaderView, id: string): Promise<boolean> {
  const name = reader.feedName(id) || 'this feed';
  const yes = await confirm({
    title: `Unsubscribe from ${name}?`,
    text: 'It leaves your list, and what you have read and starred of it is forgotten. This cannot be undone.',
    confirm: 'Unsubscribe',
    danger: true,
  });
  if (!yes) return false;
  try {
    await unsubscribe(id);
  } catch (error) {
    say(messageOf(error), { kind: 'error' });
    return false;
  }
  reader.dropFeed(id);
  say(`Unsubscribed from ${name}.`);
  return true;
}
