import type { TaskContract } from '@offload/contracts/define-task';
import type { TaskMessage } from '@offload/contracts/task';
import type { Delivery } from '@offload/broker/consume';
import { NotPublished, type Publisher } from '@offload/broker/publish';
import { expire, failCrashed, putOff, type Holder } from '@offload/store/moves';
import type { Store } from '@offload/store/open-store';
import { EXPIRED, runsAlone, type TaskRecord } from '@offload/store/task-record';
import type { Claim, Doubts } from '@offload/store/tasks';
import type { Changed } from './announce.js';
import type { Log } from './handler.js';
import { BEAT_MS } from './leases.js';
import { pause } from '@offload/runtime/pause';
import { NotYet, persist } from '@offload/store/persist';

export interface ClaimDeps {
  contract: TaskContract;
  store: Pick<Store, 'tasks' | 'dependencies' | 'stats'>;
  publisher: Pick<Publisher, 'publishDead'>;
  log: Log;
  /** Names this worker in leases. */
  worker: string;
  /**
   * Resolves when nothing else runs in this worker, and keeps it so for this delivery; false: there is nothing to
   * begin any more.
   */
  beAlone(): Promise<boolean>;
  /** Aborts when there is no time left to wait for anybody. */
  until: AbortSignal;
  onChanged(task: Changed, state: 'running' | 'failed'): void;
}

/** What settles a message without claiming it. */
type Settling = Omit<ClaimDeps, 'beAlone'>;

export type Claimed = Extract<Claim, { kind: 'claimed' }>;

/** A taker sees the beat stand still so many times, a beat's time apart. */
const STILL = 3;

const NEWER_WORKER_MS = 30_000;

/**
 * Turns a delivery into a claimed task. null: there was nothing to do with this message and it has been settled
 * (acked after what it stood for was stored), or there is no time left and it stays with the broker.
 */
export async function claimDelivery(
  deps: ClaimDeps,
  delivery: Delivery,
  message: TaskMessage,
): Promise<Claimed | null> {
  const { store, worker } = deps;
  const doubts: Doubts = new Set();
  for (;;) {
    const claim = await persist('claim', () => store.tasks.claim(message, worker, doubts), deps);
    if (claim.kind === 'claimed') return announce(deps, claim);
    const { task } = claim;
    if (!task) return dead(deps, delivery, 'no-task', `There is no task ${message.task}.`);
    if (task.state === 'running' && task.seq === message.seq && delivery.redelivered)
      return takeOverWhenStill(deps, delivery, task, doubts);
    if (task.expiresAt && task.expiresAt <= store.tasks.now()) return expired(deps, delivery, task);
    // Still claimable: the store answered an older state; look again rather than lose the message.
    if (task.seq !== message.seq || !['scheduled', 'queued'].includes(task.state)) {
      deps.log.debug('message is stale', { task: task._id, seq: message.seq, state: task.state });
      delivery.ack();
      return null;
    }
    await pause(BEAT_MS, deps.until);
    if (deps.until.aborted) return null;
  }
}

function announce(deps: ClaimDeps, claim: Claimed): Claimed {
  deps.onChanged(claim.task, 'running');
  return claim;
}

/**
 * A redelivered message whose task is running: its holder may be dead, or live on with a lost channel (it then goes
 * on, and its finish is valid by its token: rule 2). The beat tells.
 */
