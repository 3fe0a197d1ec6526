import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { entry, entrySummary } from './feed-entry-resource.js';
import { manyMarking, marking, readThrough, readThroughTag } from './feed-entries.js';
import { entryImages } from './feed-images.js';
import { feedTag } from './feed-resource.js';
import {
  body,
  bodyProblems,
  bytes,
  json,
  pageAnswers,
  pageParams,
  problemAnswers,
} from './openapi-answers.js';
import { feedId } from './openapi-feeds.js';

const ENTRIES = { tags: ['Entries'] };

const entryId = z.object({ entry: z.uuid() });

const filters = {
  unread: z.boolean().optional(),
  starred: z.boolean().optional(),
  q: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Words that stand in title, author, categories or the first words, in any order and case'),
  ...pageParams,
};

const PAGES =
  'Newest first. No index knows what is read and what a text has in it: a page may be short, even empty, and still ' +
  'have a `next`.';

const reading = z.object({
  feeds: z.int(),
  before: z.iso.datetime().describe('Entries first seen by then are read'),
});

const readAll = {
  ...body(readThrough, false),
  responses: {
    '200': { description: 'Done', content: json(reading) },
    ...problemAnswers(...bodyProblems),
  },
};

const lists: ZodOpenApiPathsObject = {
  '/v1/feeds/{id}/entries': {
    get: {
      operationId: 'listFeedEntries',
      ...ENTRIES,
      summary: 'Lists the entries of a feed',
      description: PAGES,
      requestParams: { path: feedId, query: z.object(filters) },
      responses: pageAnswers(entrySummary, 'feed-not-found'),
    },
  },
  '/v1/feeds/{id}/read': {
    post: {
      operationId: 'markFeedRead',
      ...ENTRIES,
      summary: 'Marks what is there of a feed as read',
      requestParams: { path: feedId },
      ...readAll,
      responses: { ...readAll.responses, ...problemAnswers(...bodyProblems, 'feed-not-found') },
    },
  },
  '/v1/entries': {
    get: {
      operationId: 'listEntries',
      ...ENTRIES,
      summary: 'Lists the entries of all your feeds, or of those with a tag',
      description: PAGES,
      requestParams: { query: z.object({ ...filters, tag: feedTag.optional() }) },
      responses: pageAnswers(entrySummary),
    },
  },
  '/v1/entries/read': {
    post: {
      operationId: 'markAllRead',
      ...ENTRIES,
      summary: 'Marks what is there as read, of all feeds or of those with a tag',
      ...readAll,
      ...body(readThroughTag, false),
    },
  },
  '/v1/entries/marks': {
    post: {
      operationId: 'markEntries',
      ...ENTRIES,
      summary: 'Marks many entries as read, unread, starred or not',
      ...body(manyMarking),
      responses: {
        '200': {
          description: 'Done',
          content: json(
            z.object({ marked: z.int(), unknown: z.array(z.uuid()).describe('Not there, or not yours') }),
          ),
        },
        ...problemAnswers(...bodyProblems, 'too-many-starred'),
      },
    },
  },
};

const imageAnswers = {
  '200': { description: 'WebP', content: bytes },
  '304': { description: 'Nothing has changed' },
  ...problemAnswers('entry-not-found', 'image-not-found', 'image-not-ready', 'image-unavailable'),
};

const oneEntry: ZodOpenApiPathsObject = {
  '/v1/entries/{entry}': {
    get: {
      operationId: 'getEntry',
      ...ENTRIES,
      summary: 'Shows an entry with its text',
      requestParams: { path: entryId },
      responses: {
        '200': { description: 'The entry', content: json(entry) },
        ...problemAnswers('entry-not-found'),
      },
    },
    patch: {
      operationId: 'markEntry',
      ...ENTRIES,
      summary: 'Marks an entry as read, unread, starred or not',
      requestParams: { path: entryId },
      ...body(marking),
      responses: {
        '200': { description: 'The entry', content: json(entrySummary) },
        ...problemAnswers(...bodyProblems, 'entry-not-found', 'too-many-starred'),
      },
    },
  },
  '/v1/entries/{entry}/thumbnail': {
    get: {
      operationId: 'getEntryThumbnail',
      ...ENTRIES,
      summary: 'The lead image of an entry, 320 by 180 pixels',
      requestParams: { path: entryId },
      responses: imageAnswers,
    },
  },
  '/v1/entries/{entry}/images': {
    post: {
      operationId: 'fetchEntryImages',
      ...ENTRIES,
      summary: 'Has the images of an entry fetched, when a reader opens it',
      description:
        'Tasks fetch them and make them small, once for all readers; asked again, it says how far they are.',
      requestParams: { path: entryId },
      responses: {
        '200': { description: 'All of them are there, or cannot be had', content: json(entryImages) },
        '202': { description: 'They are being fetched', content: json(entryImages) },
        ...problemAnswers('entry-not-found', 'quota-exceeded', 'cross-site'),
      },
    },
  },
  '/v1/entries/{entry}/images/{image}': {
    get: {
      operationId: 'getEntryImage',
      ...ENTRIES,
      summary: 'An image of an entry, at most 1,200 pixels wide',
      requestParams: { path: entryId.extend({ image: z.string() }) },
      responses: imageAnswers,
    },
  },
};

export const entryPaths: ZodOpenApiPathsObject = { ...lists, ...oneEntry };
