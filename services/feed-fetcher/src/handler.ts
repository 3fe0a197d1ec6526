import type { feedFetch } from '@offload/contracts/feed-fetch';
import type { Outbound } from '@offload/outbound/outbound';
import { statusError } from '@offload/outbound/status-error';
import type { Handler } from '@offload/worker/handler';
import type { ParseThreads } from './parse-threads.js';
import { readFeed, type FeedBytes, type FeedReading } from './read-feed.js';

export interface FeedHandlerOptions {
  outbound: Pick<Outbound, 'fetch'>;
  /**
   * Where feeds are parsed: small ones too, since 64 KiB made for it kept the parsers busy for half a minute, and
   * that long nothing else of the process would run. Without it, on the caller's thread: for tests.
   */
  threads?: Pick<ParseThreads, 'read'>;
  /** Limit of the whole download in milliseconds; 20,000 by default. */
  deadlineMs?: number;
}

/** Decoded. */
const MAX_FEED_BYTES = 15 * 1024 * 1024;

const ACCEPT =
  'application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5';

/**
 * feed.fetch: fetches the URL, reads the feed, stores all its entries as `entries.json`. Errors: those of
 * `createOutbound`, `http-<status>`, `not-a-feed`, `too-complex`.
 */
export function createFeedHandler({
  outbound,
  threads,
  deadlineMs = 20_000,
}: FeedHandlerOptions): Handler<typeof feedFetch> {
  const parse = (feed: FeedBytes, signal: AbortSignal): Promise<FeedReading> =>
    threads ? threads.read(feed, signal) : readFeed(feed);

  return async (input, context) => {
    const { signal } = context;
    context.progress(0, 3, 'fetching');
    const response = await outbound.fetch(input.url, {
      headers: { accept: ACCEPT },
      signal,
      deadlineMs,
      maxBytes: MAX_FEED_BYTES,
    });
    if (response.status < 200 || response.status > 299) throw statusError(response);
    const bytes = await response.bytes();

    context.progress(1, 3, 'parsing');
    const contentType = response.headers['content-type'];
    const { result, entriesJson } = await parse({ bytes, contentType, url: response.url }, signal);

    context.progress(2, 3, 'storing');
    await context.files.save('entries.json', 'application/json', Buffer.from(entriesJson));
    context.progress(3, 3, null);
    return { ...result, url: response.url };
  };
}
