import type { abortedBatch, completeBatch } from '../batch-record.js';
import { OPEN, type Move } from '../move.js';
import { Broken, type Emit, type System } from './explore.js';
import { appliedForModel, matches } from './interpreter.js';
import { blockedTask, isEnded, type Table, type Task } from './world.js';

/** How often each fault or event may happen; what is not named never does. */
export interface BatchBounds {
  /** The maker, a clock or a finisher dies in between. */
  crash?: number;
  cancelled?: number;
  requeued?: number;
}

export interface BatchRules {
  table: Table;
  batchTable: { abortedBatch: typeof abortedBatch; completeBatch: typeof completeBatch };
  bounds: BatchBounds;
  tasks: number;
  clocks: number;
  without: ('look at blocked tasks' | 'look at open batches' | 'mark' | 'look by ids')[];
  matched: Set<string>;
}

interface Doc {
  _id: string;
  completedAt: Date | null;
  aborted?: boolean;
}

type Op =
  /** The maker's way. */
  | { op: 'insert'; task: number }
  | { op: 'commit' }
  | { op: 'release'; task: number }
  /** Giving up. */
  | { op: 'abort' | 'remove' }
  /** Looking for the end: along the index, at the document, by ids. */
  | { op: 'look' | 'read' | 'look again' | 'complete' };

interface BatchWorld {
  /** null: not inserted yet; undefined: removed. */
  tasks: (Task | null | undefined)[];
  doc?: Doc;
  /** The maker first, then the clocks, then one for each task: who ended it. */
  agents: Op[][];
  accepted: boolean;
  told: number;
  left: Record<string, number>;
}

const NOW = new Date(1_000);
const BATCH = 'batch';
const LOOK: Op[] = [{ op: 'look' }];
const idOf = (task: number): string => `task${task}`;
const isOpen = (task: Task | null | undefined): boolean => !!task && OPEN.includes(task.state);

/** A batch and its tasks, its maker, the clocks and those who end its tasks. */
export function batchSystem(rules: BatchRules): System<BatchWorld> {
  const numbers = Array.from({ length: rules.tasks }, (_, i) => i);
  const insertAll = numbers.map((task): Op => ({ op: 'insert', task }));
  return {
    first: {
      tasks: numbers.map(() => null),
      agents: [
        [...insertAll, { op: 'commit' }],
        ...Array.from({ length: rules.clocks + rules.tasks }, (): Op[] => []),
      ],
      accepted: false,
      told: 0,
      left: { ...rules.bounds },
    },
    steps(world, emit) {
      world.agents.forEach((todo, i) => agentSteps(rules, world, todo, i, emit));
      world.tasks.forEach((task, i) => task && taskSteps(rules, world, task, i, emit));
    },
    key: ({ tasks, doc, agents, accepted, told, left }) =>
      JSON.stringify([
        tasks.map((task) => task && [task.state, task.waitsFor.length, task.seq]),
        tasks.map((task) => task === null),
        doc,
        agents,
        accepted,
        told,
        left,
      ]),
    check({ tasks, doc, accepted, told }) {
      const committed = doc !== undefined && !doc.aborted;
      if (accepted && !committed) throw new Broken('P1', 'a batch was answered 202 that is not committed');
      if (committed && tasks.some((task) => !task))
        throw new Broken('P1', 'a task of a committed batch is not there');
      if (told > 1) throw new Broken('once', 'a completion was told twice');
      if (!committed && tasks.some((task) => task && task.state !== 'blocked' && !isEnded(task)))
        throw new Broken('order', 'a task is to run before its batch is committed');
      if (tasks.some((task) => task?.state === 'scheduled' && task.waitsFor.length > 0))
        throw new Broken('order', 'a task is to run that still waits for its batch');
    },
    settled: ({ tasks, doc, agents, told }) => {
      const committed = doc !== undefined && !doc.aborted;
      const idle = agents.every((todo) => todo.length === 0);
      // An ended one that nobody removed expires as any task does.
      if (!committed) return idle && tasks.every((task) => !task || isEnded(task));
      return idle && tasks.every((task) => task && isEnded(task)) && told === 1;
    },
  };
}

function spend(world: BatchWorld, fault: keyof BatchBounds): BatchWorld | undefined {
  const left = world.left[fault] ?? 0;
  return left > 0 ? { ...world, left: { ...world.left, [fault]: left - 1 } } : undefined;
}

const withAgent = (world: BatchWorld, i: number, ops: Op[]): BatchWorld => ({
  ...world,
  agents: world.agents.map((other, j) => (i === j ? ops : other)),
});

const withTask = (world: BatchWorld, i: number, task: Task | undefined): BatchWorld => ({
  ...world,
  tasks: world.tasks.map((other, j) => (i === j ? task : other)),
});

function agentSteps(
  rules: BatchRules,
  world: BatchWorld,
  [op, ...rest]: Op[],
  i: number,
  emit: Emit<BatchWorld>,
): void {
  const name = i === 0 ? 'maker' : i <= rules.clocks ? 'clock' : 'finisher';
  if (!op) {
    if (name === 'clock') clockLooks(rules, world, i, emit);
    return;
  }
  const { next, more } = carriedOut(rules, world, op);
  emit(`${name}: ${op.op}`, true, withAgent(next, i, more ?? rest));
  const crashed = spend(world, 'crash');
  if (crashed) emit(`the ${name} dies`, false, withAgent(crashed, i, []));
}

