import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bytes, startOrigin, type Origin } from '../support/origin.js';
import { sampleFeed } from '../support/sample-content.js';
import { startSystem, type System } from '../support/system.js';

let system: System;
let origin: Origin;
beforeAll(async () => {
  origin = await startOrigin();
  // A grace shorter than the work: what is in hand at SIGTERM has to be handed back.
  system = await startSystem({
    label: 'drain',
    env: { LOG_LEVEL: 'debug', DRAIN_MS: '300' },
    processes: { web: 1, clock: 1, 'feed-fetcher': 2 },
  });
}, 60_000);
afterAll(async () => {
  await system.stop();
  await origin.close();
}, 60_000);

const WORK_MS = 3_000;
const TASKS = 40;

describe('two workers of a type', () => {
  test('share the work; stopping one in the middle of it loses nothing and counts no attempt (P5)', async () => {
    const feed = bytes(sampleFeed(1), { 'content-type': 'application/rss+xml' });
    const ids: string[] = [];
    for (let n = 0; n < TASKS; n++) {
      const url = origin.serve(`/feed/${n}`, async (request, response, times, left) => {
        await sleep(WORK_MS, undefined, { signal: left });
        await feed(request, response, times, left);
      });
      ids.push((await system.submit('feed.fetch', { url })).id);
    }
    await origin.asked(`/feed/${TASKS - 1}`);
    const [first, second] = system.processes.filter((each) => each.type === 'feed-fetcher');
    if (!first || !second) throw new Error('two workers must run');
    first.signal('SIGTERM');
    await expect(first.exited).resolves.toBe(0);

    const tasks = await Promise.all(ids.map((id) => system.ended(id)));
    expect(tasks.map((task) => [task.state, task.attempt])).toEqual(ids.map(() => ['succeeded', 1]));
    const count = (lines: string[], what: string) => lines.filter((line) => line.includes(what)).length;
    const handedBack = count(first.lines.received, 'handed back');
    expect(handedBack).toBeGreaterThan(0);
    expect(count(second.lines.received, 'debug done')).toBe(TASKS);
    expect(origin.requests).toHaveLength(TASKS + handedBack);
  }, 60_000);
});