async function takeOverWhenStill(
  deps: ClaimDeps,
  delivery: Delivery,
  first: TaskRecord,
  doubts: Doubts,
): Promise<Claimed | null> {
  const { store, worker, log } = deps;
  const holder = holderOf(first);
  for (let still = 0; still < STILL;) {
    await pause(BEAT_MS, deps.until);
    if (deps.until.aborted) return null;
    const asked = performance.now();
    const task = await persist('read', () => store.tasks.get(first._id), deps);
    const seen = task?.state === 'running' ? holderOf(task) : null;
    if (!seen || seen.seq !== holder.seq || seen.token !== holder.token || seen.beat !== holder.beat) {
      delivery.ack();
      return null;
    }
    // While the store was away nobody could beat: begin to count anew.
    still = performance.now() - asked > BEAT_MS ? 0 : still + 1;
  }
  if (first.attempt >= first.attemptLimit) return failWorkerless(deps, delivery, first, holder);
  // Before the take over: an attempt that waits for its turn would be lost with the next crash.
  const { crashes, attempt, attemptLimit } = first;
  const alone = runsAlone({ crashes: crashes + 1, attempt: attempt + 1, attemptLimit });
  if (alone && !(await deps.beAlone())) return null;
  const claim = await persist('take over', () => store.tasks.takeOver(holder, worker, doubts), deps);
  if (claim.kind === 'claimed') {
    log.warn('took over from a worker that gave no sign of life', {
      task: first._id,
      from: first.lease?.worker,
    });
    return announce(deps, claim);
  }
  delivery.ack();
  return null;
}

async function failWorkerless(
  deps: ClaimDeps,
  delivery: Delivery,
  task: TaskRecord,
  holder: Holder,
): Promise<null> {
  const { tasks, dependencies } = deps.store;
  const error = {
    code: 'worker-crashed',
    message: `Its worker ended in the middle of it, at attempt ${task.attempt} of ${task.attemptLimit}.`,
  };
  const move = () => failCrashed(holder, { error, keepMs: task.keepMs, now: tasks.now() });
  if (await persist('fail', () => tasks.apply(move()), deps)) ended(deps, task);
  delivery.ack();
  await persist('effects', () => dependencies.carryOut([task._id]), deps);
  return null;
}

/** It was not begun by its `expiresAt`. */
async function expired(deps: ClaimDeps, delivery: Delivery, task: TaskRecord): Promise<null> {
  const { tasks, dependencies } = deps.store;
  const { _id: id, keepMs } = task;
  const move = () => expire({ id, keepMs, error: EXPIRED, now: tasks.now() });
  if (await persist('expire', () => tasks.apply(move()), deps)) ended(deps, task);
  delivery.ack();
  await persist('effects', () => dependencies.carryOut([id]), deps);
  return null;
}

function ended(deps: ClaimDeps, task: TaskRecord): void {
  deps.store.stats.ended(task, 'failed');
  deps.onChanged(task, 'failed');
}

const holderOf = (task: TaskRecord): Holder => ({
  id: task._id,
  seq: task.seq,
  token: task.lease?.token ?? '',
  beat: task.lease?.beat ?? 0,
});

/** A message that can never be done goes to tasks.dead with its reason, and is acked when it has arrived there. */
export async function dead(deps: Settling, delivery: Delivery, code: string, detail: string): Promise<null> {
  deps.log.error('a message that cannot be done goes to tasks.dead', { code, detail });
  await persist('dead letter', () => publishedDead(deps, delivery, code, detail), deps);
  delivery.ack();
  return null;
}

async function publishedDead(
  deps: Settling,
  delivery: Delivery,
  code: string,
  detail: string,
): Promise<void> {
  const outcome = await deps.publisher.publishDead(delivery.message, code, detail).catch((error: unknown) => {
    if (error instanceof NotPublished) return error.code;
    throw error;
  });
  if (outcome !== 'confirmed') throw new NotYet(`The broker has not taken the dead letter: ${outcome}.`);
}

/** A message of a newer version than this worker knows waits for a newer worker, uncounted (rule 11). */
export async function putOffNewer(deps: Settling, delivery: Delivery, message: TaskMessage): Promise<null> {
  const { contract, store, log } = deps;
  const text = `It needs a worker that knows version ${message.version} of ${contract.type}; this one knows ${contract.version}.`;
  log.warn('message is of a newer version; put off', { task: message.task, version: message.version });
  const move = () =>
    putOff({
      id: message.task,
      seq: message.seq,
      error: { code: 'needs-newer-worker', message: text },
      dueAt: new Date(store.tasks.now().getTime() + NEWER_WORKER_MS),
      brokerDeath: false,
      now: store.tasks.now(),
    });
  await persist('put off', () => store.tasks.apply(move()), deps);
  delivery.ack();
  return null;
}
