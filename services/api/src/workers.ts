import type { RequestHandler } from 'express';
import { z } from 'zod';
import { lane } from '@offload/contracts/task';
import type { Store } from '@offload/store/open-store';
import type { WorkerRecord } from '@offload/store/worker-records';
import type { Routes } from './routes.js';
import { inTime } from './store-deadline.js';

const time = z.iso.datetime();

const workerLane = z
  .object({
    type: z.string(),
    lane,
    queue: z.string(),
    capacity: z.int().describe('Tasks that it runs at once'),
    running: z.int(),
    waiting: z.int().describe('Delivered to it and not begun'),
    paused: z.boolean(),
    succeeded: z.int().describe('Since it started'),
    failed: z.int().describe('Tasks that ended so in its hands, since it started'),
    retried: z.int().describe('Attempts after which the task runs again, since it started'),
  })
  .meta({ id: 'WorkerLane' });

export const worker = z
  .object({
    id: z.string().describe('As the history of tasks names it'),
    process: z.string().describe('Type of process: web, clock, or that of a worker, e.g. image-resizer'),
    state: z
      .enum(['starting', 'running', 'draining', 'silent'])
      .describe('draining: it stops, and finishes what it has. silent: it has not shown itself for 12 s'),
    version: z.string().describe('Of its build'),
    host: z.string(),
    pid: z.int(),
    startedAt: time,
    lastSeenAt: time,
    lanes: z.array(workerLane).describe('What it works on; nothing, if it is no worker'),
    rssBytes: z.int().describe('Resident memory'),
    eventLoopDelayMs: z
      .object({ p99: z.int(), max: z.int() })
      .describe('By how much its timers came late, between its last two reports'),
  })
  .meta({ id: 'Worker' });

/** Two reports and a half, as the slowest comes: then something is wrong with it. */
export const SILENT_MS = 12_000;
/** How long one that is silent is still shown. */
const SHOWN_MS = 5 * 60_000;

export const workerRoutes = (options: { store: Pick<Store, 'workers' | 'tasks'> }): Routes => ({
  '/v1/workers': { get: [listHandler(options)] },
});

/** GET /v1/workers: every process that is alive, and those that went silent in the last minutes. */
function listHandler({ store }: { store: Pick<Store, 'workers' | 'tasks'> }): RequestHandler {
  return async (_request, response) => {
    const found = await inTime(store.workers.seenWithin(SHOWN_MS));
    const silentSince = store.tasks.now().getTime() - SILENT_MS;
    response.json({ items: found.map((record) => workerOf(record, silentSince)) });
  };
}

function workerOf({ _id, ...record }: WorkerRecord, silentSince: number): z.output<typeof worker> {
  const { startedAt, lastSeenAt, state } = record;
  return {
    id: _id,
    process: record.process,
    state: lastSeenAt.getTime() < silentSince ? 'silent' : state,
    version: record.version,
    host: record.host,
    pid: record.pid,
    startedAt: startedAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    lanes: record.lanes,
    rssBytes: record.rssBytes,
    eventLoopDelayMs: record.eventLoopDelayMs,
  };
}
