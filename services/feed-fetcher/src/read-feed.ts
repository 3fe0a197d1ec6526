import type { Result } from '@offload/contracts/define-task';
import type { feedFetch, FeedEntry } from '@offload/contracts/feed-fetch';
import { line } from './clean-text.js';
import { firstDate } from './dates.js';
import { finishEntries, namesOf, plainText } from './entries.js';
import { firstEntries } from './first-entries.js';
import { Links } from './links.js';
import { hoursOf, refreshAfter } from './quantities.js';
import type { RawFeed } from './raw-feed.js';
import { checkEntryCount, notAFeed } from './refuse.js';
import { readDocument } from './read-document.js';

export interface FeedBytes {
  bytes: Uint8Array;
  /** The Content-Type header as it came. */
  contentType: string | undefined;
  /** Where the feed was found, after redirects: the base of its links. */
  url: string;
}

export interface FeedReading {
  /** The task's result but for `url` and `found`. */
  result: Omit<Result<typeof feedFetch>, 'url' | 'found'>;
  /** All entries as a JSON array, in UTF-8. */
  entriesJson: Uint8Array;
}

const MAX_DESCRIPTION_CHARS = 5_000;

/** As `readDocument`, where only a feed will do: a web page is TaskError `not-a-feed` (permanent). */
export function readFeed(given: FeedBytes): FeedReading {
  const document = readDocument(given);
  if (document.kind === 'feed') return document.reading;
  throw notAFeed('it is a web page. Look on it for the address of its feed (RSS or Atom).');
}

/** A parsed feed as it is served: links resolved, HTML clean, dates in UTC. */
export function finishFeed(feed: RawFeed, recovered: boolean): FeedReading {
  checkEntryCount(feed.entries.length);
  const links = new Links();
  const entries = finishEntries(feed.entries, links);
  return {
    result: {
      format: feed.format,
      recovered,
      title: plainText(feed.title, 1_000),
      link: links.first(feed.links),
      description: plainText(feed.description, MAX_DESCRIPTION_CHARS) || null,
      language: line(feed.language ?? '', 100) || null,
      author: namesOf(feed.authors),
      updated: firstDate(feed.updated),
      icon: links.first(feed.icons),
      image: links.first(feed.images),
      refreshAfterMs: refreshAfter(feed.ttlMinutes, feed.updatePeriod, feed.updateFrequency),
      skipHours: hoursOf(feed.skipHours),
      entries: firstEntries(entries),
      total: entries.length,
    },
    entriesJson: jsonArray(entries),
  };
}

/** Entry by entry: one string of all would be a second copy of the largest thing here. */
function jsonArray(entries: readonly FeedEntry[]): Uint8Array {
  const parts = entries.map((entry, i) => Buffer.from(`${i === 0 ? '' : ',\n'}${JSON.stringify(entry)}`));
  return Buffer.concat([Buffer.from('['), ...parts, Buffer.from(']\n')]);
}
