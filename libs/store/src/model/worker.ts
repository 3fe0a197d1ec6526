import { HAND_BACKS_UNCOUNTED } from '../task-record.js';
import { checkAck, checkReading, tried } from './promises.js';
import { spend, type Part, type Rules } from './rules.js';
import {
  instant,
  isWaiting,
  isWatched,
  LATER,
  type Act,
  type Message,
  type Outcome,
  type Worker,
  type World,
} from './world.js';

/** A worker process as the design wants it: claim or take over, work, store the outcome, ack (section 5, rule 1). */
export const workers: Part = (rules, world, emit) => {
  world.workers.forEach((worker, i) => {
    if (worker.at === 'idle') deliver(world, i, emit);
    else if (worker.frozen) {
      emit('worker is continued', false, change(world, i, { frozen: false }));
      // Its heartbeats are missed, so the broker closes its connection.
      if (worker.channel) emit('broker drops a frozen worker', true, withoutChannel(world, i));
    } else {
      STEPS[worker.at](rules, world, i, worker, emit);
      faults(rules, world, i, worker, emit);
    }
  });
};

export const IDLE: Worker = {
  at: 'idle',
  message: { seq: -1, redelivered: false },
  channel: false,
  token: '',
  sent: [],
  frozen: false,
  last: false,
  counted: false,
};

type Emit = Parameters<Part>[2];
type Step = (rules: Rules, world: World, i: number, worker: Worker, emit: Emit) => void;

function change(world: World, i: number, patch: Partial<Worker>): World {
  return {
    ...world,
    workers: world.workers.map((worker, j) => (i === j ? { ...worker, ...patch } : worker)),
  };
}

const replace = (world: World, i: number, worker: Worker): World => ({
  ...world,
  workers: world.workers.map((other, j) => (i === j ? worker : other)),
});

function withoutChannel(world: World, i: number): World {
  const { seq } = world.workers[i]!.message;
  return { ...change(world, i, { channel: false }), queue: [...world.queue, { seq, redelivered: true }] };
}

function deliver(world: World, i: number, emit: Emit): void {
  const seen = new Set<string>();
  world.queue.forEach((message: Message, at) => {
    const kind = `${message.seq}${message.redelivered}`;
    if (seen.has(kind)) return;
    seen.add(kind);
    const next = { ...world, queue: world.queue.filter((_, j) => j !== at) };
    emit('deliver', true, replace(next, i, { ...IDLE, at: 'delivered', message, channel: true }));
  });
}

/** Which handler is the worker's death in this step. */
const FATAL: Partial<Record<Worker['at'], Rules['handler']>> = {
  delivered: 'poison message',
  working: 'poison',
};

function faults(rules: Rules, world: World, i: number, worker: Worker, emit: Emit): void {
  const poison = rules.handler === FATAL[worker.at];
  const crashed = poison ? world : spend(world, 'crash');
  if (crashed) {
    const returned = worker.channel ? withoutChannel(crashed, i) : crashed;
    emit('worker crashes', poison, replace(returned, i, IDLE));
  }
  const cut = worker.channel && spend(world, 'channelLoss');
  if (cut) emit('worker loses its channel', false, withoutChannel(cut, i));
  const frozen = spend(world, 'freeze');
  if (frozen) emit('worker freezes', false, change(frozen, i, { frozen: true }));
}

/** Sends a move: it is answered, or its reply is lost and only a later reading can tell. */
function send(
  rules: Rules,
  world: World,
  i: number,
  act: Act,
  emit: Emit,
  then: { matched: (world: World) => World; refused: Partial<Worker>; lost: Partial<Worker> },
): void {
  const next = tried(world, act, rules.tally);
  emit(act.name, true, next ? then.matched(next) : change(world, i, then.refused));
  const lost = spend(world, 'replyLoss');
  if (lost) {
    const sent = { ...lost, flights: [...lost.flights, act] };
    emit(`${act.name}, reply lost`, false, change(sent, i, then.lost));
  }
}

/** Work begins under the lease that the document names; it is one of this delivery's. */
function startWork(world: World, i: number): World {
  const { attempt, attemptLimit, handBacks, lease } = world.task;
  return change(world, i, {
    at: 'working',
    token: lease!.token,
    last: attempt >= attemptLimit,
    counted: handBacks >= HAND_BACKS_UNCOUNTED,
    watched: undefined,
    stored: undefined,
    lostBy: undefined,
  });
}

/** A call that may bring a lease, under a token of its own. */
function calling(world: World, i: number): { world: World; token: string } {
  const token = `t${world.minted}`;
  const sent = [...world.workers[i]!.sent, token];
  return { token, world: change({ ...world, minted: world.minted + 1 }, i, { token, sent }) };
}

/** Whether the present lease came from a call of this delivery, as far as the worker remembers. */
function isOwn({ without }: Rules, { token, sent }: Worker, lease: World['task']['lease']): boolean {
  if (!lease) return false;
  return without.includes('remembering tokens') ? lease.token === token : sent.includes(lease.token);
}

const delivered: Step = (rules, before, i, { message }, emit) => {
  if (rules.handler === 'poison message') return;
  const { world, token } = calling(before, i);
  const { task } = world;
  const now = instant(world);
  const p = { id: task._id, seq: message.seq, token, worker: 'w', now };
  const act: Act = { name: 'claim', move: rules.table.claim(p), seq: message.seq, token };
  const looking: Partial<Worker> = { at: 'looking' };
  const matched = (next: World) => startWork(next, i);
  send(rules, world, i, act, emit, { matched, refused: looking, lost: looking });

  const old = spend(world, 'tooNew');
  if (!old) return;
  const error = { code: 'needs-newer-worker', message: '' };
  const move = rules.table.putOff({ ...p, error, dueAt: LATER, brokerDeath: false });
  const putOff: Act = { name: 'putOff', move, seq: message.seq };
  const acking = (next: World) => change(next, i, { at: 'acking' });
  send(rules, old, i, putOff, emit, { matched: acking, refused: looking, lost: looking });
};

