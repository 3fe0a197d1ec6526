import type { Delivery } from '@offload/broker/consume';
import { decodeTask } from '@offload/broker/message';
import { isTerminal, type TaskState } from '@offload/contracts/task';
import type { Store } from '@offload/store/open-store';
import type { TaskRecord } from '@offload/store/task-record';
import type { HolderOutcome, Lease } from '@offload/store/tasks';
import type { Changed } from './announce.js';
import { claimDelivery, dead, putOffNewer, type Claimed, type ClaimDeps } from './claim-delivery.js';
import type { Handler, HandlerContext, Log } from './handler.js';
import type { HeldLease, Leases } from './leases.js';
import { GivenUp, persist } from '@offload/store/persist';
import { previousEnd } from './previous-end.js';
import { attemptRemnants } from './remnants.js';
import { resolveReferences } from './resolve-references.js';
import { runAttempt, type Attempt } from './run-attempt.js';
import { decide, moveOf, type Decision, type Outcome } from './run-task.js';
import type { Slots } from './slots.js';
import { taskFiles } from './task-files.js';

export interface WorkDeps extends Omit<ClaimDeps, 'onChanged' | 'beAlone'> {
  store: Pick<Store, 'tasks' | 'dependencies' | 'files' | 'remnants' | 'stats'>;
  handler: Handler<ClaimDeps['contract']>;
  leases: Leases;
  slots: Slots;
  /** Aborts when no new attempt may begin. */
  draining: AbortSignal;
  /** False while the type is paused: nothing is begun, and what was not goes back to the broker. */
  mayBegin(delivery: Delivery): boolean;
  /** Aborts when handlers have to end: what is not through is handed back. */
  handBack: AbortSignal;
  log: Log & { child(fields: Record<string, unknown>): Log };
  onChanged(task: Changed, state: TaskState): void;
}

/** How long a handler that ignored its signal may keep its slot, in milliseconds. */
const DEAF_MS = 30_000;

/**
 * The way of one delivery: decode, wait for a slot, claim, run, store the outcome, ack. Never throws, and acks only
 * after the outcome (or the reason why there is none) is stored.
 */
export async function workDelivery(deps: WorkDeps, delivery: Delivery): Promise<void> {
  const { contract, slots, log } = deps;
  let giveSlotBack: () => void = () => undefined;
  try {
    const decoded = decodeTask(delivery.message, (type) => type === contract.type);
    if (!decoded.ok) return void (await dead(deps, delivery, decoded.code, decoded.detail));
    if (decoded.message.version > contract.version)
      return void (await putOffNewer(deps, delivery, decoded.message));
    const { message } = decoded;
    giveSlotBack = message.alone ? await slots.alone() : await slots.take(message.lane);
    // Unacked it goes to another worker; a lost channel has given it to one already.
    const mayGoOn = (): boolean => !deps.draining.aborted && delivery.channelOpen && deps.mayBegin(delivery);
    if (!mayGoOn()) return;
    const beAlone = async (): Promise<boolean> => {
      giveSlotBack();
      giveSlotBack = await slots.alone();
      return mayGoOn();
    };
    const claimed = await claimDelivery({ ...deps, beAlone }, delivery, message);
    if (!claimed) return;
    const lease = holdLease(deps, claimed);
    const attempt = begin(deps, claimed, lease);
    await settle(deps, delivery, claimed, lease, await attempt.outcome);
    await letGo(attempt, deps.handBack);
  } catch (error) {
    if (!(error instanceof GivenUp)) throw error;
    log.warn('not settled before the stop; the message stays with the broker', { error });
  } finally {
    giveSlotBack();
  }
}

type Held = HeldLease & { lost?: 'lease-lost' | 'cancelled' };

function holdLease(deps: WorkDeps, { task, token }: Claimed): Held {
  const lease: Held = {
    id: task._id,
    token,
    task,
    onLost(why) {
      lease.lost = why;
    },
  };
  deps.leases.hold(lease);
  return lease;
}

function begin(deps: WorkDeps, { task, token }: Claimed, lease: Held): Attempt {
  const log = deps.log.child({ task: task._id, attempt: task.attempt });
  const context: Omit<HandlerContext, 'signal'> = {
    taskId: task._id,
    owner: task.owner,
    attempt: task.attempt,
    previousEnd: previousEnd(task.history),
    log,
    files: taskFiles(deps.store, task, token),
    remnants: attemptRemnants(deps.store.remnants, task, token, deps),
    progress(done, total = null, note = null) {
      lease.progress = { done, total, note };
    },
  };
  const get = (id: string) => persist('references', () => deps.store.tasks.get(id), deps);
  const input = resolveReferences({ get }, task);
  const attempt = runAttempt(deps.contract, deps.handler, input, context, task.timeoutMs);
  lease.onLost = (why) => {
    if (why === 'cancelled') log.info('cancelled; the attempt ends and stores nothing');
    else log.warn('the lease was lost; the attempt ends and stores nothing');
    attempt.abort(why);
  };
  if (lease.lost) lease.onLost(lease.lost);
  const stop = (): void => attempt.abort('stopping');
  if (deps.handBack.aborted) stop();
  else deps.handBack.addEventListener('abort', stop, { once: true });
  void attempt.settled.then(() => deps.handBack.removeEventListener('abort', stop));
  return attempt;
}

