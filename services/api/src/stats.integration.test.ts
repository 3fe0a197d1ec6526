import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import { echoTask } from '../../../test/support/store-fixture.js';
import { startApiWithoutBroker, type OwnApi } from '../../../test/support/own-api.js';
import type { queue } from './queues.js';
import type { stats } from './stats.js';

let api: OwnApi;
beforeAll(async () => {
  api = await startApiWithoutBroker('api-stats');
});
afterAll(() => api.remove());

type Stats = z.output<typeof stats>;
type Queue = z.output<typeof queue>;

const get = async (query = ''): Promise<Stats> =>
  (await api.client.get(`/v1/stats${query}`).expect(200)).body as Stats;

/** What the API's own process counts; the next flush writes it. */
function count(): void {
  const { stats: counter, tasks } = api.store;
  const [one, bulk] = [echoTask(tasks.now()), echoTask(tasks.now(), 'bulk')];
  counter.accepted(one);
  counter.started({ ...one, attempt: 1, queuedAt: one.createdAt, startedAt: one.createdAt });
  counter.ended(one, 'succeeded', 150);
  counter.ended(bulk, 'failed', 900);
}

describe('GET /v1/stats', () => {
  test('shows by type and lane what happened in the last hour, and what is open now', async () => {
    expect(await get()).toMatchObject({ stepMs: 60_000, series: [], totals: { accepted: 0 } });
    count();
    expect((await get()).series).toEqual([]);
    await api.store.stats.flush();
    const task = await api.insert({ state: 'queued', queuedAt: new Date('2026-01-31T08:00:00.000Z') });
    const found = await get();
    expect(found.totals).toMatchObject({
      accepted: 1,
      started: 1,
      succeeded: 1,
      failed: 1,
      cancelled: 0,
      timeInQueue: { count: 1, meanMs: 0, p50Ms: 0, p95Ms: 0, maxMs: 0 },
      runTime: { count: 2, meanMs: 525, maxMs: 900 },
    });
    expect(found.series.map(({ type, lane, points }) => [type, lane, points.length])).toEqual([
      ['system.echo', 'bulk', 1],
      ['system.echo', 'interactive', 1],
    ]);
    expect(found.series[0]?.points[0]).toMatchObject({ failed: 1, timeInQueue: { count: 0, p95Ms: null } });
    expect(found.series[1]?.totals.runTime).toEqual({
      count: 1,
      meanMs: 150,
      p50Ms: 125,
      p95Ms: 148,
      maxMs: 150,
    });
    expect(found.open.items).toEqual([
      {
        type: 'system.echo',
        lane: 'interactive',
        blocked: 0,
        scheduled: 0,
        queued: 1,
        running: 0,
        oldestQueuedAt: '2026-01-31T08:00:00.000Z',
      },
    ]);
    await api.store.many.cancel([task]);
  });

  test('takes a type, a time and a step, whose first and last count whole', async () => {
    count();
    await api.store.stats.flush();
    const found = await get(
      '?type=feed.fetch&from=2026-01-31T08:03:10%2B00:00&to=2026-01-31T08:11:00Z&step=5m',
    );
    expect(found).toMatchObject({
      from: '2026-01-31T08:00:00.000Z',
      to: '2026-01-31T08:15:00.000Z',
      stepMs: 300_000,
      series: [],
    });
    expect((await get('?step=1h')).totals.accepted).toBeGreaterThan(0);
  });

  test.each([
    ['?step=2m', 'step'],
    ['?from=yesterday', 'from'],
    ['?from=2026-01-31T09:00:00Z&to=2026-01-31T08:00:00Z', 'from'],
    ['?from=2026-01-01T00:00:00Z&to=2026-01-31T08:00:00Z', 'step'],
    ['?type=no.such', 'type'],
    ['?lane=bulk', 'lane'],
  ])('refuses %s, and says which parameter is at fault', async (query, parameter) => {
    const answer = await api.client.get(`/v1/stats${query}`).expect(422);
    expect(answer.body).toMatchObject({ code: 'invalid-query', errors: [{ parameter }] });
  });
});

test('GET /v1/queues shows rates by type and lane, and what runs as unacked', async () => {
  await api.insert({ state: 'running', startedAt: api.store.tasks.now() });
  count();
  await api.store.stats.flush();
  const { items } = (await api.client.get('/v1/queues').expect(200)).body as { items: Queue[] };
  const lanes = items.find(({ type }) => type === 'system.echo')?.lanes;
  expect(lanes).toMatchObject([
    { lane: 'interactive', ready: null, unacked: 1 },
    { lane: 'bulk', ready: null, unacked: 0 },
  ]);
  expect(lanes?.[0]?.rates.acceptedPerSecond).toBeGreaterThan(0);
  expect(lanes?.[0]?.rates.startedPerSecond).toBeGreaterThan(0);
  expect(lanes?.[1]?.rates).toMatchObject({ acceptedPerSecond: 0, endedPerSecond: expect.any(Number) });
  expect(lanes?.[1]?.rates.endedPerSecond).toBeGreaterThan(0);
});
