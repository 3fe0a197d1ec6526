import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { feedRefresh } from '@offload/contracts/feed-refresh';
import { isTerminal } from '@offload/contracts/task';
import type { Log } from '@offload/runtime/logger';
import type { BatchRecord } from '@offload/store/batch-record';
import type { Store } from '@offload/store/open-store';
import { listTasks, type ListedTask } from '@offload/store/task-list';
import { batchSummaryOf } from './batch-resource.js';
import { findBatch } from './batches.js';
import type { ChangeFeed, Topic, Watcher } from './change-feed.js';
import { BATCH_LIMITS } from './check-batch.js';
import { openEventStream, type EventStream } from './event-stream.js';
import { findTask } from './find-task.js';
import { ownerOf } from './owner.js';
import { parseQuery } from './parse-query.js';
import type { Routes } from './routes.js';
import { inTime } from './store-deadline.js';
import type { StreamSlots } from './stream-slots.js';
import { taskType } from './task-filter.js';
import { summaryOf } from './task-resource.js';

export interface StreamOptions {
  store: Pick<Store, 'connection' | 'tasks' | 'batches'>;
  feed: ChangeFeed;
  slots: StreamSlots;
  log: Log;
}

export const streamQuery = z.strictObject({ type: taskType.optional().describe('Of this type only') });

/** Milliseconds between two counts of a batch. */
const COUNT_MS = 500;
/** Changes that a listener has not read yet; of more, it is told to list its tasks again. */
const MOST_WAITING = 1_000;

/**
 * Server-sent events: `task` with a task's summary, `batch` with a batch's, `feed` with the id of a subscription whose
 * feed has changed, `reset` when changes may be missing.
 */
export function streamRoutes(options: StreamOptions): Routes {
  return {
    '/v1/events': { get: [ownerHandler(options)] },
    '/v1/tasks/:id/events': { get: [taskHandler(options)] },
    '/v1/batches/:id/events': { get: [batchHandler(options)] },
  };
}

/** When it changed, and the task: what a client that comes back sends as Last-Event-ID. */
const eventId = (task: Pick<ListedTask, '_id' | 'changedAt'>): string =>
  `${task.changedAt.getTime().toString(36)}-${task._id}`;

const EVENT_ID = /^([0-9a-z]{1,10})-[0-9a-f-]{36}$/;

/** The time in the request's Last-Event-ID, in milliseconds; null without one of ours. */
function resumedAt(request: Request): number | null {
  const time = EVENT_ID.exec(request.get('last-event-id') ?? '')?.[1];
  return time === undefined ? null : Number.parseInt(time, 36);
}

/** The task now, and each of its changes, until it has ended. One whose end the client has seen is a 204: stop asking. */
function taskHandler(options: StreamOptions): RequestHandler {
  const { feed } = options;
  return async (request, response) => {
    const task = await findTask(request, options);
    if (isTerminal(task.state) && request.get('last-event-id') === eventId(task))
      return void response.status(204).end();
    let sent = '';
    const { stream } = listen(request, response, { task: task._id }, options, {
      changed(now) {
        if (eventId(now) === sent) return;
        sent = eventId(now);
        stream.send('task', sent, summaryOf(now));
        if (isTerminal(now.state)) stream.end();
      },
      missed: () => feed.look([task._id]),
    });
    feed.look([task._id]);
  };
}

/** The owner's tasks as they change. */
function ownerHandler(options: StreamOptions): RequestHandler {
  const { feed } = options;
  return (request, response) => {
    const { type } = parseQuery(streamQuery, request.query);
    const owner = ownerOf(request);
    const from = resumedAt(request);
    const since = from === null ? [] : feed.since(owner, from);
    const { stream } = listen(request, response, { owner }, options, {
      changed(task) {
        if (type === undefined || task.type === type) stream.send('task', eventId(task), summaryOf(task));
      },
      refreshed(id) {
        if (type === undefined || type === feedRefresh.type) stream.send('feed', null, { id });
      },
      missed: () => stream.send('reset', null, {}),
    });
    if (since === null) stream.send('reset', null, {});
    else feed.look(since);
  };
}

