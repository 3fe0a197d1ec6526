import { z } from 'zod';
import { defineTask } from './define-task.js';
import { httpUrl } from './source.js';

const enclosure = z.strictObject({
  url: z.string(),
  type: z.string().nullable(),
  bytes: z.int().nullable(),
});

const transcript = z.strictObject({
  url: z.string(),
  type: z.string().nullable(),
  language: z.string().nullable(),
});

const utc = z.iso.datetime().nullable();

export const feedEntry = z
  .strictObject({
    id: z.string().describe('GUID, else URL, else a hash; unique within the feed'),
    title: z.string().describe('Plain text'),
    link: z.string().nullable(),
    author: z.string().nullable().describe('Several are joined by commas'),
    published: utc.describe('UTC; null when the feed does not say or is not readable'),
    updated: utc,
    summary: z.string().nullable().describe('Plain text, when the feed has one beside the content'),
    html: z.string().describe('Sanitised HTML'),
    image: z.string().nullable().describe('The lead image: named by the feed, else the first of the content'),
    categories: z.array(z.string()),
    enclosures: z.array(enclosure),
    durationMs: z.int().nullable().describe('Of the first sound or film'),
    commentsUrl: z.string().nullable(),
    commentCount: z.int().nullable(),
    season: z.int().nullable(),
    episode: z.int().nullable(),
    chaptersUrl: z.string().nullable(),
    transcripts: z.array(transcript),
  })
  .meta({ id: 'FeedEntry' });

export type FeedEntry = z.output<typeof feedEntry>;

/** Entries in the result; all of them are in the file `entries.json`. */
export const ENTRIES_IN_RESULT = 50;

/** A page that links to more feeds than this is no page that a person subscribes from. */
export const MAX_FOUND_FEEDS = 100;

export const feedFetch = defineTask({
  type: 'feed.fetch',
  summary:
    'Fetches a feed (RSS, Atom or JSON Feed), or the feed of a web page, and returns its facts and newest entries.',
  input: z.strictObject({ url: httpUrl.describe('The feed, or a web page that links to it') }),
  result: z.strictObject({
    format: z
      .enum(['rss', 'atom', 'rdf', 'json', 'cdf', 'html'])
      .describe('html: a web page that links to several feeds; see `found`'),
    recovered: z.boolean().describe('The feed was ill-formed; what could be read was'),
    url: z.string().describe('Where it was found, after redirects'),
    title: z.string(),
    link: z.string().nullable().describe("The site's page"),
    description: z.string().nullable(),
    language: z.string().nullable(),
    author: z.string().nullable(),
    updated: utc.describe('As the feed says; UTC'),
    icon: z.string().nullable().describe('Small and square'),
    image: z.string().nullable().describe('Logo or cover'),
    refreshAfterMs: z
      .int()
      .nullable()
      .describe('How long the feed asks to be left alone (ttl, sy:updatePeriod)'),
    skipHours: z.array(z.int().min(0).max(23)).describe('Hours of the day, UTC, in which it is not updated'),
    entries: z.array(feedEntry).max(ENTRIES_IN_RESULT).describe('The first 50, in the order of the feed'),
    total: z.int().describe('Entries in all; they are in the file entries.json'),
    found: z
      .array(z.strictObject({ url: z.string(), title: z.string().nullable(), type: z.string().nullable() }))
      .max(MAX_FOUND_FEEDS)
      .describe('The feeds of a web page that has several: fetch one of them. Else empty'),
  }),
  timeoutMs: 30_000,
  maxAttempts: 5,
  backoff: { baseMs: 5_000, maxMs: 300_000 },
  // A fetch waits for its origin and does little else: 500 origins that hang must not keep the others waiting.
  concurrency: 600,
  example: { url: 'https://www.debian.org/News/news' },
});
