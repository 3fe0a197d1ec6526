import { TaskError } from '@offload/contracts/errors';
import type { Outbound, OutboundResponse } from '@offload/outbound/outbound';
import { statusError } from '@offload/outbound/status-error';
import { freshFor } from './fresh-for.js';
import type { FoundFeed, PageReading } from './page-links.js';
import type { ParseThreads } from './parse-threads.js';
import { readDocument, type DocumentReading } from './read-document.js';
import type { FeedReading } from './read-feed.js';
import { notAFeed } from './refuse.js';

/** What an origin said of a version of a feed, byte for byte. It holds for this URL and no other. */
export interface Validators {
  url: string;
  etag: string | null;
  lastModified: string | null;
}

export type FetchedFeed =
  | {
      kind: 'feed';
      /** Where it was found, after redirects. */
      url: string;
      /** Where it has moved for good: after the leading 301 and 308 redirects only. */
      permanentUrl: string;
      validators: Validators | null;
      /** How long the origin says that it stays the same, in milliseconds; null when it does not say. */
      freshForMs: number | null;
      reading: FeedReading;
    }
  | { kind: 'not-modified'; url: string; permanentUrl: string; freshForMs: number | null }
  | {
      /** A web page that links to several feeds. */
      kind: 'found';
      url: string;
      title: string;
      feeds: FoundFeed[];
    };

export interface FetchFeedOptions {
  outbound: Pick<Outbound, 'fetch'>;
  /**
   * Where feeds are parsed: small ones too, since 64 KiB made for it kept the parsers busy for half a minute, and
   * that long nothing else of the process would run. Without it, on the caller's thread: for tests.
   */
  threads?: Pick<ParseThreads, 'read'>;
  /** Of the version that is known: `not-modified` when it is still that. */
  validators?: Validators;
  signal: AbortSignal;
  /** Limit of all downloads together in milliseconds; 20,000 by default. */
  deadlineMs?: number;
  /** Whether a web page is searched for its feed; true by default. */
  discover?: boolean;
  /** Called when the first document has come, before it is parsed. */
  onFetched?: () => void;
}

/** Decoded. */
const MAX_FEED_BYTES = 15 * 1024 * 1024;

/** URLs that a page only may have its feed at are asked up to so many. */
const MAX_GUESSES = 10;
/** A place where a feed may be is waited for no longer than this, in milliseconds. */
const GUESS_MS = 5_000;

const ACCEPT =
  'application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.7, */*;q=0.5';

/**
 * Fetches and reads the feed at a URL, or the one feed of the web page at it. Errors (TaskError): those of
 * `createOutbound`, `http-<status>` (with Retry-After as `retry`), `not-a-feed`, `too-complex`.
 */
export function fetchFeed(
  url: string,
  options: FetchFeedOptions & { validators?: undefined },
): Promise<Exclude<FetchedFeed, { kind: 'not-modified' }>>;
export function fetchFeed(url: string, options: FetchFeedOptions): Promise<FetchedFeed>;
export function fetchFeed(url: string, options: FetchFeedOptions): Promise<FetchedFeed> {
  return new FeedSearch(options).fetch(url);
}

/** One call of fetchFeed: a feed, or a page and the feeds that it leads to, under one deadline. */
class FeedSearch {
  readonly #options: FetchFeedOptions;
  readonly #endsAt: number;

  constructor(options: FetchFeedOptions) {
    this.#options = options;
    this.#endsAt = performance.now() + (options.deadlineMs ?? 20_000);
  }