/** Its counts now and as they change, its tasks as they change, until it is completed. */
function batchHandler(options: StreamOptions): RequestHandler {
  const { store, feed, log } = options;
  return async (request, response) => {
    const batch = await findBatch(request, options);
    const id = batch._id;
    const seen = resumedAt(request);
    if (batch.completedAt && seen !== null && seen >= batch.completedAt.getTime())
      return void response.status(204).end();
    let timer: NodeJS.Timeout | undefined;
    const { stream, closed } = listen(request, response, { owner: batch.owner, batch: id }, options, {
      changed(task) {
        if (task.batch !== id) return;
        stream.send('task', eventId(task), summaryOf(task));
        countSoon();
      },
      missed: countSoon,
    });
    closed.addEventListener('abort', () => clearTimeout(timer));

    function countSoon(): void {
      timer ??= setTimeout(() => {
        // What changes while it is counted is counted again.
        timer = undefined;
        count().catch((error: unknown) => {
          log.warn('a batch was not counted for its stream', { batch: id, error });
          if (!closed.aborted) countSoon();
        });
      }, COUNT_MS);
    }
    async function count(): Promise<void> {
      const now = await inTime(store.batches.get(id));
      if (!now) return stream.end();
      await sendBatch(now, stream, options);
      if (now.completedAt) stream.end();
    }
    if (seen !== null) feed.look(await changedOf(batch, seen, options));
    await count();
  };
}

async function sendBatch(batch: BatchRecord, stream: EventStream, { store }: StreamOptions): Promise<void> {
  const counts = (await inTime(store.batches.counts([batch._id]))).get(batch._id) ?? {};
  const at = batch.completedAt ?? store.tasks.now();
  const summary = batchSummaryOf({ ...batch, total: batch.tasks.length }, counts);
  stream.send('batch', eventId({ _id: batch._id, changedAt: at }), summary);
}

async function changedOf(batch: BatchRecord, since: number, { store }: StreamOptions): Promise<string[]> {
  const filter = { owner: batch.owner, batch: batch._id };
  const page = { order: 'desc', limit: BATCH_LIMITS.tasks } as const;
  const tasks = await inTime(listTasks(store.connection, filter, page));
  return tasks.filter(({ changedAt }) => changedAt.getTime() >= since).map(({ _id }) => _id);
}

/** Opens the stream and has it watched: what comes while the client does not read is kept as ids, and read again then. */
function listen(
  request: Request,
  response: Parameters<RequestHandler>[1],
  topic: Topic,
  { feed, slots }: StreamOptions,
  on: Pick<Watcher, 'changed' | 'refreshed' | 'missed'>,
): { stream: EventStream; closed: AbortSignal } {
  if (request.method !== 'HEAD') slots.take(request, response);
  const waiting = new Set<string>();
  let tooMany = false;
  const gone = new AbortController();
  const stream = openEventStream(request, response, {
    drain() {
      const ids = [...waiting];
      waiting.clear();
      feed.look(ids);
      if (tooMany) on.missed();
      tooMany = false;
    },
    close() {
      unwatch();
      gone.abort();
    },
  });
  const unwatch = feed.watch(topic, {
    changed(task) {
      if (!stream.full) on.changed(task);
      else if (waiting.size < MOST_WAITING) waiting.add(task._id);
      else tooMany = true;
    },
    refreshed(subscription) {
      if (stream.full) tooMany = true;
      else on.refreshed?.(subscription);
    },
    missed() {
      if (stream.full) tooMany = true;
      else on.missed();
    },
    beat: stream.beat,
    end: stream.end,
  });
  if (request.method === 'HEAD') stream.end();
  return { stream, closed: gone.signal };
}
