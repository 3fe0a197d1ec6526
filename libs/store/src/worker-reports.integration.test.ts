import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { echoTask, storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { until } from '../../../test/support/until.js';
import { startReports } from './worker-reports.js';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await storeFixture('worker-reports');
});
afterAll(() => fixture.remove());

const lane = {
  type: 'system.echo',
  lane: 'bulk',
  queue: 'system.echo.bulk',
  capacity: 4,
  running: 1,
  waiting: 2,
  paused: false,
  succeeded: 5,
  failed: 0,
  retried: 0,
} as const;

const seen = async (id: string) =>
  (await fixture.store.workers.seenWithin(60_000)).find(({ _id }) => _id === id);

test('a process shows itself again and again, and takes its record away when it stops in order', async () => {
  const { store, log } = fixture;
  let state: 'running' | 'draining' = 'running';
  const describe = () => ({ state, lanes: [lane] });
  const options = { id: 'one', process: 'echo', version: 'abc1234', describe, log, everyMs: 50 };
  const reports = startReports(store, options);
  const first = await until('the first report', () => seen('one'));
  expect(first).toMatchObject({
    process: 'echo',
    version: 'abc1234',
    pid: process.pid,
    state,
    lanes: [lane],
  });
  expect(first.rssBytes).toBeGreaterThan(10_000_000);
  expect(first.eventLoopDelayMs.max).toBeGreaterThanOrEqual(0);
  const next = await until('the next report', async () => {
    const record = await seen('one');
    return Number(record?.lastSeenAt) > Number(first.lastSeenAt) ? record : undefined;
  });
  expect(next.startedAt).toEqual(first.startedAt);
  state = 'draining';
  await reports.now();
  expect(await seen('one')).toMatchObject({ state: 'draining' });
  store.stats.accepted(echoTask(store.tasks.now()));
  await reports.stop();
  await reports.now();
  expect(await seen('one')).toBeUndefined();
  // What was counted is written by then.
  const now = store.tasks.now().getTime();
  const range = { from: new Date(now - 60_000), to: new Date(now + 60_000), step: '1m' } as const;
  expect((await store.stats.read(range)).reduce((sum, { numbers }) => sum + numbers.accepted, 0)).toBe(1);
});

test('a store that does not take reports is told of once, and changes nothing else', async () => {
  const { store, log } = fixture;
  let calls = 0;
  const workers = {
    ...store.workers,
    report: async () => {
      calls += 1;
      throw new Error('away');
    },
  };
  const describe = () => ({ state: 'running' as const, lanes: [] });
  const options = { id: 'two', process: 'echo', version: '', describe, log, everyMs: 5 };
  const reports = startReports({ ...store, connection: store.connection, workers }, options);
  await until('some tries', async () => (calls > 3 ? true : undefined));
  await reports.stop();
  expect(log.text.match(/could not report/g)).toHaveLength(1);
});