  async fetch(url: string): Promise<FetchedFeed> {
    const response = await this.#get(url);
    const known = this.#asKnown(response, url);
    if (known) return known;
    const document = await this.#read(response, this.#options.onFetched);
    if (document.kind === 'feed') return this.#feed(document.reading, response, url);
    if (this.#options.discover === false) throw aWebPage();
    return this.#search(document.page, response.url);
  }

  async #search({ title, feeds, guesses }: PageReading, pageUrl: string): Promise<FetchedFeed> {
    const [only] = feeds;
    if (feeds.length > 1) return { kind: 'found', url: pageUrl, title, feeds };
    if (only) return this.#linked(only.url);
    for (const guess of guesses.slice(0, MAX_GUESSES)) {
      const found = await this.#linked(guess, GUESS_MS).catch((error: unknown) => {
        this.#options.signal.throwIfAborted();
        // A guess that was wrong is no failure, unless the host wants to be left alone or the time is over.
        const isWrong = error instanceof TaskError && !(error.retry instanceof Date) && this.#leftMs() > 1;
        if (isWrong) return null;
        throw error;
      });
      if (found) return found;
    }
    throw aWebPage();
  }

  async #linked(url: string, limitMs = Infinity): Promise<FetchedFeed> {
    // The page was fetched already: waiting a little for the host's turn is better than fetching it again.
    const response = await this.#get(url, {
      deadlineMs: Math.min(this.#leftMs(), limitMs),
      patienceMs: this.#leftMs(),
    });
    const known = this.#asKnown(response, url);
    if (known) return known;
    const document = await this.#read(response);
    if (document.kind === 'page') throw notAFeed(`the page links to ${response.url}, which is a web page.`);
    return this.#feed(document.reading, response, url);
  }

  #leftMs(): number {
    return Math.max(1, this.#endsAt - performance.now());
  }

  #get(
    url: string,
    limits: { deadlineMs: number; patienceMs?: number } = { deadlineMs: this.#leftMs() },
  ): Promise<OutboundResponse> {
    const { outbound, signal, validators } = this.#options;
    return outbound.fetch(url, {
      headers: { accept: ACCEPT },
      headersFor: (hop) => (hop === validators?.url ? conditionsOf(validators) : {}),
      signal,
      maxBytes: MAX_FEED_BYTES,
      ...limits,
    });
  }

  /** An answer that it is as it was; from another place than that of the validators it would mean nothing. */
  #asKnown(response: OutboundResponse, asked: string): FetchedFeed | null {
    if (response.status !== 304 || this.#options.validators?.url !== response.url) return null;
    response.body.destroy();
    return { kind: 'not-modified', ...placeOf(response, asked) };
  }

  async #read(response: OutboundResponse, onFetched?: () => void): Promise<DocumentReading> {
    if (response.status < 200 || response.status > 299) throw statusError(response);
    const bytes = await response.bytes();
    onFetched?.();
    const { threads, signal } = this.#options;
    const given = { bytes, contentType: response.headers['content-type'], url: response.url };
    return threads ? threads.read(given, signal) : readDocument(given);
  }

  #feed(reading: FeedReading, response: OutboundResponse, asked: string): FetchedFeed {
    const etag = response.headers.etag || null;
    const lastModified = response.headers['last-modified'] || null;
    const validators =
      etag === null && lastModified === null ? null : { url: response.url, etag, lastModified };
    return { kind: 'feed', ...placeOf(response, asked), validators, reading };
  }
}

const aWebPage = (): TaskError =>
  notAFeed(
    'it is a web page, and no feed (RSS, Atom or JSON Feed) was found from it. Give the URL of its feed.',
  );

/** RFC 9110, section 13.1: sent as they came, quotes, `W/` and all: servers compare them as bytes. */
function conditionsOf({ etag, lastModified }: Validators): Record<string, string> {
  return {
    ...(etag === null ? {} : { 'if-none-match': etag }),
    ...(lastModified === null ? {} : { 'if-modified-since': lastModified }),
  };
}

function placeOf(
  response: OutboundResponse,
  asked: string,
): { url: string; permanentUrl: string; freshForMs: number | null } {
  const temporary = response.redirects.findIndex(({ status }) => status !== 301 && status !== 308);
  const permanent = temporary === -1 ? response.redirects : response.redirects.slice(0, temporary);
  return {
    url: response.url,
    permanentUrl: permanent.at(-1)?.to ?? new URL(asked).href,
    freshForMs: freshFor(response.headers),
  };
}
