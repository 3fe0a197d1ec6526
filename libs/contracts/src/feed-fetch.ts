import { z } from 'zod';
import { defineTask } from './define-task.js';
import { httpUrl } from './source.js';

const enclosure = z.strictObject({
  url: z.string(),
  type: z.string().nullable(),
  bytes: z.int().nullable(),
});

export const feedEntry = z
  .strictObject({
    id: z.string().describe('GUID, else URL, else a hash of the content'),
    title: z.string().describe('Plain text'),
    link: z.string().nullable(),
    author: z.string().nullable(),
    published: z.iso
      .datetime()
      .nullable()
      .describe('UTC; null when the feed does not say or is not readable'),
    updated: z.iso.datetime().nullable(),
    html: z.string().describe('Sanitised HTML'),
    enclosures: z.array(enclosure),
  })
  .meta({ id: 'FeedEntry' });

export type FeedEntry = z.output<typeof feedEntry>;

/** Entries in the result; all of them are in the file `entries.json`. */
export const ENTRIES_IN_RESULT = 50;

export const feedFetch = defineTask({
  type: 'feed.fetch',
  summary: 'Fetches a feed (RSS, Atom or JSON Feed) and returns its facts and newest entries.',
  input: z.strictObject({ url: httpUrl.describe('The feed') }),
  result: z.strictObject({
    format: z.enum(['rss', 'atom', 'rdf', 'json']),
    recovered: z.boolean().describe('The XML was ill-formed; what could be read was'),
    url: z.string().describe('Where it was found, after redirects'),
    title: z.string(),
    link: z.string().nullable().describe("The site's page"),
    description: z.string().nullable(),
    language: z.string().nullable(),
    entries: z.array(feedEntry).max(ENTRIES_IN_RESULT).describe('The first 50, in the order of the feed'),
    total: z.int().describe('Entries in all; they are in the file entries.json'),
  }),
  timeoutMs: 30_000,
  maxAttempts: 4,
  backoff: { baseMs: 2_000, maxMs: 300_000 },
  // A fetch waits for its origin and does little else: 500 origins that hang must not keep the others waiting.
  concurrency: 600,
  example: { url: 'https://www.debian.org/News/news' },
});
