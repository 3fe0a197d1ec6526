import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import type { stats } from '../../services/api/src/stats.js';
import type { worker } from '../../services/api/src/workers.js';
import { startSystem, type System } from '../support/system.js';
import { until } from '../support/until.js';

type Worker = z.output<typeof worker>;
type Stats = z.output<typeof stats>;

let system: System;
beforeAll(async () => {
  const env = { RELEASE: 'e2e-build' };
  system = await startSystem({ label: 'workers', processes: { web: 1, clock: 1, echo: 2 }, env });
}, 60_000);
afterAll(() => system.stop(), 30_000);

const get = async <T>(path: string): Promise<T> =>
  (await (await fetch(`${system.apiUrl}/v1/${path}`)).json()) as T;
const workers = async (): Promise<Worker[]> => (await get<{ items: Worker[] }>('workers')).items;
const byPid = async (pid: number) => (await workers()).find((each) => each.pid === pid);
const echoes = () => system.processes.filter(({ type }) => type === 'echo');

describe('GET /v1/workers', () => {
  test('shows every process with its build, its lanes and what it does', async () => {
    const items = await until('all four to be shown', async () => {
      const all = await workers();
      return all.length === 4 ? all : undefined;
    });
    expect(items.map(({ process, state }) => `${process} ${state}`)).toEqual([
      'clock running',
      'echo running',
      'echo running',
      'web running',
    ]);
    expect(new Set(items.map(({ version }) => version))).toEqual(new Set(['e2e-build']));
    expect(items[1]?.lanes).toMatchObject([
      { type: 'system.echo', lane: 'interactive', capacity: 100, running: 0, paused: false },
      { type: 'system.echo', lane: 'bulk', queue: 'system.echo.bulk', capacity: 5 },
    ]);
  });

  test('shows a worker that was killed as silent within 15 s, and one that is stopped as draining, then not at all', async () => {
    const [killed, stopped] = echoes();
    if (!killed || !stopped) throw new Error('no workers');
    killed.signal('SIGKILL');
    await killed.exited;
    const began = performance.now();
    const silent = async () => ((await byPid(killed.pid))?.state === 'silent' ? true : undefined);
    await until('the killed one to be silent', silent);
    expect(performance.now() - began).toBeLessThan(15_000);

    const { id } = await system.submit('system.echo', { delayMs: 4_000 });
    await until('the task to run', async () =>
      (await system.task(id)).state === 'running' ? true : undefined,
    );
    stopped.signal('SIGTERM');
    const draining = async () => {
      const shown = await byPid(stopped.pid);
      return shown?.state === 'draining' ? shown : undefined;
    };
    expect((await until('the stopped one to drain', draining)).lanes[0]?.running).toBe(1);
    await stopped.exited;
    expect(await byPid(stopped.pid)).toBeUndefined();
    expect((await system.ended(id)).state).toBe('succeeded');
  }, 60_000);
});

describe('GET /v1/stats', () => {
  test('adds up exactly once the processes have written what they counted', async () => {
    const before = (await get<Stats>('stats?type=system.echo')).totals;
    await system.start('echo');
    const inputs = [
      ...Array.from({ length: 20 }, () => ({ delayMs: 20 })),
      ...Array.from({ length: 3 }, () => ({ fail: 'permanent' })),
      ...Array.from({ length: 2 }, () => ({ fail: 'transient', failTimes: 1 })),
    ];
    const tasks = await Promise.all(inputs.map((input) => system.submit('system.echo', input)));
    const cancelled = await system.submit('system.echo', { delayMs: 60_000 });
    await until('it to run', async () =>
      (await system.task(cancelled.id)).state === 'running' ? true : undefined,
    );
    const path = `${system.apiUrl}/v1/tasks/${cancelled.id}/cancel`;
    expect((await fetch(path, { method: 'POST' })).status).toBe(200);
    await Promise.all(tasks.map(({ id }) => system.ended(id)));
    const written = await until('the numbers to be there', async () => {
      const { totals } = await get<Stats>('stats?type=system.echo');
      const ended = totals.succeeded + totals.failed + totals.cancelled;
      return totals.accepted - before.accepted === 26 && ended - before.succeeded === 26 ? totals : undefined;
    });
    expect(written).toMatchObject({ failed: 3, cancelled: 1, retried: 2 });
    expect(written.succeeded - before.succeeded).toBe(22);
    expect(written.started - before.started).toBe(28);
    expect(written.runTime.count - before.runTime.count).toBe(27);
    expect(written.timeInQueue.count).toBeGreaterThanOrEqual(26);
    const open = (await get<Stats>('stats')).open.items;
    expect(open.filter(({ type }) => type === 'system.echo')).toEqual([]);
  }, 60_000);
});