/** Resolves when the handler is through; one that ignores its signal is left to itself after DEAF_MS. */
const letGo = ({ settled }: Attempt, handBack: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      handBack.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, DEAF_MS);
    if (handBack.aborted) return done();
    handBack.addEventListener('abort', done, { once: true });
    void settled.then(done);
  });

/** Stores the outcome, then acks, then does what the end of a task sets off. */
async function settle(
  deps: WorkDeps,
  delivery: Delivery,
  { task, token }: Claimed,
  lease: Held,
  outcome: Outcome | { kind: 'lost' },
): Promise<void> {
  const { contract, store, leases, log } = deps;
  let stored: HolderOutcome = 'lost';
  let decision: Decision | undefined;
  if (outcome.kind !== 'lost') {
    const now = store.tasks.now();
    decision = decide(outcome, { contract, task, now, random: Math.random() });
    ({ decision, stored } = await storeDecision(deps, task, lease, decision));
    report(log, task, outcome, decision, stored);
  }
  leases.release(lease);
  delivery.ack();
  const state = stored === 'applied' && decision ? stateAfter(decision) : undefined;
  if (state && decision) count(deps, task, decision);
  if (state) deps.onChanged(task, state);
  if (state !== 'succeeded')
    await afterwards(deps, 'remove files', () => store.files.removeOfLease(task._id, token));
  if (state && isTerminal(state))
    await afterwards(deps, 'effects', () => store.dependencies.carryOut([task._id]));
}

/** What the clock's sweeps make up for when it fails here: the message is acked, so nothing is lost with it. */
async function afterwards(deps: WorkDeps, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await persist(what, work, deps);
  } catch (error) {
    if (error instanceof GivenUp) throw error;
    deps.log.error('left to the clock', { what, error });
  }
}

async function storeDecision(
  deps: WorkDeps,
  task: TaskRecord,
  lease: Lease,
  decision: Decision,
): Promise<{ decision: Decision; stored: HolderOutcome }> {
  const { store } = deps;
  const { _id: id, keepMs } = task;
  const move = (of: Decision) => moveOf(of, { id, token: lease.token, keepMs, now: store.tasks.now() });
  try {
    return {
      decision,
      stored: await persist('store', () => store.tasks.settle(move(decision), lease), deps),
    };
  } catch (error) {
    if (error instanceof GivenUp) throw error;
    deps.log.error('the database refuses the result', { task: id, error });
    const message = 'The database refuses to store this result; see the log of the worker.';
    const refused: Decision = { kind: 'dead', error: { code: 'result-refused', message } };
    return {
      decision: refused,
      stored: await persist('store', () => store.tasks.settle(move(refused), lease), deps),
    };
  }
}

/** What became of an attempt, for the statistics. */
function count({ store: { stats, tasks } }: WorkDeps, task: TaskRecord, { kind }: Decision): void {
  const runMs = task.startedAt && tasks.now().getTime() - task.startedAt.getTime();
  if (kind === 'done') stats.ended(task, 'succeeded', runMs);
  else if (kind === 'dead') stats.ended(task, 'failed', runMs);
  else if (kind === 'retry') stats.retried(task, runMs);
  else stats.putOff(task);
}

const stateAfter = (decision: Decision): TaskState =>
  decision.kind === 'done' ? 'succeeded' : decision.kind === 'dead' ? 'failed' : 'scheduled';

function report(
  log: Log,
  task: TaskRecord,
  outcome: Outcome,
  decision: Decision,
  stored: HolderOutcome,
): void {
  const fields = { task: task._id, attempt: task.attempt };
  if (stored === 'lost') return log.warn('came too late; nothing was stored', fields);
  if (decision.kind === 'done') return log.debug('done', fields);
  if (decision.kind === 'handed-back') return log.info('handed back', fields);
  const { code, message } = decision.error;
  const why = { ...fields, code, reason: message };
  // The handler asked for it, politeness towards a busy host for instance: nothing has gone wrong.
  if (decision.kind === 'snooze') return log.info('put off', { ...why, dueAt: decision.dueAt });
  const thrown = outcome.kind === 'threw' && { error: outcome.error };
  if (decision.kind === 'dead') log.error('failed', { ...why, ...thrown });
  else log.warn('attempt failed', { ...why, ...thrown, dueAt: decision.dueAt });
}
