import type { TaskFailure } from '@offload/contracts/task';

/** Owner of what is made for all subscribers of a feed: no key can have this name, since of its colon. */
export const SYSTEM_OWNER = ':system';

export const feedStates = ['new', 'active', 'choose', 'ended'] as const;
/**
 * new: nothing has been read yet. active: it is refreshed. choose: the URL is a page that links to several feeds.
 * ended: the origin says that it is gone for good (410).
 */
export type FeedState = (typeof feedStates)[number];

/** What was read of a feed besides its entries. */
export interface FeedFacts {
  format: string;
  title: string;
  link: string | null;
  description: string | null;
  language: string | null;
  /** URL of a small image of the site: as the feed says, else as its page does. */
  icon: string | null;
}

/** What an origin said of a version of a feed, byte for byte. It holds for this URL and no other. */
export interface FeedValidators {
  url: string;
  etag: string | null;
  lastModified: string | null;
}

/** One a URL, shared by all who subscribe to it. */
export interface FeedRecord {
  /** UUIDv7. */
  _id: string;
  /** Unique. Where it is fetched from; a permanent redirect moves it. */
  url: string;
  /** From which it has moved here, the last {@link FORMER_URLS_KEPT}: who subscribes to one of them comes here. */
  formerUrls: string[];
  state: FeedState;
  facts?: FeedFacts;
  /** The feeds that the page links to, while there is a choice. */
  found?: { url: string; title: string | null; type: string | null }[];
  validators?: FeedValidators;
  /** How long it asks to be left alone, in milliseconds. */
  refreshAfterMs?: number;
  /** Hours of the day (UTC) in which it is not updated. */
  skipHours?: number[];
  /** When its content was last sent: some servers answer 304 for ever. */
  fullAt?: Date;
  /** When its site's page was last looked at for an icon. */
  iconAt?: Date;
  /** Of all its entries as they were stored last. */
  digest?: string;
  /** When the last check began that got anything from the origin, an error included. */
  checkedAt?: Date;
  /** When entries were last added or edited. */
  updatedAt?: Date;
  /** The present run of failures. */
  failure?: TaskFailure & { since: Date; times: number };
  /** When it is fetched again; absent when nobody subscribes, or nothing would come of it. */
  nextAt?: Date;
  /** A worker fetches it now. */
  fetching?: { token: string; until: Date };
  /** Since when nobody subscribes. */
  unusedAt?: Date;
  /** It is being deleted; nobody may subscribe to it any more. */
  removing?: true;
  createdAt: Date;
}

export const FEEDS = 'feeds';
export const FORMER_URLS_KEPT = 20;

/** An owner's subscription to a feed. */
export interface SubscriptionRecord {
  /** UUIDv7. */
  _id: string;
  owner: string;
  /** Unique in its owner. */
  feed: string;
  /** Instead of the feed's own. */
  title?: string;
  tags?: string[];
  /** Entries first seen by then are read, but for those that are marked otherwise. */
  readThrough?: Date;
  createdAt: Date;
  changedAt: Date;
}

/** Subscriptions of one owner. */
export const MOST_SUBSCRIPTIONS = 10_000;

/** What of one owner's reading differs from `readThrough` of the subscription, or is starred. */
export interface MarkRecord {
  /** Of owner and entry. */
  _id: string;
  owner: string;
  feed: string;
  entry: string;
  read?: boolean;
  starred?: true;
  /** Of the entry. */
  seenAt: Date;
}
