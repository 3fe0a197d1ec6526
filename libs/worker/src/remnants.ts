import type { TaskContract } from '@offload/contracts/define-task';
import { pause } from '@offload/runtime/pause';
import type { Log } from './handler.js';
import { persist } from '@offload/store/persist';
import type { RemnantStore } from '@offload/store/remnants';
import type { TaskRecord } from '@offload/store/task-record';

/** What an attempt has made outside and must end: see libs/store/src/remnants.ts. */
export interface Remnants {
  /** Call it before the thing is made. Facts are what the type's workers need to find it; never secrets. */
  note(facts: Record<string, unknown>): Promise<Remnant>;
}

export interface Remnant {
  /** Adds facts, such as the id that the thing was given. */
  add(facts: Record<string, unknown>): Promise<void>;
  /** The thing has ended. While the database is away this tries on in the background: a note too many is harmless. */
  clear(): Promise<void>;
}

/** Ends what a crashed attempt left; throws when it cannot. It may have ended already. */
export type EndRemnant = (facts: Record<string, unknown>, notedAt: Date) => Promise<void>;

/** The remnants of one attempt. */
export function attemptRemnants(
  store: RemnantStore,
  task: Pick<TaskRecord, '_id' | 'type'>,
  token: string,
  options: { log: Log; until: AbortSignal },
): Remnants {
  return {
    async note(facts) {
      const noted = { type: task.type, task: task._id, token, facts };
      const id = await persist('remnant', () => store.note(noted), options);
      return {
        add: (more) => persist('remnant', () => store.add(id, more), options),
        clear: () => persist('remnant', () => store.clear(id), options),
      };
    },
  };
}

/** How often workers look for what was left, in milliseconds; each a little apart from the others. */
const LOOK_MS = 30_000;
const AT_ONCE = 20;

/** Longer than this nobody tries to end it: the operator is told. */
const GIVE_UP_MS = 14 * 24 * 3_600_000;

/**
 * Looks now and then for what crashed attempts of a type have left, whichever worker they were in, and ends it.
 * @returns stops it; resolves when the present turn is through
 */
export function sweepRemnants(
  store: RemnantStore,
  { type }: Pick<TaskContract, 'type'>,
  end: EndRemnant,
  { log, everyMs = LOOK_MS }: { log: Log; everyMs?: number },
): () => Promise<void> {
  const stopped = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        await sweepOnce(store, type, end, log);
      } catch (error) {
        log.warn('what crashed attempts left was not looked at; trying on', { error });
      }
      await pause(everyMs * (0.75 + Math.random() / 2), stopped.signal);
    }
  };
  const running = run();
  return async () => {
    stopped.abort();
    await running;
  };
}

/** One turn; answers how many it ended. */
export async function sweepOnce(
  store: RemnantStore,
  type: string,
  end: EndRemnant,
  log: Log,
): Promise<number> {
  let ended = 0;
  for (const remnant of await store.takeLeft(type, AT_ONCE)) {
    const { _id, task, facts, notedAt, failures } = remnant;
    try {
      await end(facts, notedAt);
      ended += 1;
      await store.clear(_id);
      log.info('ended what a crashed attempt left', { task, ...facts });
    } catch (error) {
      const givenUp = Date.now() - notedAt.getTime() > GIVE_UP_MS;
      const message = givenUp ? 'given up: it stays until you remove it' : 'not ended; trying again later';
      log.warn(`what a crashed attempt left is ${message}`, { task, ...facts, failures, error });
      await (givenUp ? store.clear(_id) : store.putOff(remnant));
    }
  }
  return ended;
}
