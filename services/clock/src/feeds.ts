import type { Log } from '@offload/runtime/logger';
import { dueRefresh } from '@offload/store/feed-task';
import type { DueFeed } from '@offload/store/feeds';
import type { Store } from '@offload/store/open-store';

type Stores = Pick<Store, 'feeds' | 'tasks'>;

/** Feeds in one turn. */
const TURN = 200;
/** A refresh notes at the feed when it is due again; one that does not within this, milliseconds, is made anew. */
const HOLD_MS = 30 * 60_000;
const LONGEST_HOLD_MS = 24 * 3_600_000;

/**
 * Makes the task of each feed whose time has come. Any number of clocks may do it at once: the task of a due time has
 * the same id whoever makes it, and only then the feed is put off (docs/decisions/0052).
 * @returns how many feeds were due, and whether there may be more
 */
export async function refreshDueFeeds(store: Stores, log: Log): Promise<{ feeds: number; full: boolean }> {
  const due = await store.feeds.due(TURN);
  const now = store.feeds.now();
  const outcomes = await Promise.allSettled(due.map((feed) => refresh(feed, store, now)));
  const failed = outcomes.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  if (due.length > 0) log.debug('feeds to be refreshed', { feeds: due.length });
  return { feeds: due.length, full: due.length === TURN };
}

async function refresh(feed: DueFeed, store: Stores, now: Date): Promise<void> {
  await store.tasks.create(dueRefresh(feed, now));
  const lost = lostRefresh(feed, now);
  const holdMs = Math.min(HOLD_MS * 2 ** Math.min(lost?.times ?? 0, 10), LONGEST_HOLD_MS);
  await store.feeds.putOff(feed, new Date(now.getTime() + holdMs), lost);
}

/** A worker began to fetch it and never said how that went: it was ended by what it fetched, or its task was. */
function lostRefresh({ fetching, failure }: DueFeed, now: Date): DueFeed['failure'] {
  if (!fetching || fetching.until > now) return undefined;
  return {
    code: 'refresh-lost',
    message: 'Its last refresh did not come to an end. It is tried again, ever less often.',
    since: failure?.since ?? now,
    times: (failure?.times ?? 0) + 1,
  };
}
