import type { Request, RequestHandler, Response } from 'express';
import type { BatchRecord } from '@offload/store/batch-record';
import type { StateCounts } from '@offload/store/batches';
import type { Store } from '@offload/store/open-store';
import { waitFor } from './answer-task.js';
import { batchOf, batchSummaryOf } from './batch-resource.js';
import { BATCH_LIMITS } from './check-batch.js';
import { createBatchHandler, type CreateBatchOptions } from './create-batch.js';
import { nextPage, plainQuery, storePage } from './list-page.js';
import { cancelAll } from './operate-task.js';
import { ownerOf } from './owner.js';
import { parseQuery } from './parse-query.js';
import { wants } from './sparse-fields.js';
import { preferredWait } from './prefer.js';
import { Problem } from './problem.js';
import { readJson } from './read-json.js';
import { pathPart, pathUuid, type Routes } from './routes.js';
import { inTime } from './store-deadline.js';

export type BatchRoutesOptions = CreateBatchOptions;

type Reads = { store: Pick<Store, 'batches'> };

/** Milliseconds for a body of some megabytes. */
const BODY_MS = 60_000;
/** Seconds after which a first look at a batch may be worth it. */
const RETRY_AFTER = '1';

export function batchRoutes(options: BatchRoutesOptions): Routes {
  return {
    '/v1/batches': {
      get: [listBatchesHandler(options)],
      post: [readJson(BODY_MS, BATCH_LIMITS.bytes), createBatchHandler(options)],
    },
    '/v1/batches/:id': { get: [readBatchHandler(options)] },
    '/v1/batches/:id/cancel': { post: [cancelBatchHandler(options)] },
  };
}

/** Answers a batch with its counts as they are now. */
export async function answerBatch(
  response: Response,
  status: 200 | 202,
  record: BatchRecord,
  { store }: Reads,
): Promise<void> {
  const wanted = wants(response.req, 'counts') ? [record._id] : [];
  const counts = (await inTime(store.batches.counts(wanted))).get(record._id) ?? {};
  sendBatch(response, status, record, counts);
}

export function sendBatch(
  response: Response,
  status: 200 | 202,
  record: BatchRecord,
  counts: StateCounts,
): void {
  if (!record.completedAt) response.set('Retry-After', RETRY_AFTER);
  response.status(status).vary('Prefer').json(batchOf(record, counts));
}

/** GET /v1/batches: without their lists of tasks. */
function listBatchesHandler({ store }: Reads): RequestHandler {
  return async (request, response) => {
    const query = parseQuery(plainQuery, request.query);
    const found = await inTime(store.batches.list(ownerOf(request), storePage(query)));
    const { items, next } = nextPage(request, response, found, query.limit);
    const counted = wants(request, 'counts') ? items.map((item) => item._id) : [];
    const counts = await inTime(store.batches.counts(counted));
    response.json({ items: items.map((item) => batchSummaryOf(item, counts.get(item._id) ?? {})), next });
  };
}

/** GET /v1/batches/{id}; with `Prefer: wait` when it is completed, or that time is over. */
function readBatchHandler(options: Pick<BatchRoutesOptions, 'batchWaits'> & Reads): RequestHandler {
  return async (request, response) => {
    const found = await findBatch(request, options);
    await answerBatch(response, 200, await awaited(request, response, found, options), options);
  };
}

/** The batch as it is after the wait that the request prefers. */
export async function awaited(
  request: Request,
  response: Response,
  batch: BatchRecord,
  { batchWaits }: Pick<BatchRoutesOptions, 'batchWaits'>,
): Promise<BatchRecord> {
  const seconds = preferredWait(request.get('prefer'));
  return seconds === 0 ? batch : ((await waitFor(batch._id, seconds, response, batchWaits)) ?? batch);
}

/** Rounds of cancelling; a task that moves at that very moment is met by the next one. */
const ROUNDS = 5;

/** POST /v1/batches/{id}/cancel: those of its tasks that have not ended. */
function cancelBatchHandler(options: BatchRoutesOptions): RequestHandler {
  const { store } = options;
  return async (request, response) => {
    const found = await findBatch(request, options);
    for (let round = 0; round < ROUNDS; round++) {
      const open = await inTime(store.batches.openTasks(found._id, BATCH_LIMITS.tasks));
      if (open.length === 0) break;
      await cancelAll(open, options);
    }
    await answerBatch(response, 200, await findBatch(request, options), options);
  };
}

/** The batch that the path names. Throws a Problem when it is not there or another owner's: the same for both. */
export async function findBatch(request: Request, { store }: Reads): Promise<BatchRecord> {
  const id = pathUuid(request);
  const found = id === null ? null : await inTime(store.batches.get(id));
  if (found?.owner === ownerOf(request)) return found;
  throw new Problem(
    'batch-not-found',
    `You have no batch ${pathPart(request, 'id').slice(0, 100)}; completed ones are removed after a while.`,
  );
}
