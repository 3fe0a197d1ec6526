import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import {
  allQueued,
  cancelBacklog,
  countOf,
  pauseEcho,
  recordsOf,
  submitMany,
} from '../../support/backlog.js';
import type { Scenario, Stage } from '../../support/chaos-stage.js';
import { latencyOf, latencyText, type Latency } from '../../support/latency.js';
import { memoryOf, type Memory } from '../../support/memory.js';
import { until } from '../../support/until.js';

/** Characters of each task's message: 100,000 of them, held in memory with their records, are 200 MB and more. */
const MESSAGE = 'x'.repeat(1_000);
/** How long a bulk task works, in milliseconds: about what a small picture or a feed takes. */
const WORK_MS = 100;
/** No process may grow by more, in megabytes, once a tenth of it has come in: half of what the rest would take. */
const GROWTH_MB = 100;
/** A thousand tasks due at one moment are published within so many milliseconds. */
const DUE = { count: 1_000, withinMs: 1_000 };
const HOUR_MS = 3_600_000;

/** Issue: with the backlog an interactive task takes at most 1.5 times what it takes on an empty system. */
const SLOWER = 1.5;
/** A clock's tick and a turn of the garbage collector, in milliseconds: the worst of some hundred meets them anyway. */
const JITTER_MS = 25;

const memories = ({ system }: Stage): Memory[] => system.processes.map(memoryOf);

/**
 * Twice, and the second counts: the first tasks of a process are those that it compiles its code for, and after a backlog
 * has come in, the database first tidies up.
 */
async function steadyLatency({ system }: Stage, samples: number): Promise<Latency> {
  await latencyOf(system, samples);
  return latencyOf(system, samples);
}

/**
 * Everything that is submitted waits: the bulk tasks in the broker, the delayed ones in the database. Answers the memory
 * after a tenth of it, when all that has to do with batches has been at work.
 */
async function fill(stage: Stage, count: number): Promise<Memory[]> {
  const began = performance.now();
  const runAt = new Date(Date.now() + HOUR_MS).toISOString();
  const submit = async (some: number): Promise<void> => {
    await submitMany(stage, some, { input: { message: MESSAGE, delayMs: WORK_MS }, lane: 'bulk' });
    await submitMany(stage, some, { input: { message: MESSAGE }, runAt });
  };
  const tenth = Math.ceil(count / 10);
  await submit(tenth);
  const warm = memories(stage);
  await submit(count - tenth);
  stage.note(`${2 * count} accepted in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  await allQueued(stage, 120_000 + count * 5);
  return warm;
}

/**
 * Many due at one moment, while all the others wait and the workers are paused: what is measured is when they are
 * published. Answers the milliseconds until the broker had confirmed the last one.
 */
async function dueTogether(stage: Stage): Promise<number> {
  const due = Date.now() + 5_000;
  await pauseEcho(stage, 'pause');
  const ids = await submitMany(stage, DUE.count, { input: {}, runAt: new Date(due).toISOString() });
  expect(Date.now()).toBeLessThan(due);
  await sleep(due - Date.now());
  const unpublished = { _id: { $in: ids }, state: { $ne: 'queued' } };
  await until('those due to be published', async () =>
    (await countOf(stage, unpublished)) === 0 ? true : undefined,
  );
  const published = (await recordsOf(stage, ids)).map(({ queuedAt }) => queuedAt?.getTime() ?? NaN);
  await pauseEcho(stage, 'resume');
  expect(Math.min(...published)).toBeGreaterThanOrEqual(due);
  return Math.max(...published) - due;
}

/** Notes what was measured, then judges it. */
function judge(
  stage: Stage,
  memory: Record<'empty' | 'warm', Memory[]>,
  latency: Record<'empty' | 'full', Latency>,
) {
  const now = memories(stage);
  const grown = now.map(({ type, peak }, n) => ({
    type,
    empty: memory.empty[n]?.now,
    peak,
    by: peak - (memory.warm[n]?.peak ?? NaN),
  }));
  const { empty, full } = latency;
  stage.note(
    `memory (MB) empty → peak: ${grown.map(({ type, empty: was, peak }) => `${type} ${was} → ${peak}`).join(', ')}`,
  );
  stage.note(`interactive p50/p99: ${latencyText(empty)} empty, ${latencyText(full)} with the backlog`);
  for (const { type, by } of grown)
    stage.demand(`${type} grew by ${by} MB, at most ${GROWTH_MB}`, by <= GROWTH_MB);
  for (const part of ['p50', 'p99'] as const)
    stage.demand(
      `interactive ${part}: ${SLOWER} times the empty system's`,
      full[part] < SLOWER * empty[part] + JITTER_MS,
    );
}

/**
 * `count` tasks wait in the bulk lane, and as many for a later time: no process holds them in its memory, nobody's click
 * waits behind them, and what comes due among them is published in time.
 */
export const backlog = (count: number, samples: number): Scenario => ({
  title: `${count} bulk tasks and ${count} delayed ones wait`,
  processes: { web: 1, clock: 1, 'feed-fetcher': 1, 'image-resizer': 1, 's3-uploader': 1, echo: 1 },
  load: { everyMs: 500, types: ['feed.fetch', 'image.resize', 's3.upload'] },
  faultMs: 300_000 + count * 10,
  settleMs: 120_000,
  async fault(stage) {
    const empty = await steadyLatency(stage, samples);
    const memory = { empty: memories(stage), warm: await fill(stage, count) };
    const full = await steadyLatency(stage, samples);
    const waiting = await countOf(stage, { lane: 'bulk', state: 'queued' });
    stage.note(`${waiting} bulk tasks still waited after that`);
    stage.demand('most of the backlog waited while it was measured', waiting > count / 2);
    const lastMs = await dueTogether(stage);
    stage.note(`${DUE.count} due at one moment: the last published after ${lastMs} ms`);
    judge(stage, memory, { empty, full });
    stage.demand(`all that is due is published in ${DUE.withinMs} ms`, lastMs < DUE.withinMs);
    const began = performance.now();
    const cancelled = await cancelBacklog(stage);
    stage.note(`${cancelled} cancelled in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  },
});
