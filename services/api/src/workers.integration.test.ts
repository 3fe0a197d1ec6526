import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import type { WorkerRecord } from '@offload/store/worker-records';
import { startApiWithoutBroker, type OwnApi } from '../../../test/support/own-api.js';
import { SILENT_MS, type worker } from './workers.js';

let api: OwnApi;
beforeAll(async () => {
  api = await startApiWithoutBroker('workers');
});
afterAll(() => api.remove());

type Worker = z.output<typeof worker>;

/** A worker that was last seen so many milliseconds ago. */
async function reported(id: string, agoMs: number, change: Partial<WorkerRecord> = {}): Promise<void> {
  const startedAt = new Date('2026-01-31T08:00:00.000Z');
  const lane = { type: 'system.echo', lane: 'bulk', queue: 'system.echo.bulk' } as const;
  const numbers = { capacity: 4, running: 1, waiting: 2, succeeded: 5, failed: 0, retried: 1 };
  await api.store.workers.report({
    _id: id,
    process: 'echo',
    host: 'host',
    pid: 1,
    version: '0.1.0',
    state: 'running',
    startedAt,
    lanes: [{ ...lane, ...numbers, paused: false }],
    rssBytes: 1_000,
    eventLoopDelayMs: { p99: 1, max: 2 },
    ...change,
  });
  const lastSeenAt = new Date(api.store.tasks.now().getTime() - agoMs);
  await api.store.connection.mongo
    .collection<WorkerRecord>('workers')
    .updateOne({ _id: id }, { $set: { lastSeenAt } });
}

const listed = async (): Promise<Worker[]> =>
  ((await api.client.get('/v1/workers').expect(200)).body as { items: Worker[] }).items;

describe('GET /v1/workers', () => {
  test('shows who is alive, marks who went silent, and forgets those after some minutes', async () => {
    await reported('alive', 1_000);
    await reported('draining', 0, { state: 'draining', process: 'clock', lanes: [] });
    await reported('silent', SILENT_MS + 1_000);
    await reported('gone', 10 * 60_000);
    const items = await listed();
    expect(items.map(({ id, state }) => [id, state])).toEqual([
      ['draining', 'draining'],
      ['alive', 'running'],
      ['silent', 'silent'],
    ]);
    expect(items[1]).toEqual({
      id: 'alive',
      process: 'echo',
      state: 'running',
      version: '0.1.0',
      host: 'host',
      pid: 1,
      startedAt: '2026-01-31T08:00:00.000Z',
      lastSeenAt: expect.any(String),
      lanes: [
        {
          type: 'system.echo',
          lane: 'bulk',
          queue: 'system.echo.bulk',
          capacity: 4,
          running: 1,
          waiting: 2,
          paused: false,
          succeeded: 5,
          failed: 0,
          retried: 1,
        },
      ],
      rssBytes: 1_000,
      eventLoopDelayMs: { p99: 1, max: 2 },
    });
  });
});
