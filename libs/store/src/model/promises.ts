import { Broken } from './explore.js';
import { appliedForModel, matches } from './interpreter.js';
import {
  isEnded,
  isWaiting,
  type Act,
  type MoveName,
  type Task,
  type Watched,
  type Worker,
  type World,
} from './world.js';

/** How often each move matched and did not, over a test run: shows that no line of the table went untried. */
export type Tally = Map<MoveName, { matched: number; refused: number }>;

/**
 * Tries a move on the task as the database would. Every change of the task goes through here, so every step is held
 * against the promises.
 * @returns the world after it, or undefined when the guard did not match
 */
export function tried(world: World, act: Act, tally: Tally): World | undefined {
  let count = tally.get(act.name);
  if (!count) tally.set(act.name, (count = { matched: 0, refused: 0 }));
  const before = world.task;
  if (!matches(before, act.move.guard)) {
    count.refused += 1;
    return undefined;
  }
  count.matched += 1;
  const task = appliedForModel(before, act.move.update) as unknown as Task;
  checkMove(before, task, act);
  if (act.name === 'relayTake')
    promise('hold', !isHeld(world), () => 'relayTake took what another process is publishing');
  if (act.name === 'relayRelease')
    promise('hold', act.relay === before.relay, () => "relayRelease ended another process's hold");
  return { ...world, task, minted: world.minted + 1, workers: observed(world, task, act) };
}

/** Whether some process has the present publication in hand and its time for it has not run out. */
function isHeld({ task, api, clocks }: World): boolean {
  return [api, ...clocks.map((clock) => clock.publication)].some((p) => p?.holds && p.seq === task.seq);
}

/** Notes at each worker what the move did to its lease. */
function observed(world: World, task: Task, act: Act): World['workers'] {
  const token = world.task.lease?.token;
  if (token === undefined || token === task.lease?.token) return world.workers;
  return world.workers.map((worker) => {
    if (worker.at === 'idle' || worker.token !== token) return worker;
    return OWN_END.has(act.name) ? { ...worker, stored: act.name } : { ...worker, lostBy: act.name };
  });
}

const RELAY = new Set<MoveName>(['relayTake', 'relayRelease']);
const OWN_END = new Set<MoveName>(['finish', 'fail', 'giveBack']);
const OWN = new Set<MoveName>([...OWN_END, 'beat', 'progress']);
const CRASH = new Set<MoveName>(['takeOver', 'sweepLease', 'failCrashed']);
const MAY_END_A_LEASE = new Set<MoveName>([...OWN_END, ...CRASH, 'cancel']);

function promise(name: string, kept: boolean, detail: () => string): void {
  if (!kept) throw new Broken(name, detail());
}

function checkMove(before: Task, after: Task, act: Act): void {
  const { name, watched } = act;
  const said = (what: string) => () => `${name} ${what}`;
  promise('P3', before.state !== 'succeeded', said('changed a task that had succeeded'));
  promise('P3', !isEnded(before) || name === 'requeue', said('changed a task that had ended'));
  promise('P3', after.result === before.result || name === 'finish', said('touched the result'));
  if (OWN.has(name))
    promise('P3', before.lease?.token === act.token, said('was let in from one who is not the holder'));
  if (OWN_END.has(name))
    promise('P4', after.lastToken === act.token, said('does not let its maker recognise it'));
  if (before.lease && before.lease.token !== after.lease?.token)
    promise('P3', MAY_END_A_LEASE.has(name), said('took the lease from its holder'));
  if (watched)
    promise(
      'P5',
      isAsWatched(before, watched),
      said('ousted a holder that has shown life since it was watched'),
    );
  if (act.seq !== undefined)
    promise('P1', act.seq === before.seq, said('moved another publication than the one it is about'));
  checkCounts(before, after, act);
}

const isAsWatched = ({ lease }: Task, watched: Watched): boolean =>
  lease?.token === watched.token && lease.beat === watched.beat;

