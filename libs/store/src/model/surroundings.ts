import { tried } from './promises.js';
import { spend, type Part } from './rules.js';
import {
  instant,
  isEnded,
  isBeingPublished,
  isMessageAround,
  PASSED,
  type Message,
  type World,
} from './world.js';

/** What the broker does on its own, or has done to it. */
export const broker: Part = (rules, world, emit) => {
  const poisoned = rules.handler === 'poison message';
  const lost = world.queue.length > 0 && spend(world, 'queueLoss');
  if (lost) {
    const workers = lost.workers.map((worker) => ({ ...worker, channel: false }));
    emit('the queue is deleted', false, { ...lost, queue: [], workers });
  }
  world.queue.forEach((message, i) => {
    if (world.queue.findIndex((other) => alike(other, message)) < i) return;
    const doubled = spend(world, 'duplicate');
    if (doubled) emit('a message is doubled', false, { ...doubled, queue: [...doubled.queue, message] });
    const dying = message.redelivered && (poisoned ? world : spend(world, 'brokerDeath'));
    if (dying) {
      const queue = dying.queue.filter((_, j) => i !== j);
      emit('the broker gives up', poisoned, { ...dying, queue, dead: [...dying.dead, { seq: message.seq }] });
    }
  });
};

const alike = (a: Message, b: Message): boolean => a.seq === b.seq && a.redelivered === b.redelivered;

/** Time passes: what was to be done later is due, and every hold has passed. */
export const time: Part = (_rules, world, emit) => {
  const { task } = world;
  if (task.state !== 'scheduled' || task.dueAt! <= PASSED) return;
  const held = isBeingPublished(world) || isMessageAround(world);
  const from = held ? spend(world, 'slowPublication') : world;
  if (!from) return;
  const free = <T extends { holds: boolean }>(publication?: T) =>
    publication && { ...publication, holds: false };
  emit('time passes', !held, {
    ...from,
    task: { ...task, dueAt: PASSED },
    api: free(from.api),
    clocks: from.clocks.map((clock) => ({ ...clock, publication: free(clock.publication) })),
  });
};

/** People. */
export const operator: Part = (rules, world, emit) => {
  const p = { id: world.task._id, now: instant(world) };
  const cancelling = spend(world, 'cancel');
  if (cancelling) {
    const act = { name: 'cancel', move: rules.table.cancel({ ...p, keepMs: 1 }) } as const;
    emit('cancel', false, tried(cancelling, act, rules.tally) ?? world);
  }
  const requeueing = spend(world, 'requeue');
  if (requeueing) {
    const act = { name: 'requeue', move: rules.table.requeue({ ...p, attempts: 1 }) } as const;
    emit('requeue', false, tried(requeueing, act, rules.tally) ?? world);
  }
};

/** A task may have a time by which it must have begun, and a clock that looks whether it has passed. */
export const deadline: Part = (rules, world, emit) => {
  const { task } = world;
  const passing = task.expiresAt ? undefined : spend(world, 'deadline');
  if (passing) emit('its deadline passes', false, { ...passing, task: { ...task, expiresAt: PASSED } });
  if (!task.expiresAt || isEnded(task)) return;
  const error = { code: 'expired', message: '' };
  const move = rules.table.expire({ id: task._id, error, keepMs: 1, now: instant(world) });
  emit('clock finds it expired', true, tried(world, { name: 'expire', move }, rules.tally) ?? world);
};

/** Moves whose senders gave up waiting arrive after all. */
export const network: Part = (rules, world, emit) => {
  world.flights.forEach((act, i) => {
    const landed: World = { ...world, flights: world.flights.filter((_, j) => i !== j) };
    emit(`late arrival: ${act.name}`, false, tried(landed, act, rules.tally) ?? landed);
  });
};
