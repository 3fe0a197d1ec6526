import { createHash } from 'node:crypto';
import type { FeedEntry } from '@offload/contracts/feed-fetch';
import { derivedId } from './new-task.js';

/** An entry of a feed as it is stored, once for all who subscribe to the feed. */
export interface EntryRecord {
  /**
   * UUIDv7 of when it was published (seen, where the feed does not say, or says a time to come): lists page by it.
   * It stays when the entry is edited.
   */
  _id: string;
  feed: string;
  /** Of its identity in the feed; unique there. */
  key: string;
  /** Of everything that it says: tells an edit. */
  digest: string;
  /** Without what is kept apart. */
  entry: Omit<FeedEntry, 'html'>;
  html: string;
  /** The first words, as plain text. */
  excerpt: string;
  /** Of it all, roughly. */
  bytes: number;
  /** When it was first found in the feed. */
  seenAt: Date;
  changedAt: Date;
}

export type ListedEntry = Omit<EntryRecord, 'html'>;

/** What tells whether an entry is stored already, and as it is. */
export interface EntryIdentity {
  key: string;
  digest: string;
}

export function identityOf(entry: FeedEntry): EntryIdentity {
  const sha = (text: string) => createHash('sha256').update(text).digest('base64url');
  return { key: sha(entry.id).slice(0, 24), digest: sha(JSON.stringify(entry)) };
}

/** The id of an entry in a list by time; two refreshes that find it at once make the same. */
export const entryId = (feed: string, key: string, at: Date): string =>
  derivedId(Math.max(0, at.getTime()), `${feed} ${key}`);

/** Below every id of an entry of that time or later, above every id of an earlier one (RFC 9562, section 5.7). */
export function lowestIdAt(at: Date): string {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** Entries of one feed that are kept, and the bytes of them. Those that are in the feed now stay in any case. */
export const ENTRIES_KEPT = 10_000;
export const ENTRY_BYTES_KEPT = 100 * 1024 * 1024;
