import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Scenario, Stage } from '../../support/chaos-stage.js';
import type { ProcessType } from '../../support/processes.js';
import { holderPid, storedTask } from '../../support/stored-task.js';

const WORKERS = ['feed-fetcher', 'http-fetcher', 'image-resizer', 's3-uploader', 'echo'] as const;

/** Issue: worker killed → its task running elsewhere. */
const TAKEN_OVER_MS = 5_000;

function pick<T>(items: readonly T[]): T {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to choose from.');
  return item;
}

/** SIGKILL of random workers every 2–5 s; each is started again, as a supervisor does. */
export const killedWorkers = (kills: number): Scenario => ({
  title: `${kills} random workers are killed, one every 2–5 s`,
  mayFail: ['worker-crashed'],
  faultMs: kills * 10_000,
  async fault({ system, running }) {
    for (let n = 0; n < kills; n++) {
      await sleep(2_000 + Math.random() * 3_000);
      const type = pick(WORKERS);
      const victim = pick(running(type));
      victim.signal('SIGKILL');
      await victim.exited;
      await system.start(type);
    }
  },
});

/** The worker that holds a task is killed: another one of its type has it soon. */
export const takenOver: Scenario = {
  title: 'the worker that holds a task is killed',
  processes: { web: 1, clock: 1, echo: 2, 'feed-fetcher': 1 },
  load: { types: ['feed.fetch', 'system.echo'] },
  async fault({ system, account, recovered, running }) {
    const { id, type } = await system.submit('system.echo', { message: 'long', delayMs: 6_000 });
    account({ id, type });
    const held = await storedTask(system, id, ({ state }) => state === 'running');
    const holder = running('echo').find(({ pid }) => pid === holderPid(held));
    holder?.signal('SIGKILL');
    const at = performance.now();
    const taken = await storedTask(
      system,
      id,
      (task) => task.state === 'running' && task.lease?.token !== held.lease?.token,
    );
    recovered('killed → running elsewhere', performance.now() - at, TAKEN_OVER_MS);
    expect(taken.attempt).toBe(2);
  },
};

/** What a worker has just done when SIGTERM reaches it: a line of its log, or a request of its handler. */
type Step = 'consuming' | 'in the handler' | 'stored, not acked yet' | 'acked, closing';

async function reach(step: Step, stage: Stage, worker: { lines: { find: FindLine } }): Promise<void> {
  if (step === 'consuming') return;
  if (step === 'in the handler') {
    const { length } = stage.origin.requests;
    while (stage.origin.requests.length === length) await sleep(5);
    return;
  }
  await worker.lines.find((line) => line.includes(' debug done '), 'a task to be done');
  // The ack is sent at the end of the event loop's turn.
  if (step === 'acked, closing') await sleep(5);
}
type FindLine = (fits: (line: string) => boolean, what: string) => Promise<string>;

/** SIGTERM at every step of a task: in order, with code 0, and no attempt is counted. */
export const stoppedAtEveryStep = (rounds: number): Scenario => ({
  title: `workers get SIGTERM at each step of a task, ${rounds === 1 ? 'once' : `${rounds} times`} each`,
  processes: { web: 1, clock: 1, 'feed-fetcher': 1, echo: 1 },
  // A grace shorter than the work: what is in hand has to be handed back.
  env: { DRAIN_MS: '100' },
  load: { types: ['feed.fetch', 'system.echo'], everyMs: 30 },
  async fault(stage) {
    const steps: Step[] = ['consuming', 'in the handler', 'stored, not acked yet', 'acked, closing'];
    for (let round = 0; round < rounds; round++)
      for (const step of steps)
        await Promise.all(
          (['feed-fetcher', 'echo'] as const).map(async (type) => {
            const worker = await stage.system.start(type);
            await reach(step, stage, worker);
            worker.signal('SIGTERM');
            expect({ step, type, code: await worker.exited }).toEqual({ step, type, code: 0 });
          }),
        );
  },
});

/** Deploys over a backlog: the workers of a type one after the other, all types at once. */
export const rollingRestarts = (times: number, load: { everyMs: number; workMs: number }): Scenario => ({
  title: `all workers are stopped in order and started again ${times} times, over a backlog`,
  load,
  env: { DRAIN_MS: '200' },
  faultMs: times * 20_000,
  async fault({ system, running }) {
    const restart = async (type: ProcessType): Promise<void> => {
      for (const old of running(type)) {
        old.signal('SIGTERM');
        const [code] = await Promise.all([old.exited, system.start(type)]);
        expect({ type, code }).toEqual({ type, code: 0 });
      }
    };
    for (let n = 0; n < times; n++) await Promise.all(WORKERS.map(restart));
  },
});

/** Freezes a worker beyond its lease: it is taken over, and what it says when it goes on changes nothing. */
export async function freezeWorker(stage: Stage, type: ProcessType, ms: number): Promise<void> {
  const { system, account } = stage;
  // Long enough for it to be frozen before it is through, on a busy machine, too.
  const { id, type: taskType } = await system.submit('system.echo', { message: 'frozen', delayMs: 6_000 });
  account({ id, type: taskType });
  const held = await storedTask(system, id, ({ state }) => state === 'running');
  const frozen = stage.running(type).find(({ pid }) => pid === holderPid(held));
  if (!frozen) throw new Error('Nobody holds the task.');
  frozen.signal('SIGSTOP');
  const at = performance.now();
  const ended = await storedTask(system, id, ({ state }) => state === 'succeeded', ms + 30_000);
  stage.note(
    `the frozen worker's task was done elsewhere after ${((performance.now() - at) / 1000).toFixed(1)} s`,
  );
  await sleep(Math.max(0, ms - (performance.now() - at)));
  frozen.signal('SIGCONT');
  // It finds out by its next beat, or when it wants to store.
  await frozen.lines.find(
    (line) => line.includes(id) && LATE.test(line),
    'the late worker to notice',
    30_000,
  );
  const after = await storedTask(system, id, () => true);
  expect({ result: after.result, token: after.lastToken, attempt: after.attempt }).toEqual({
    result: ended.result,
    token: ended.lastToken,
    attempt: 2,
  });
}
const LATE = /the lease was lost|came too late/;