/** What an idle clock may find. That a batch is given up while its maker lives is a slow maker's fate. */
function clockLooks(rules: BatchRules, world: BatchWorld, i: number, emit: Emit<BatchWorld>): void {
  const { doc, tasks } = world;
  const blocked = tasks.flatMap((task, n) => (task?.state === 'blocked' ? [n] : []));
  if (blocked.length > 0 && !rules.without.includes('look at blocked tasks')) {
    const found: Op[] = !doc ? [{ op: 'abort' }] : doc.aborted ? [{ op: 'remove' }] : releasing(blocked);
    emit('clock looks at blocked tasks', true, withAgent(world, i, found));
  }
  if (doc?.completedAt === null && !rules.without.includes('look at open batches'))
    emit('clock looks at the open batch', true, withAgent(world, i, LOOK));
}

const releasing = (tasks: number[]): Op[] => tasks.map((task) => ({ op: 'release', task }));

type Carried = { next: BatchWorld; more?: Op[] };

/** One step; `more`: what its agent does instead of what it had before it. */
function carriedOut(rules: BatchRules, world: BatchWorld, op: Op): Carried {
  const { doc, tasks } = world;
  switch (op.op) {
    case 'insert':
      return { next: withTask(world, op.task, newTask(op.task)) };
    case 'commit': {
      if (doc) return { next: world, more: [] };
      const next = { ...world, doc: { _id: BATCH, completedAt: null }, accepted: true };
      return { next, more: releasing(tasks.map((_, i) => i)) };
    }
    case 'abort': {
      if (doc && !doc.aborted) return { next: world };
      const mark = rules.without.includes('mark') ? doc : rules.batchTable.abortedBatch(BATCH, NOW);
      return { next: { ...world, doc: mark }, more: [{ op: 'remove' }] };
    }
    case 'remove':
      // Those that a slow maker inserts only later are met by the next look.
      return { next: { ...world, tasks: tasks.map((task) => (task ? undefined : task)) } };
    case 'release': {
      const move = rules.table.releaseAtOnce({ id: idOf(op.task), parents: [BATCH], now: NOW });
      return { next: moved(rules, world, op.task, 'releaseAtOnce', move) };
    }
    case 'look':
    case 'read':
    case 'look again':
    case 'complete':
      return lookedForEnd(rules, world, op.op);
  }
}

function lookedForEnd(
  rules: BatchRules,
  world: BatchWorld,
  op: 'look' | 'read' | 'look again' | 'complete',
): Carried {
  const { doc, tasks } = world;
  const anyOpen = tasks.some(isOpen);
  if (op === 'look') return { next: world, more: anyOpen ? [] : [{ op: 'read' }] };
  if (op === 'read') {
    const next: Op = { op: rules.without.includes('look by ids') ? 'complete' : 'look again' };
    return { next: world, more: doc?.completedAt === null ? [next] : [] };
  }
  if (op === 'look again') return { next: world, more: anyOpen ? [] : [{ op: 'complete' }] };
  const { guard, update } = rules.batchTable.completeBatch({ id: BATCH, now: NOW });
  if (!doc || !matches({ ...doc }, guard)) return { next: world, more: [] };
  // One that people have run again meanwhile is their business.
  if (anyOpen && !rules.bounds.requeued)
    throw new Broken('order', 'a batch was completed that has an open task');
  const after = appliedForModel({ ...doc }, update) as unknown as Doc;
  return {
    next: { ...world, doc: { _id: BATCH, completedAt: after.completedAt }, told: world.told + 1 },
    more: [],
  };
}

/** Applies a move of the table to a task, if it is there and the guard matches. */
function moved(rules: BatchRules, world: BatchWorld, i: number, name: string, move: Move): BatchWorld {
  const task = world.tasks[i];
  if (!task || !matches(task, move.guard)) return world;
  if (name === 'releaseAtOnce' && task.state !== 'blocked')
    throw new Broken('once', 'a task was released twice');
  rules.matched.add(name);
  return withTask(world, i, appliedForModel(task, move.update) as unknown as Task);
}

/** A task's own way, shortened; whoever ends it looks for the end of the batch. */
function taskSteps(
  rules: BatchRules,
  world: BatchWorld,
  task: Task,
  i: number,
  emit: Emit<BatchWorld>,
): void {
  const { table } = rules;
  const p = { id: task._id, seq: task.seq, token: 't', worker: 'w', now: NOW, keepMs: 1, attempts: 1 };
  const finisher = 1 + rules.clocks + i;
  const step = (fair: boolean, name: string, move: Move, from: BatchWorld | undefined = world): void => {
    if (!matches(task, move.guard)) return;
    const next = moved(rules, from, i, name, move);
    const ended = !isEnded(task) && isEnded(next.tasks[i] as Task);
    emit(`${task._id}: ${name}`, fair, ended ? withAgent(next, finisher, LOOK) : next);
  };
  const faulty = (fault: keyof BatchBounds, name: string, move: Move): void => {
    const from = spend(world, fault);
    if (from) step(false, name, move, from);
  };
  step(true, 'claim', table.claim(p));
  step(true, 'finish', table.finish({ ...p, result: {} }));
  faulty('cancelled', 'cancel', table.cancel(p));
  faulty('requeued', 'requeue', table.requeue(p));
  faulty('requeued', 'requeueBlocked', table.requeueBlocked({ ...p, parent: BATCH }));
}

const newTask = (i: number): Task => ({ ...blockedTask(idOf(i), NOW), waitsFor: [BATCH], batch: BATCH });