const looking: Step = (rules, world, i, worker, emit) => {
  const { task } = world;
  const { message } = worker;
  const stale = task.seq !== message.seq;
  if (isOwn(rules, worker, task.lease)) emit('worker sees that it has claimed', true, startWork(world, i));
  else if (isWaiting(task) && !stale)
    emit('worker claims again', true, change(world, i, { at: 'delivered' }));
  else if (task.state === 'running' && !stale && message.redelivered) {
    const last = task.attempt >= task.attemptLimit;
    const watched = { id: task._id, seq: task.seq, token: task.lease!.token, beat: task.lease!.beat, last };
    emit('worker watches the holder', true, change(world, i, { at: 'watching', watched }));
  } else emit('worker finds the message stale', true, change(world, i, { at: 'acking' }));
};

const watching: Step = (rules, before, i, worker, emit) => {
  const { lease } = before.task;
  const holder = worker.watched!;
  const lives = lease?.token !== holder.token || lease.beat !== holder.beat;
  // The new holder may be itself: then its take over did arrive, and only the reply was lost.
  const at = isOwn(rules, worker, lease) ? 'looking' : 'acking';
  if (lives) emit('worker sees the holder live', true, change(before, i, { at, watched: undefined }));
  const { world, token } = calling(before, i);
  const now = instant(world);
  const looking: Partial<Worker> = { at: 'looking', watched: undefined };
  const error = { code: 'worker-crashed', message: '' };
  const act: Act = holder.last
    ? {
        name: 'failCrashed',
        move: rules.table.failCrashed(holder, { error, keepMs: 1, now }),
        watched: holder,
      }
    : {
        name: 'takeOver',
        move: rules.table.takeOver(holder, { token, worker: 'w', now }),
        token,
        watched: holder,
      };
  const matched = (next: World) =>
    holder.last ? change(next, i, { at: 'acking', watched: undefined }) : startWork(next, i);
  send(rules, world, i, act, emit, { matched, refused: looking, lost: looking });
};

const working: Step = (rules, world, i, { token, last, counted }, emit) => {
  const ends = (outcome: Outcome, from: World | undefined, fair: boolean) => {
    if (from) emit(`handler ends: ${outcome}`, fair, change(from, i, { at: 'settling', outcome }));
  };
  if (rules.handler === 'sound') {
    ends('finish', world, true);
    ends('fail', spend(world, 'failure'), false);
    ends(last ? 'fail' : 'retry', spend(world, 'retry'), false);
    ends('snooze', spend(world, 'snooze'), false);
    // Past the uncounted ones a hand-back is an attempt like any other, so the last one ends the task.
    ends(counted && last ? 'fail' : 'hand-back', spend(world, 'handBack'), false);
  }
  const p = {
    id: world.task._id,
    token,
    progress: { done: 1, total: null, note: null },
    now: instant(world),
  };
  tried(world, { name: 'progress', move: rules.table.progress(p), token }, rules.tally);
  const beaten = tried(world, { name: 'beat', move: rules.table.beat(p), token }, rules.tally);
  if (!beaten) emit('beat finds the lease lost', true, change(world, i, { at: 'acking' }));
  // A beat that nobody compares with an earlier one makes no difference.
  else if (isWatched(world)) emit('beat', true, beaten);
};

const settling: Step = (rules, world, i, worker, emit) => {
  const acking = (next: World) => change(next, i, { at: 'acking' });
  const unsure: Partial<Worker> = { at: rules.without.includes('reading back') ? 'acking' : 'unsure' };
  const act = settlement(rules, world, worker);
  send(rules, world, i, act, emit, { matched: acking, refused: unsure, lost: unsure });
};

function settlement({ table }: Rules, world: World, { outcome, token, counted }: Worker): Act {
  const p = { id: world.task._id, token, now: instant(world), keepMs: 1, dueAt: LATER };
  const error = { code: 'some-error', message: '' };
  switch (outcome) {
    case 'finish':
      return { name: 'finish', move: table.finish({ ...p, result: { by: token } }), token };
    case 'retry':
    case 'snooze':
    case 'hand-back': {
      const counts = outcome === 'retry' || (outcome === 'hand-back' && counted);
      const handBack = outcome === 'hand-back' ? { counted } : {};
      const move = table.giveBack({ ...p, kind: outcome, error, ...handBack });
      return { name: 'giveBack', move, token, uncounted: !counts };
    }
    case 'fail':
    case undefined:
      return { name: 'fail', move: table.fail({ ...p, error }), token };
  }
}

const unsure: Step = (_rules, world, i, worker, emit) => {
  const { lease, lastToken } = world.task;
  if (lease?.token === worker.token)
    emit('worker sees that its outcome is not stored', true, change(world, i, { at: 'settling' }));
  else {
    const found = lastToken === worker.token;
    checkReading(worker, found);
    const what = found ? 'stored' : 'not wanted any more';
    emit(`worker sees that its outcome is ${what}`, true, change(world, i, { at: 'acking' }));
  }
};

const acking: Step = (_rules, world, i, worker, emit) => {
  checkAck(world, worker);
  emit('ack', true, replace(world, i, IDLE));
};

const STEPS: Record<Exclude<Worker['at'], 'idle'>, Step> = {
  delivered,
  looking,
  watching,
  working,
  settling,
  unsure,
  acking,
};
