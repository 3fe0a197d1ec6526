import { BROKER_DEATHS_ALLOWED } from '../task-record.js';
import { tried } from './promises.js';
import { spend, type Part, type Rules } from './rules.js';
import {
  instant,
  isBeingPublished,
  isMessageAround,
  isWaiting,
  LATER,
  PASSED,
  type Act,
  type Clock,
  type Publication,
  type World,
} from './world.js';

type Emit = Parameters<Part>[2];
/** Puts a publication (or none) back where it was taken from. */
type Put = (world: World, publication?: Publication) => World;

/** The API's first publication, and each clock's relay, message sweep and lease sweep. */
export const publishers: Part = (rules, world, emit) => {
  if (world.api) publish(rules, world, world.api, (next, api) => ({ ...next, api }), emit);
  world.clocks.forEach((clock, i) => {
    const put = (next: World, patch: Partial<Clock>): World => ({
      ...next,
      clocks: next.clocks.map((other, j) => (i === j ? { ...other, ...patch } : other)),
    });
    if (clock.frozen) {
      emit('clock is continued', false, put(world, { frozen: false }));
      return;
    }
    const place: Put = (next, publication) => put(next, { publication });
    if (clock.publication) publish(rules, world, clock.publication, place, emit);
    else look(rules, world, `r${i}`, place, emit);
    sweepLeases(rules, world, clock, (next, watched) => put(next, { watched }), emit);
    const holding = clock.publication ?? clock.watched;
    const frozen = holding && spend(world, 'clockFreeze');
    if (frozen) emit('clock freezes', false, put(frozen, { frozen: true }));
  });
};

/** What a clock's relay and message sweep find. */
function look(rules: Rules, world: World, relay: string, place: Put, emit: Emit): void {
  const { state, seq, holdMs, queuedAt, dueAt } = world.task;
  if (state === 'scheduled' && dueAt! <= PASSED && !rules.without.includes('relay'))
    emit('relay reads', true, place(world, { at: 'read', seq, holdMs, relay, holds: false }));
  if (state !== 'queued' || rules.without.includes('message sweep')) return;
  const lost = !isMessageAround(world) && !isBeingPublished(world);
  const found = lost ? world : spend(world, 'falseLoss');
  if (found)
    emit('message sweep reads', lost, place(found, { at: 'read-lost', seq, holdMs, queuedAt, holds: false }));
}

function publish(rules: Rules, world: World, publication: Publication, place: Put, emit: Emit): void {
  const { seq, holdMs, queuedAt, at, relay = '' } = publication;
  const p = { id: world.task._id, seq, holdMs, relay, now: instant(world) };
  switch (at) {
    case 'read': {
      const next = tried(world, { name: 'relayTake', move: rules.table.relayTake(p), seq }, rules.tally);
      emit(
        'relayTake',
        true,
        next ? place(next, { ...publication, at: 'taken', holds: true }) : place(world),
      );
      break;
    }
    case 'read-lost': {
      const move = rules.table.requeueLost({ ...p, queuedAt: queuedAt! });
      const next = tried(world, { name: 'requeueLost', move, seq }, rules.tally);
      const taken: Publication = { at: 'taken', seq, holdMs, holds: false };
      emit('requeueLost', true, next ? place(next, taken) : place(world));
      break;
    }
    case 'taken': {
      const queue = [...world.queue, { seq, redelivered: false }];
      emit('publish', true, place({ ...world, queue }, { ...publication, at: 'published' }));
      const refused = spend(world, 'refusal');
      if (refused) emit('the broker refuses', false, place(refused, after(publication)));
      break;
    }
    case 'refused': {
      const move = rules.table.relayRelease({ ...p, dueAt: LATER });
      const act: Act = { name: 'relayRelease', move, seq, relay };
      emit('relayRelease', true, place(tried(world, act, rules.tally) ?? world));
      break;
    }
    case 'published':
      confirm(rules, world, seq, place, emit);
  }
  const crashed = at !== 'read' && at !== 'read-lost' && spend(world, 'publisherCrash');
  if (crashed) emit('publisher crashes', false, place(crashed));
}

/** A relay gives a refused task back; the others leave it to the end of its hold. */
const after = (refused: Publication): Publication | undefined =>
  refused.relay === undefined ? undefined : { ...refused, at: 'refused' };

function confirm(rules: Rules, world: World, seq: number, place: Put, emit: Emit): void {
  const move = rules.table.confirmed({ id: world.task._id, seq, now: instant(world) });
  const act: Act = { name: 'confirmed', move, seq };
  emit('confirmed', true, place(tried(world, act, rules.tally) ?? world));
  const lost = spend(world, 'replyLoss');
  if (lost) emit('confirmed, reply lost', false, place({ ...lost, flights: [...lost.flights, act] }));
}

function sweepLeases(
  rules: Rules,
  world: World,
  { watched }: Clock,
  put: (world: World, watched?: Clock['watched']) => World,
  emit: Emit,
): void {
  if (rules.without.includes('lease sweep')) return;
  const { _id: id, state, seq, lease, attempt, attemptLimit } = world.task;
  const now = instant(world);
  if (!watched) {
    if (state !== 'running') return;
    const last = attempt >= attemptLimit;
    emit('lease sweep reads', true, put(world, { id, seq, token: lease!.token, beat: lease!.beat, last }));
    return;
  }
  const error = { code: 'worker-crashed', message: '' };
  const act: Act = watched.last
    ? { name: 'failCrashed', move: rules.table.failCrashed(watched, { error, keepMs: 1, now }), watched }
    : { name: 'sweepLease', move: rules.table.sweepLease(watched, { error, now }), watched };
  emit(act.name, true, put(tried(world, act, rules.tally) ?? world));
}

/** The clock's inbox: each message that the broker gave up on is settled against its document. */
export const inbox: Part = (rules, world, emit) => {
  world.dead.forEach((letter, i) => {
    const { task } = world;
    const { seq, deaths } = letter;
    const others = world.dead.filter((_, j) => i !== j);
    const done = { ...world, dead: others };
    if (deaths === undefined) {
      const wanted = isWaiting(task) && task.seq === seq;
      const read = { ...world, dead: [...others, { seq, deaths: task.brokerDeaths }] };
      emit(wanted ? 'inbox reads' : 'inbox drops', true, wanted ? read : done);
      return;
    }
    const p = { id: task._id, seq, error: { code: 'delivery-limit', message: '' }, now: instant(world) };
    const act: Act =
      deaths < BROKER_DEATHS_ALLOWED
        ? { name: 'putOff', move: rules.table.putOff({ ...p, dueAt: LATER, brokerDeath: true }), seq }
        : { name: 'failWaiting', move: rules.table.failWaiting({ ...p, keepMs: 1 }), seq };
    emit(act.name, true, tried(done, act, rules.tally) ?? done);
    const crashed = spend({ ...world, dead: [...others, { seq }] }, 'inboxCrash');
    if (crashed) emit(`${act.name}, then inbox crashes`, false, tried(crashed, act, rules.tally) ?? crashed);
  });
};
