import type { Feed } from './feed-groups.js';

/** How it stands with a feed, in words for its reader. Times are for the page to write. */
export interface FeedState {
  kind: 'well' | 'waiting' | 'choose' | 'failing' | 'ended';
  /** A sentence; empty for a feed that is well. */
  says: string;
  /** What the origin or the network said. */
  reason: string | null;
  /** Since when it fails. */
  since: string | null;
  /** When it is asked for again. */
  again: string | null;
}

const attempts = (times: number): string =>
  times === 1 ? 'once' : `${times.toLocaleString('en')} times in a row`;

export function stateOf({ state, failure, nextAt }: Pick<Feed, 'state' | 'failure' | 'nextAt'>): FeedState {
  const nothing = { reason: null, since: null, again: null };
  if (state === 'choose')
    return { ...nothing, kind: 'choose', says: 'This page has several feeds. Choose which to read.' };
  if (state === 'ended')
    return {
      ...nothing,
      kind: 'ended',
      says: 'Its site says that this feed is gone for good. It is not asked for any more; what came before stays.',
    };
  if (failure)
    return {
      kind: 'failing',
      says: `It could not be fetched, ${attempts(failure.times)}.`,
      reason: failure.message,
      since: failure.since,
      again: nextAt,
    };
  if (state === 'new') return { ...nothing, kind: 'waiting', says: 'It waits for its first fetch.' };
  return { ...nothing, kind: 'well', says: '', again: nextAt };
}

/** Feeds that are marked in the list. */
export const needsCare = (feed: Pick<Feed, 'state' | 'failure' | 'nextAt'>): boolean =>
  ['choose', 'failing', 'ended'].includes(stateOf(feed).kind);
