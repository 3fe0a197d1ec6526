import type { Request, RequestHandler, Response } from 'express';
import type { Callback } from '@offload/contracts/webhook-event';
import type { Log } from '@offload/runtime/logger';
import type { BatchRecord } from '@offload/store/batch-record';
import type { Created } from '@offload/store/insert-tasks';
import type { Store } from '@offload/store/open-store';
import { ownedTasks } from '@offload/store/owned-tasks';
import { batchPath } from './batch-resource.js';
import { answerBatch, awaited, sendBatch } from './batches.js';
import { checkBatch, invalidBatch, type CheckedBatch } from './check-batch.js';
import { cancelAll, type OperateOptions } from './operate-task.js';
import { idempotencyOf, requireSameBody, type Idempotency } from './idempotency-key.js';
import { ownerOf } from './owner.js';
import { Problem } from './problem.js';
import { releaseTasks } from './release-tasks.js';
import { requestIdOf } from './request-id.js';
import { inTime } from './store-deadline.js';
import type { Submitter } from './submit-task.js';
import type { Waits } from './task-waits.js';
import { secretFaults, type SecretOptions } from './webhook-secrets.js';

export interface CreateBatchOptions extends OperateOptions, SecretOptions {
  store: OperateOptions['store'] & Pick<Store, 'batches' | 'stats'>;
  submitter: Pick<Submitter, 'submit'>;
  batchWaits: Waits<BatchRecord>;
  log: Log;
}

/**
 * POST /v1/batches: all of its tasks are accepted, or none. The 202 is sent when the batch is committed; from then on
 * no task of it is lost, whoever dies.
 */
export function createBatchHandler(options: CreateBatchOptions): RequestHandler {
  const { store, quota, log } = options;
  return async (request, response) => {
    const owner = ownerOf(request);
    const now = store.tasks.now();
    const keys = idempotencyOf(request, now);
    // A repeated request is the first one's, even if it would not be taken anew.
    const first = keys && (await inTime(store.batches.ofKey(owner, keys.idempotencyKey)));
    if (first) return answerExisting(request, response, first, keys, options);
    const checked = checkBatch(request.body, owner, now);
    Object.assign(checked.batch, keys);
    await checkCallbacks(checked, owner, options);
    await checkOutside(checked, owner, options);
    await inTime(quota.admit(owner, checked.tasks.length));
    const holder = await storeBatch(checked, options);
    if (holder) return answerExisting(request, response, holder, keys, options);
    await inTime(releaseTasks(checked.tasks, options)).catch((error: unknown) => {
      const fields = { batch: checked.batch._id, requestId: requestIdOf(response), error };
      log.warn('a batch was not released; the clock does it', fields);
    });
    await answerAccepted(request, response, checked, options);
  };
}

/** 202, or 200 when `Prefer: wait` has seen its end. It is committed: whatever fails now, it was accepted. */
async function answerAccepted(
  request: Request,
  response: Response,
  { batch, tasks }: CheckedBatch,
  options: CreateBatchOptions,
): Promise<void> {
  response.location(batchPath(batch._id));
  try {
    const now = await awaited(request, response, batch, options);
    await answerBatch(response, now.completedAt ? 200 : 202, now, options);
  } catch (error) {
    options.log.warn('a new batch could not be looked at', {
      batch: batch._id,
      requestId: requestIdOf(response),
      error,
    });
    sendBatch(response, 202, batch, { blocked: tasks.length });
  }
}

async function answerExisting(
  request: Request,
  response: Response,
  batch: BatchRecord,
  keys: Idempotency | undefined,
  options: CreateBatchOptions,
): Promise<void> {
  requireSameBody('batch', batch, keys);
  response.set('Existing-Batch', 'idempotency-key').location(batchPath(batch._id));
  const now = await awaited(request, response, batch, options);
  await answerBatch(response, now.completedAt ? 200 : 202, now, options);
}

async function checkCallbacks(
  { batch, tasks }: CheckedBatch,
  owner: string,
  options: CreateBatchOptions,
): Promise<void> {
  const inherited = ({ url, secretName }: Callback): boolean =>
    url === batch.callback?.url && secretName === batch.callback?.secretName;
  const callbacks = [
    ...(batch.callback ? [{ callback: batch.callback, pointer: '/callback' }] : []),
    ...tasks.flatMap(({ callback }, i) =>
      callback && !inherited(callback) ? [{ callback, pointer: `/tasks/${i}/callback` }] : [],
    ),
  ];
  const faults = await secretFaults(callbacks, owner, options);
  if (faults.length > 0) throw invalidBatch(faults);
}

async function checkOutside(
  { outside }: CheckedBatch,
  owner: string,
  { store }: CreateBatchOptions,
): Promise<void> {
  if (outside.size === 0) return;
  const owned = await inTime(ownedTasks(store.connection, owner, [...outside.keys()]));
  const faults = [...outside]
    .filter(([id]) => !owned.has(id))
    .flatMap(([id, pointers]) =>
      pointers.map((pointer) => ({ pointer, detail: `waits for ${id}: there is no such task of yours` })),
    );
  if (faults.length > 0) throw invalidBatch(faults);
}

/**
 * Stores it or throws: then nothing is left of it, or the client could have it done twice. Answers the batch that has
 * its Idempotency-Key already, if one has.
 */
async function storeBatch(
  checked: CheckedBatch,
  options: CreateBatchOptions,
): Promise<BatchRecord | undefined> {
  const storing = store(checked, options);
  try {
    return await inTime(storing);
  } catch (error) {
    undo(checked, storing, options).catch((late: unknown) =>
      options.log.debug('left to the clock', { batch: checked.batch._id, error: late }),
    );
    throw error;
  }
}

async function store(
  { batch, tasks }: CheckedBatch,
  { store: { batches, stats } }: CreateBatchOptions,
): Promise<BatchRecord | undefined> {
  const taken = (await batches.insertTasks(tasks)).flatMap((created, i) =>
    created.kind === 'duplicate' ? [conflict(created, i)] : [],
  );
  if (taken.length > 0) throw uniqueTaken(taken);
  const outcome = await batches.commit(batch);
  if (outcome === 'committed') {
    for (const task of tasks) stats.accepted(task);
    return undefined;
  }
  if (outcome === 'given up')
    throw new Problem(
      'store-unavailable',
      'It took too long to store the batch; nothing is left of it. Try again.',
    );
  await batches.abort(batch._id);
  return outcome;
}

type Duplicate = Extract<Created, { kind: 'duplicate' }>;

const conflict = ({ holder }: Duplicate, i: number) => ({
  pointer: `/tasks/${i}/unique`,
  detail: `task ${holder._id} has this key and has not ended`,
});

const uniqueTaken = (errors: { pointer: string; detail: string }[]): Problem =>
  new Problem(
    'unique-key-taken',
    `${errors[0]?.pointer}: ${errors[0]?.detail}; none of the batch was accepted.`,
    {
      errors: errors.slice(0, 100),
    },
  );

/**
 * What was stored, or is only just being stored, is taken back; the clock would do it in some minutes. With an
 * idempotency key a batch that was committed stays: the client finds it when it comes again.
 */
async function undo(
  { batch, tasks }: CheckedBatch,
  storing: Promise<unknown>,
  options: CreateBatchOptions,
): Promise<void> {
  const { store } = options;
  await storing.catch(() => undefined);
  if ((await store.batches.abort(batch._id)) === 'aborted') return;
  if (batch.idempotencyKey !== undefined) await releaseTasks(tasks, options);
  else await cancelAll(await store.batches.openTasks(batch._id, tasks.length), options);
}
