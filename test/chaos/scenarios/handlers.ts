import { systemEcho } from '@offload/contracts/system-echo';
import { newTask } from '@offload/store/new-task';
import { expect } from '@jest/globals';
import type { Scenario, Stage } from '../../support/chaos-stage.js';
import { withStore } from '../../support/stored-task.js';

/** How each misdeed ends, by the code of its task. */
const ENDS = { deaf: 'timeout', spin: 'worker-crashed', exit: 'worker-crashed', leak: 'worker-crashed' };
const ATTEMPTS = 2;
/** Attempts that a crash beside it may cost an innocent task. */
const MAY_LOSE = 2;

/** A supervisor's work: a rogue worker that ends is started again, until the answer is called. */
function keepRunning({ system }: Stage, count: number): () => Promise<void> {
  let wanted = true;
  const env = { WATCHDOG_MS: '1000', NODE_OPTIONS: '--max-old-space-size=80' };
  const keep = async (): Promise<void> => {
    while (wanted) {
      const worker = await system.start('rogue', env).catch((error: unknown) => {
        // A task that was waiting for it may end it before it has said that it works.
        if (!String(error).includes('before it had started')) throw error;
      });
      await worker?.exited;
    }
  };
  const kept = Promise.all(Array.from({ length: count }, keep));
  return async () => {
    wanted = false;
    system.processes.filter(({ type }) => type === 'rogue').forEach((each) => each.signal('SIGTERM'));
    await kept;
  };
}

/** Tasks whose handler goes wrong, `each` of every kind, among innocent ones in the same workers. */
async function insert(stage: Stage, each: number, innocents: number): Promise<Map<string, string>> {
  const kinds = [...Object.keys(ENDS).flatMap((kind) => Array<string>(each).fill(kind))];
  const messages = [...kinds, ...Array<string>(innocents).fill('innocent')];
  return withStore(stage.system, async ({ tasks }) => {
    const made = messages.map((message) => {
      const bad = message !== 'innocent';
      const input = systemEcho.input.parse({ message, delayMs: bad ? 0 : 300 });
      const options = { owner: 'local', lane: 'interactive', now: tasks.now() } as const;
      const limits = bad ? { timeoutMs: 1_000, maxAttempts: ATTEMPTS } : { maxAttempts: 3 };
      return { ...newTask(systemEcho, input, { ...options, ...limits }), dueAt: tasks.now() };
    });
    await Promise.all(made.map((task) => tasks.create(task)));
    made.forEach(({ _id: id, type }) => stage.account({ id, type }));
    return new Map(made.map(({ _id }, n) => [_id, messages[n] ?? '']));
  });
}

/**
 * Handlers that outlive their time limit, never yield the event loop, exit the process, or leak until it is killed:
 * each ends as a dead letter within its attempts, and its neighbours lose at most two of theirs, never the last
 * (docs/decisions/0008-alone-when-it-matters.md).
 */
export const rogueHandlers = (each: number, innocents: number): Scenario => ({
  title: `handlers hang, spin, exit and leak (${each} of each)`,
  processes: { web: 1, clock: 1, 'feed-fetcher': 1 },
  load: { types: ['feed.fetch'] },
  mayFail: ['timeout', 'worker-crashed'],
  faultMs: 60_000 + each * 60_000,
  async fault(stage) {
    const stop = keepRunning(stage, 2);
    try {
      const kinds = await insert(stage, each, innocents);
      for (const [id, kind] of kinds) {
        const task = await stage.system.ended(id, 60_000 + each * 60_000);
        const end = { kind, code: task.error?.code, attempts: kind === 'innocent' ? 0 : task.attempt };
        if (kind === 'innocent') {
          expect({ kind, state: task.state, lost: task.attempt - 1 }).toEqual({
            kind,
            state: 'succeeded',
            lost: expect.any(Number),
          });
          expect(task.attempt - 1).toBeLessThanOrEqual(MAY_LOSE);
        } else expect(end).toEqual({ kind, code: ENDS[kind as keyof typeof ENDS], attempts: ATTEMPTS });
      }
    } finally {
      await stop();
    }
  },
});
