import { BROKER_DEATHS_ALLOWED, FIRST_HOLD_MS, HAND_BACKS_UNCOUNTED } from '../task-record.js';
import { inbox, publishers } from './clock.js';
import type { System } from './explore.js';
import { checkWorld } from './promises.js';
import type { Rules } from './rules.js';
import { broker, network, deadline, operator, time } from './surroundings.js';
import { IDLE, workers } from './worker.js';
import { isEnded, LATER, worldKey, type World } from './world.js';

const PARTS = [publishers, inbox, workers, broker, time, deadline, operator, network];

/** One task and everything that has to do with it, from the moment when the API has stored it. */
export function taskSystem(rules: Rules): System<World> {
  return {
    first: firstWorld(rules),
    steps: (world, emit) => PARTS.forEach((part) => part(rules, world, emit)),
    key: worldKey,
    check: checkWorld,
    settled: (world) => isSettled(rules, world),
  };
}

function firstWorld({ attemptLimit, clocks, workers: count, bounds }: Rules): World {
  const created = new Date(1);
  return {
    task: {
      _id: 'task',
      state: 'scheduled',
      seq: 0,
      attempt: 0,
      attemptLimit,
      crashes: 0,
      // One before the limits, so that the second hand-back counts and the second broker death is the end.
      handBacks: HAND_BACKS_UNCOUNTED - 1,
      brokerDeaths: BROKER_DEATHS_ALLOWED - 1,
      dueAt: LATER,
      holdMs: FIRST_HOLD_MS,
      waitsFor: [],
      changedAt: created,
    },
    queue: [],
    dead: [],
    api: { at: 'taken', seq: 0, holdMs: FIRST_HOLD_MS, holds: true },
    clocks: Array.from({ length: clocks }, () => ({ frozen: false })),
    workers: Array.from({ length: count }, () => IDLE),
    flights: [],
    left: { ...bounds },
    minted: 1,
  };
}

/** The task has ended and no message of it goes round any more. A poison task must have failed, on its last attempt. */
function isSettled({ handler }: Rules, { task, queue, dead, workers: all }: World): boolean {
  if (!isEnded(task) || queue.length > 0 || dead.length > 0) return false;
  if (handler !== 'sound' && task.state !== 'failed') return false;
  if (handler === 'poison' && task.attempt < task.attemptLimit) return false;
  return all.every((worker) => worker.at === 'idle' || worker.frozen);
}
