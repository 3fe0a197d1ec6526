import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { opmlImport } from './feed-opml.js';
import { feed, feedPatchShown, feedTag, newFeedShown } from './feed-resource.js';
import {
  body,
  bodyProblems,
  bytes,
  headers,
  json,
  pageAnswers,
  pageParams,
  problemAnswers,
} from './openapi-answers.js';
import { task } from './openapi-tasks.js';

const FEEDS = { tags: ['Feeds'] };

export const feedId = z.object({ id: z.uuid() });
const subscribed = (description: string) => ({
  description,
  headers: z.object({ Location: headers.location }),
  content: json(feed),
});

const shown = { '200': { description: 'The feed', content: json(feed) } };

const feedsPath: ZodOpenApiPathsObject = {
  '/v1/feeds': {
    post: {
      operationId: 'subscribe',
      ...FEEDS,
      summary: 'Subscribes to a feed',
      description:
        'Nothing is fetched in the request: `task` names the task that does it. A feed is fetched once for all who ' +
        'subscribe to it. The same URL again is the same subscription, so repeating is safe.',
      ...body(newFeedShown),
      responses: {
        '200': subscribed('You subscribe to it already'),
        '201': subscribed('Subscribed; the feed is known and up to date'),
        '202': subscribed('Subscribed; a task fetches the feed'),
        ...problemAnswers(...bodyProblems, 'too-many-feeds', 'feed-busy', 'quota-exceeded'),
      },
    },
    get: {
      operationId: 'listFeeds',
      ...FEEDS,
      summary: 'Lists subscriptions with what is unread, newest first',
      requestParams: { query: z.object({ tag: feedTag.optional(), ...pageParams }) },
      responses: pageAnswers(feed),
    },
  },
  '/v1/feeds/opml': {
    get: {
      operationId: 'exportOpml',
      ...FEEDS,
      summary: 'All subscriptions as OPML 2.0',
      responses: {
        '200': { description: 'The document', content: { 'text/x-opml': { schema: z.string() } } },
        ...problemAnswers(),
      },
    },
    post: {
      operationId: 'importOpml',
      ...FEEDS,
      summary: 'Subscribes to all feeds of an OPML document',
      description:
        'Up to 10,000 feeds in 8 MiB, ill-formed documents as far as they go. Folders become tags. The feeds are ' +
        'fetched in the bulk lane. Repeating is safe.',
      requestBody: {
        required: true,
        content: {
          'text/x-opml': { schema: z.string() },
          'text/xml': { schema: z.string() },
          'application/xml': { schema: z.string() },
        },
      },
      responses: {
        '200': { description: 'Imported', content: json(opmlImport) },
        ...problemAnswers(
          'invalid-opml',
          'cross-site',
          'malformed-request',
          'too-large',
          'wrong-content-type',
          'too-many-feeds',
          'feed-busy',
        ),
      },
    },
  },
};

const oneFeed: ZodOpenApiPathsObject = {
  '/v1/feeds/{id}': {
    get: {
      operationId: 'getFeed',
      ...FEEDS,
      summary: 'Shows a subscription',
      requestParams: { path: feedId },
      responses: { ...shown, ...problemAnswers('feed-not-found') },
    },
    patch: {
      operationId: 'changeFeed',
      ...FEEDS,
      summary: 'Changes a subscription',
      description: 'What is absent stays; null takes an optional field away.',
      requestParams: { path: feedId },
      ...body(feedPatchShown),
      responses: {
        ...shown,
        ...problemAnswers(...bodyProblems, 'feed-not-found', 'feed-exists', 'feed-busy', 'quota-exceeded'),
      },
    },
    delete: {
      operationId: 'unsubscribe',
      ...FEEDS,
      summary: 'Unsubscribes; what you have marked goes with it',
      requestParams: { path: feedId },
      responses: { '204': { description: 'Done' }, ...problemAnswers('feed-not-found', 'cross-site') },
    },
  },
  '/v1/feeds/{id}/refresh': {
    post: {
      operationId: 'refreshFeed',
      ...FEEDS,
      summary: 'Has a feed fetched now',
      description: 'Asked again while that task has not ended, it is the same task.',
      requestParams: { path: feedId },
      responses: {
        '202': {
          description: 'Accepted',
          headers: z.object({ Location: headers.location, 'Retry-After': headers.retryAfter.optional() }),
          content: json(task),
        },
        ...problemAnswers('feed-not-found', 'quota-exceeded', 'cross-site'),
      },
    },
  },
  '/v1/feeds/{id}/icon': {
    get: {
      operationId: 'getFeedIcon',
      ...FEEDS,
      summary: 'An image of the site, 64 pixels at most',
      requestParams: { path: feedId },
      responses: {
        '200': { description: 'WebP', content: bytes },
        '304': { description: 'Nothing has changed' },
        ...problemAnswers('feed-not-found', 'image-not-found', 'image-not-ready', 'image-unavailable'),
      },
    },
  },
};

export const feedPaths: ZodOpenApiPathsObject = { ...feedsPath, ...oneFeed };
