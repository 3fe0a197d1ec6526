import { createHash } from 'node:crypto';
import { z } from 'zod';
import { feedEntry } from '@offload/contracts/feed-fetch';
import type { EntryRecord, ListedEntry } from '@offload/store/entries-record';
import type { MarkRecord, SubscriptionRecord } from '@offload/store/feed-record';

const time = z.iso.datetime().describe('RFC 3339, UTC');

const { id: _identity, html: _html, image: _image, ...facts } = feedEntry.shape;

export const entrySummary = z
  .object({
    id: z.uuid(),
    feed: z.uuid().describe('Your subscription'),
    guid: z.string().describe('Its identity in the feed: GUID, else URL, else a hash'),
    ...facts,
    excerpt: z.string().describe('The first words, plain text'),
    seenAt: time.describe('When it was first found in the feed'),
    changedAt: time.describe('When it was last edited'),
    read: z.boolean(),
    starred: z.boolean(),
    links: z.object({
      self: z.string(),
      thumbnail: z.string().nullable().describe('Its lead image, made small, once that was fetched'),
    }),
  })
  .meta({ id: 'FeedEntrySummary' });

/** An entry with its text. */
export const entry = entrySummary
  .extend({
    html: z
      .string()
      .describe(
        'Sanitised; its images point to this server, where they are once POST …/images has had them fetched',
      ),
    images: z.int().describe('How many images it has'),
  })
  .meta({ id: 'SubscribedFeedEntry' });

export type EntrySummary = z.output<typeof entrySummary>;

export const entryPath = (id: string): string => `/v1/entries/${id}`;

/** What an entry is to one owner. */
export interface Reader {
  subscription: SubscriptionRecord;
  mark: MarkRecord | undefined;
  addressOf: (path: string) => string;
}

/** As marked, else by the time up to which its owner has read everything. */
export const isRead = (
  { seenAt }: Pick<ListedEntry, 'seenAt'>,
  { subscription: { readThrough }, mark }: Pick<Reader, 'subscription' | 'mark'>,
): boolean => mark?.read ?? (readThrough !== undefined && seenAt <= readThrough);

export function entrySummaryOf(record: ListedEntry, reader: Reader): EntrySummary {
  const { _id: id, excerpt, seenAt, changedAt } = record;
  // Stored by older versions, it may lack what later ones know.
  const { id: guid, image, ...known } = { ...NOTHING, ...record.entry };
  return {
    id,
    feed: reader.subscription._id,
    guid,
    ...known,
    excerpt,
    seenAt: seenAt.toISOString(),
    changedAt: changedAt.toISOString(),
    read: isRead(record, reader),
    starred: reader.mark?.starred ?? false,
    links: {
      self: entryPath(id),
      thumbnail: image === null ? null : reader.addressOf(`${entryPath(id)}/thumbnail`),
    },
  };
}

const NOTHING = {
  author: null,
  summary: null,
  image: null,
  categories: [],
  enclosures: [],
  durationMs: null,
  commentsUrl: null,
  commentCount: null,
  season: null,
  episode: null,
  chaptersUrl: null,
  transcripts: [],
} satisfies Partial<EntryRecord['entry']>;

export function entryOf(record: EntryRecord, reader: Reader): z.output<typeof entry> {
  const images = imagesOf(record.html);
  const path = `${entryPath(record._id)}/images`;
  const html = rewriteImages(record.html, (url) => reader.addressOf(`${path}/${imageId(url)}`));
  return { ...entrySummaryOf(record, reader), html, images: images.length };
}

/** Names an image of an entry in a path: of its URL, so that an edit of the entry leaves it the same. */
export const imageId = (url: string): string => createHash('sha256').update(url).digest('hex').slice(0, 20);

/** An entry may have thousands; more than these are not fetched. */
export const MOST_IMAGES = 100;

/** The images in the text of an entry, each once, by URL. */
export function imagesOf(html: string): string[] {
  const found = new Set<string>();
  rewriteImages(html, (url) => {
    if (found.size < MOST_IMAGES) found.add(url);
    return url;
  });
  return [...found];
}

/**
 * The sanitiser has written this HTML: its attributes stand in double quotes, with `<`, `>`, `&` and `"` escaped, so
 * that a tag ends at the first `>`.
 */
const TAG = /<(?:img|video)\b[^>]*>/g;
const ADDRESS = /( (?:src|poster)=")([^"]*)(")/g;

function rewriteImages(html: string, addressOf: (url: string) => string): string {
  return html.replace(TAG, (tag) =>
    tag.replace(ADDRESS, (whole, before: string, url: string, after: string) => {
      // The film itself is the reader's to start.
      if (tag.startsWith('<video') && before.startsWith(' src')) return whole;
      return `${before}${escaped(addressOf(unescaped(url)))}${after}`;
    }),
  );
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const unescaped = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
