import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { batchCallback } from '@offload/contracts/webhook-event';
import { batch, batchSummary } from './batch-resource.js';
import { BATCH_LIMITS, ref } from './check-batch.js';
import {
  body,
  headers,
  json,
  jsonProblems,
  pageAnswers,
  pageParams,
  problemAnswers,
} from './openapi-answers.js';
import { idempotencyKey, prefer } from './openapi-tasks.js';
import { LIMITS_OF_OPTIONS, tag } from './task-options.js';

const newBatch = z
  .strictObject({
    tasks: z
      .array(z.looseObject({ ref: ref.optional(), type: z.string() }))
      .min(1)
      .max(BATCH_LIMITS.tasks)
      .describe('Each as for POST /v1/tasks, with a `ref` if others of the batch name it'),
    tags: z
      .array(tag)
      .max(LIMITS_OF_OPTIONS.tags)
      .optional()
      .describe('Of the batch and of each of its tasks'),
    callback: batchCallback.optional().describe('Who is told when all of them have ended'),
  })
  .meta({
    id: 'NewBatch',
    examples: [
      {
        tasks: [
          {
            ref: 'thumbs',
            type: 'image.resize',
            input: {
              source: { url: 'https://example.com/photo.jpg' },
              variants: [{ name: 'small.webp', width: 64 }],
            },
          },
          {
            ref: 'up',
            type: 's3.upload',
            input: { source: { task: '#thumbs', file: 'small.webp' }, bucket: 'offload', key: 'small.webp' },
          },
          { type: 'system.echo', input: { message: { task: '#up', pointer: '/etag' } }, after: ['#thumbs'] },
        ],
      },
    ],
  });

const batchId = z.object({ id: z.uuid() });
const one = (description: string) => ({ description, content: json(batch) });

export const batchPaths: ZodOpenApiPathsObject = {
  '/v1/batches': {
    post: {
      operationId: 'createBatch',
      tags: ['Batches'],
      summary: `Has up to ${BATCH_LIMITS.tasks} tasks done: all are accepted, or none`,
      description:
        'Tasks of the batch name each other by `#ref`: in `after`, in a source `{task, file}` and in a reference ' +
        '`{task, pointer}`. They may not wait for each other in a circle. After a 503 nothing was accepted.',
      requestParams: { header: z.object({ 'Idempotency-Key': idempotencyKey }) },
      ...body(newBatch),
      responses: {
        '202': {
          ...one('Accepted'),
          headers: z.object({
            Location: headers.location,
            'Retry-After': headers.retryAfter.optional(),
            'Existing-Batch': z
              .literal('idempotency-key')
              .optional()
              .meta({ description: 'It was there already' }),
          }),
        },
        ...problemAnswers(
          ...jsonProblems,
          'malformed-idempotency-key',
          'unique-key-taken',
          'invalid-batch',
          'idempotency-key-reused',
          'quota-exceeded',
        ),
      },
    },
    get: {
      operationId: 'listBatches',
      tags: ['Batches'],
      summary: 'Lists batches, newest first',
      requestParams: {
        query: z.object(pageParams),
      },
      responses: pageAnswers(batchSummary),
    },
  },
  '/v1/batches/{id}': {
    get: {
      operationId: 'getBatch',
      tags: ['Batches'],
      summary: 'Shows a batch: how many of its tasks are in each state',
      requestParams: { path: batchId, header: z.object({ Prefer: prefer }) },
      responses: { '200': one('The batch'), ...problemAnswers('batch-not-found') },
    },
  },
  '/v1/batches/{id}/cancel': {
    post: {
      operationId: 'cancelBatch',
      tags: ['Batches'],
      summary: 'Cancels those of its tasks that have not ended',
      requestParams: { path: batchId },
      responses: {
        '200': one('The batch as it is then'),
        ...problemAnswers('cross-site', 'batch-not-found'),
      },
    },
  },
};