function checkCounts(before: Task, after: Task, { name, uncounted }: Act): void {
  const said = (what: string) => () => `${name} ${what}`;
  const back = after.state === 'scheduled' && !RELAY.has(name);
  promise('P1', !back || after.seq > before.seq, said('went back to scheduled under an old seq'));
  promise('P1', back || after.seq === before.seq, said('changed seq without going back to scheduled'));
  promise('P1', before.state !== 'blocked', said('moved a blocked task'));

  const counts = name === 'claim' || name === 'takeOver';
  const expected = before.attempt + (counts ? 1 : 0) - (uncounted ? 1 : 0);
  promise('P5', after.attempt === expected, said(`made attempt ${after.attempt}, not ${expected}`));
  promise('P6', after.attempt <= after.attemptLimit, said('began more attempts than allowed'));
  const crashes = before.crashes + (CRASH.has(name) ? 1 : 0);
  promise('P6', after.crashes === crashes, said(`made crashes ${after.crashes}, not ${crashes}`));
  promise('P6', name === 'requeue' || after.attemptLimit === before.attemptLimit, said('changed the limit'));
}

const PRESENT: Record<Task['state'], { has: (keyof Task)[]; lacks: (keyof Task)[] }> = {
  blocked: { has: [], lacks: ['lease', 'dueAt', 'queuedAt', 'relay', 'endedAt', 'expireAt', 'result'] },
  scheduled: { has: ['dueAt'], lacks: ['lease', 'queuedAt', 'endedAt', 'expireAt', 'result'] },
  queued: { has: ['queuedAt'], lacks: ['lease', 'dueAt', 'relay', 'endedAt', 'expireAt', 'result'] },
  running: { has: ['lease', 'startedAt'], lacks: ['dueAt', 'relay', 'endedAt', 'expireAt', 'result'] },
  succeeded: {
    has: ['endedAt', 'expireAt', 'result'],
    lacks: ['lease', 'dueAt', 'queuedAt', 'relay', 'error'],
  },
  failed: { has: ['endedAt', 'expireAt', 'error'], lacks: ['lease', 'dueAt', 'queuedAt', 'relay', 'result'] },
  cancelled: { has: ['endedAt', 'expireAt'], lacks: ['lease', 'dueAt', 'queuedAt', 'relay', 'result'] },
};

/** What must hold in every state, whatever led there. */
export function checkWorld({ task, workers }: World): void {
  const { has, lacks } = PRESENT[task.state];
  for (const field of has) promise('P1', task[field] !== undefined, () => `${task.state} without ${field}`);
  for (const field of lacks) promise('P1', task[field] === undefined, () => `${task.state} with ${field}`);
  promise('P5', task.attempt >= 0, () => `attempt ${task.attempt}`);
  promise('P6', task.attempt <= task.attemptLimit, () => `attempt ${task.attempt} of ${task.attemptLimit}`);
  if (task.state === 'succeeded')
    promise('P3', task.result?.by === task.lastToken, () => 'the result and its files have different makers');
  const holders = workers.filter(
    (w) => w.at === 'working' && w.lostBy === undefined && w.stored === undefined,
  );
  promise('P3', holders.length <= 1, () => 'two workers believe rightly that they hold the task');
}

/** Holds at the moment when a worker acks a message, or drops it on a channel that is gone. */
export function checkAck({ task }: World, worker: Worker): void {
  const mine = worker.sent.includes(task.lease?.token ?? '');
  promise('P4', !mine, () => 'a message was acked by the holder before the outcome was stored');
  const needed = isWaiting(task) && task.seq === worker.message.seq;
  promise('P4', !needed, () => 'a message was acked whose publication still waits for a worker');
}

/** Holds when a worker that is unsure of its outcome has read the document, and found it its own or not. */
export function checkReading(worker: Worker, found: boolean): void {
  promise('P4', found || worker.stored !== 'finish', () => 'a worker took its own stored result for lost');
  promise(
    'P4',
    !found || worker.stored !== undefined,
    () => "a worker took another's move for its own outcome",
  );
}
