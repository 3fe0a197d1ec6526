import { z } from 'zod';
import {
  createDocument,
  type CreateDocumentOptions,
  type oas31,
  type ZodOpenApiContentObject,
  type ZodOpenApiPathItemObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { answersOf, headers, json } from './openapi-answers.js';
import { batchPaths } from './openapi-batches.js';
import { entryPaths } from './openapi-entries.js';
import { feedPaths } from './openapi-feeds.js';
import { withExamples } from './openapi-examples.js';
import { filePaths } from './openapi-files.js';
import { withConventions } from './openapi-conventions.js';
import { withCommonHeaders } from './openapi-headers.js';
import { roleNeeded } from './access.js';
import { keyPaths } from './openapi-keys.js';
import { operatePaths } from './openapi-operate.js';
import { withMeanings } from './openapi-parameters.js';
import { schedulePaths } from './openapi-schedules.js';
import { statsPaths } from './openapi-stats.js';
import { streamPaths } from './openapi-streams.js';
import { taskPaths } from './openapi-tasks.js';
import { webhookPaths, webhooksSent } from './openapi-webhooks.js';
import { workerPaths } from './openapi-workers.js';

/** The version of the API; it stands in the path, too. */
const VERSION = '1.0.0';

const ready = z.object({
  ready: z.boolean(),
  checks: z.object({
    database: z.boolean(),
    broker: z.boolean().describe('Shown; false does not make it unready'),
  }),
});

/** On a server that only its own machine reaches, also what needs no key is for its own pages alone. */
const hostProblems = answersOf('wrong-host');
const unchanged = { '304': { description: 'Nothing has changed: If-None-Match names its ETag' } };

const shows = (summary: string, content: ZodOpenApiContentObject) => ({
  tags: ['Service'],
  summary,
  responses: { '200': { description: summary, content }, ...unchanged, ...hostProblems },
});

const servicePaths: ZodOpenApiPathsObject = {
  '/healthz': {
    get: {
      operationId: 'getHealth',
      ...shows('The process is alive', json(z.object({ alive: z.literal(true) }))),
    },
  },
  '/readyz': {
    get: {
      operationId: 'getReadiness',
      tags: ['Service'],
      summary: 'Whether requests can be served',
      description:
        'Needs the database only: without the broker, tasks are accepted and published when it is back.',
      responses: {
        '200': { description: 'They can', content: json(ready) },
        ...unchanged,
        '503': { description: 'They cannot', content: json(ready) },
        ...hostProblems,
      },
    },
  },
  '/openapi.json': {
    get: { operationId: 'getOpenApi', ...shows('This document', json(z.looseObject({}))) },
  },
  '/asyncapi.json': {
    get: {
      operationId: 'getAsyncApi',
      ...shows('Exchanges, queues and messages, as AsyncAPI 3', json(z.looseObject({}))),
    },
  },
  '/docs': {
    get: { operationId: 'getDocs', ...shows('This document, to be read and tried', { 'text/html': {} }) },
  },
  '/docs/problems': {
    get: {
      operationId: 'getProblems',
      deprecated: true,
      tags: ['Service'],
      summary: 'What /docs/errors was called before',
      responses: {
        '308': {
          description: 'To /docs/errors',
          headers: z.object({ Location: headers.location }),
          content: { 'text/plain': {}, 'text/html': {} },
        },
        ...hostProblems,
      },
    },
  },
  '/docs/errors': {
    get: { operationId: 'getErrors', ...shows('Every error, by its code', { 'text/html': {} }) },
  },
};

/** zod's patterns and bounds that only repeat what format and type say already. */
const override: CreateDocumentOptions['override'] = ({ jsonSchema }) => {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
};

/** The operations of all; those of one path may stand in several. */
function merged(...all: ZodOpenApiPathsObject[]): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const each of all)
    for (const [path, item] of Object.entries(each)) paths[path] = { ...paths[path], ...secured(path, item) };
  return paths;
}

/** Each operation with the role that it needs (access.ts). */
function secured(path: string, item: ZodOpenApiPathItemObject): ZodOpenApiPathItemObject {
  const entries = Object.entries(item as Record<string, object>).map(([method, operation]) => {
    const role = roleNeeded(method, path);
    const security = /\/(files\/\{name\}|content|icon|thumbnail|images\/\{image\})$/.test(path)
      ? [{ key: [] }, { link: [] }]
      : [{ key: [] }];
    return [method, role === null ? operation : { ...operation, 'x-role': role, security }];
  });
  return Object.fromEntries(entries) as ZodOpenApiPathItemObject;
}

/** The OpenAPI 3.1 document, made from the contracts. */
export const openApiDocument = (): oas31.OpenAPIObject =>
  [withConventions, withCommonHeaders, withMeanings, withExamples].reduce(
    (document, add) => add(document),
    described(),
  );

function described(): oas31.OpenAPIObject {
  return createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'Offload',
        version: VERSION,
        description:
          'Background tasks over HTTP: POST a task, get a 202 in milliseconds, and the result when it is done. ' +
          'Every error is application/problem+json (RFC 9457). Times are RFC 3339 in UTC.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      tags: [
        { name: 'Tasks', description: 'What is to be done, and what came of it' },
        { name: 'Schedules', description: 'What is to be done again and again' },
        { name: 'Feeds', description: 'Subscriptions, refreshed for all who read them' },
        { name: 'Entries', description: 'What is in the feeds, and what you have read of it' },
        { name: 'Batches', description: 'Many tasks, accepted together' },
        { name: 'Files', description: 'What goes in and what comes out' },
        { name: 'Webhooks', description: 'Being told of the ends of tasks and batches by signed requests' },
        { name: 'Keys', description: 'Who may ask, and for what; needs the role admin' },
        { name: 'Operations', description: 'For those who run the system' },
        { name: 'Service', description: 'About this server' },
      ],
      paths: merged(
        taskPaths,
        operatePaths,
        schedulePaths,
        feedPaths,
        entryPaths,
        batchPaths,
        filePaths,
        streamPaths,
        keyPaths,
        webhookPaths,
        workerPaths,
        statsPaths,
        servicePaths,
      ),
      webhooks: webhooksSent,
      components: {
        securitySchemes: {
          key: {
            type: 'http',
            scheme: 'bearer',
            description:
              'A key, ofl_…; none is needed on a development server that only its own machine reaches',
          },
          link: {
            type: 'apiKey',
            in: 'query',
            name: 'link',
            description: 'Part of the addresses of files that are shown to one with a key; works for an hour',
          },
        },
      },
    },
    { override },
  );
}
