import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { EVERYTHING, type Scenario } from '../../support/chaos-stage.js';
import { withStore } from '../../support/stored-task.js';
import { freezeWorker } from './workers.js';

/** One of two clocks and one of two workers are frozen (SIGSTOP) beyond every lease and hold, and go on. */
export const frozen = (ms: number): Scenario => ({
  title: `a clock and a worker are frozen for ${ms / 1000} s, then go on`,
  processes: { ...EVERYTHING, clock: 2, 'feed-fetcher': 1, echo: 2 },
  faultMs: ms + 90_000,
  async fault(stage) {
    const [clock] = stage.running('clock');
    await sleep(1_000);
    clock?.signal('SIGSTOP');
    await freezeWorker(stage, 'echo', ms);
    clock?.signal('SIGCONT');
    await sleep(3_000);
  },
});

const SKEW_MS = 600_000;

const off = (ms: number): Record<string, string> => ({
  SKEW_MS: String(ms),
  NODE_OPTIONS: `--import=${new URL('../../support/skewed-clock.mjs', import.meta.url).href}`,
});

/** Hosts whose wall clocks are ten minutes apart: no lease breaks, and nothing runs early, late or twice. */
export const skewed = (ms: number): Scenario => ({
  title: 'the wall clocks of hosts are ten minutes off, before and behind',
  processes: { ...EVERYTHING, 'feed-fetcher': 1 },
  async fault({ system }) {
    await Promise.all([
      system.start('clock', off(-SKEW_MS)),
      system.start('clock', off(SKEW_MS)),
      system.start('feed-fetcher', off(SKEW_MS)),
      system.start('echo', off(-SKEW_MS)),
      system.start('echo', off(SKEW_MS)),
    ]);
    const { id } = await system.submit('system.echo', { message: 'long', delayMs: Math.min(ms, 20_000) });
    await sleep(ms);
    const task = await system.ended(id);
    expect({ state: task.state, attempt: task.attempt }).toEqual({ state: 'succeeded', attempt: 1 });
    const broken = await withStore(system, ({ connection }) =>
      connection.mongo.collection('tasks').countDocuments({ crashes: { $gt: 0 } }),
    );
    expect(broken).toBe(0);
  },
});
