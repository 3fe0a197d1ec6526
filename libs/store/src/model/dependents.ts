import type { Move } from '../move.js';
import type { Effect } from '../task-record.js';
import { Broken, type Emit, type System } from './explore.js';
import { appliedForModel, matches } from './interpreter.js';
import { blockedTask, isEnded, type Table, type Task } from './world.js';

/** How often each fault or event may happen; what is not named never does. */
export interface DependencyBounds {
  /** Whoever settles a dependent or carries out effects dies in between. */
  crash?: number;
  parentFails?: number;
  parentCancelled?: number;
  parentRequeued?: number;
  /** An ended parent expires. */
  parentRemoved?: number;
  dependentCancelled?: number;
  dependentRequeued?: number;
}

export interface DependencyRules {
  table: Table;
  bounds: DependencyBounds;
  parents: number;
  clocks: number;
  without: ('second look' | 'effects sweep')[];
  matched: Set<string>;
}

type Parent = Task & { effects?: Effect[] };

/** A move of the dependent. */
type Settling = { op: 'at once' | 'done' | 'fail'; parent: number } | { op: 'release' };

/** One step of settling a dependent (register, read, act) or of carrying out a parent's effects (find, act, clear). */
type Op =
  | { op: 'insert' }
  | { op: 'register' | 'read'; parent: number }
  | Settling
  | { op: 'find' | 'clear'; parent: number; seen: Task['state']; seq: number };

interface DependencyWorld {
  /** undefined: removed. */
  parents: (Parent | undefined)[];
  dependent?: Task;
  /** The dependent's creator first, then the clocks: what each still has to do. */
  agents: Op[][];
  left: Record<string, number>;
}

const NOW = new Date(1_000);
const nameOf = (parent: number): string => `parent${parent}`;
const everyParent = (op: 'register' | 'read', parents: number[]): Op[] =>
  parents.map((parent) => ({ op, parent }));
const settling = (parents: number[]): Op[] => [
  ...everyParent('register', parents),
  ...everyParent('read', parents),
  ...(parents.length === 0 ? [{ op: 'release' } as const] : []),
];

/** A task that waits for one or two others, whoever settles it, and what may happen to its parents meanwhile. */
export function dependencySystem(rules: DependencyRules): System<DependencyWorld> {
  const numbers = Array.from({ length: rules.parents }, (_, i) => i);
  return {
    first: {
      // One that another dependent has registered already: a late clearing of that must not lose this one.
      parents: numbers.map((i) => ({
        ...blockedTask(nameOf(i), NOW),
        state: 'queued',
        queuedAt: NOW,
        effects: ['release'],
      })),
      agents: [[{ op: 'insert' }, ...settling(numbers)], ...Array.from({ length: rules.clocks }, () => [])],
      left: { ...rules.bounds },
    },
    steps: (world, emit) => {
      world.agents.forEach((todo, i) => agentSteps(rules, world, todo, i, emit));
      world.parents.forEach((parent, i) => parent && parentSteps(rules, world, parent, i, emit));
      operator(rules, world, emit);
    },
    key: ({ parents, dependent, agents, left }) =>
      JSON.stringify([
        parents.map((parent) => parent && [parent.state, parent.effects, parent.seq]),
        dependent && [dependent.state, dependent.waitsFor],
        agents[0],
        agents
          .slice(1)
          .map((todo) => JSON.stringify(todo))
          .sort(),
        left,
      ]),
    check: ({ dependent }) => {
      const early = dependent?.state === 'scheduled' && dependent.waitsFor.length > 0;
      if (early) throw new Broken('order', 'a dependent is to run before its parents have succeeded');
    },
    settled: ({ parents, dependent, agents }) =>
      dependent?.state !== 'blocked' &&
      parents.every((parent) => !parent || (isEnded(parent) && !parent.effects)) &&
      agents.every((todo) => todo.length === 0),
  };
}

function spend(world: DependencyWorld, fault: keyof DependencyBounds): DependencyWorld | undefined {
  const left = world.left[fault] ?? 0;
  return left > 0 ? { ...world, left: { ...world.left, [fault]: left - 1 } } : undefined;
}

/** Applies a move of the table to a task; undefined when its guard did not match. */
function moved<T extends Task>(rules: DependencyRules, task: T, name: string, move: Move): T | undefined {
  if (!matches(task, move.guard)) return undefined;
  rules.matched.add(name);
  return appliedForModel(task, move.update) as unknown as T;
}

/** People cancel the dependent, and have it run again. */
function operator(rules: DependencyRules, world: DependencyWorld, emit: Emit<DependencyWorld>): void {
  const { table } = rules;
  const { dependent } = world;
  if (!dependent) return;
  const p = { id: dependent._id, keepMs: 1, attempts: 1, now: NOW };
  const parent = dependent.waitsFor[0] ?? '';
  const step = (fault: keyof DependencyBounds, name: keyof Table, move: Move): void => {
    const from = spend(world, fault);
    const next = from && moved(rules, dependent, name, move);
    if (next) emit(`the dependent: ${name}`, false, { ...from, dependent: next });
  };
  step('dependentCancelled', 'cancel', table.cancel(p));
  step('dependentRequeued', 'requeue', table.requeue(p));
  step('dependentRequeued', 'requeueBlocked', table.requeueBlocked({ ...p, parent }));
}

function agentSteps(
  rules: DependencyRules,
  world: DependencyWorld,
  todo: Op[],
  i: number,
  emit: Emit<DependencyWorld>,
): void {
  const put = (from: DependencyWorld, ops: Op[]): DependencyWorld => ({
    ...from,
    agents: from.agents.map((other, j) => (i === j ? ops : other)),
  });
  const [op, ...rest] = todo;
  if (op) {
    const { next, first = [], more } = carriedOut(rules, world, op);
    emit(`${i === 0 ? 'creator' : 'clock'}: ${op.op}`, true, put(next, [...first, ...rest, ...more]));
    const crashed = spend(world, 'crash');
    if (crashed) emit('it dies', false, put(crashed, []));
    return;
  }
  if (i === 0) return;
  const { dependent } = world;
  if (dependent?.state === 'blocked' && !rules.without.includes('second look')) {
    const parents = dependent.waitsFor.map((id) => Number(id.slice('parent'.length)));
    emit('clock looks at it again', true, put(world, settling(parents)));
  }
  world.parents.forEach((parent, p) => {
    if (!parent?.effects || !isEnded(parent) || rules.without.includes('effects sweep')) return;
    emit(
      'clock finds effects',
      true,
      put(world, [{ op: 'find', parent: p, seen: parent.state, seq: parent.seq }]),
    );
  });
}

/** What an agent does then: before all that it had to do still, and after that. */
type Carried = { next: DependencyWorld; first?: Op[]; more: Op[] };

function carriedOut(rules: DependencyRules, world: DependencyWorld, op: Op): Carried {
  const { parents, dependent } = world;
  const done = (next: DependencyWorld = world, more: Op[] = []): Carried => ({ next, more });
  switch (op.op) {
    case 'insert':
      return done({
        ...world,
        dependent: { ...blockedTask('dependent', NOW), waitsFor: parents.map((_, i) => nameOf(i)) },
      });
    case 'register':
      return done(withParent(world, op.parent, (parent) => ({ ...parent, effects: ['release'] })));
    case 'read':
      return done(world, actsOn(op.parent, parents[op.parent]?.state));
    case 'find': {
      const waits = dependent?.state === 'blocked' && dependent.waitsFor.includes(nameOf(op.parent));
      return done(world, waits ? [...actsOn(op.parent, op.seen), op] : [{ ...op, op: 'clear' }]);
    }
    case 'clear':
      return done(
        withParent(world, op.parent, (parent) => {
          const move = rules.table.clearEffects({ id: parent._id, state: op.seen, seq: op.seq });
          return moved(rules, parent, 'clearEffects', move) ?? parent;
        }),
      );
    case 'at once': {
      const next = settled(rules, world, op);
      return { next, first: next === world ? [{ ...op, op: 'done' }, { op: 'release' }] : [], more: [] };
    }
    case 'done':
    case 'fail':
    case 'release':
      return done(settled(rules, world, op));
  }
}

/** What follows for the dependent from a parent's state (undefined: it is gone). */
function actsOn(parent: number, state: Task['state'] | undefined): Op[] {
  if (state === 'succeeded') return [{ op: 'at once', parent }];
  return state === undefined || isEnded({ state }) ? [{ op: 'fail', parent }] : [];
}

const withParent = (
  world: DependencyWorld,
  p: number,
  change: (parent: Parent) => Parent,
): DependencyWorld => ({
  ...world,
  parents: world.parents.map((parent, i) => (parent && i === p ? change(parent) : parent)),
});

function settled(rules: DependencyRules, world: DependencyWorld, op: Settling): DependencyWorld {
  const [name, move] = moveOf(rules, op);
  const before = world.dependent!;
  const after = moved(rules, before, name, move);
  if (!after) return world;
  checkSettling(rules, world, op);
  return { ...world, dependent: after };
}

function moveOf({ table }: DependencyRules, op: Settling): [keyof Table, Move] {
  const id = 'dependent';
  if (op.op === 'release') return ['release', table.release({ id, now: NOW })];
  const parent = nameOf(op.parent);
  if (op.op === 'at once') return ['releaseAtOnce', table.releaseAtOnce({ id, parents: [parent], now: NOW })];
  if (op.op === 'done') return ['parentsDone', table.parentsDone({ id, parents: [parent] })];
  const error = { code: 'dependency-failed', message: '' };
  return ['failDependent', table.failDependent({ id, parent, error, keepMs: 1, now: NOW })];
}

/** Exactly once, and for the right reason. */
function checkSettling(
  { bounds }: DependencyRules,
  { dependent, parents }: DependencyWorld,
  op: Settling,
): void {
  const { state, waitsFor } = dependent!;
  if (state !== 'blocked') throw new Broken('once', `${op.op} moved a dependent that was settled already`);
  if (op.op === 'release') {
    if (waitsFor.length > 0)
      throw new Broken('order', 'a dependent was released before its parents had succeeded');
    return;
  }
  const parent = parents[op.parent];
  if (op.op === 'at once' && waitsFor.length !== 1)
    throw new Broken('order', 'a dependent was released at once that waits for another one');
  if (op.op !== 'fail' && parent && parent.state !== 'succeeded')
    throw new Broken('order', 'a parent was taken for done that has not succeeded');
  // One that is requeued just then may run again while its old failure is passed on: people's business.
  const wrong = parent && parent.state !== 'failed' && parent.state !== 'cancelled';
  if (op.op === 'fail' && wrong && !bounds.parentRequeued)
    throw new Broken('order', 'a dependent failed of a parent that had not');
}

/** A parent's own way, shortened: the other model has it at length. */
function parentSteps(
  rules: DependencyRules,
  world: DependencyWorld,
  parent: Parent,
  p: number,
  emit: Emit<DependencyWorld>,
): void {
  const { table } = rules;
  const own = { id: parent._id, seq: parent.seq, token: 't', worker: 'w', now: NOW, keepMs: 1, attempts: 1 };
  const step = (fair: boolean, name: string, move: Move, from: DependencyWorld | undefined = world): void => {
    const next = moved(rules, parent, name, move);
    const after = next && withParent(from, p, () => next);
    if (after) emit(`parent: ${name}`, fair, after);
  };
  const faulty = (fault: keyof DependencyBounds, name: string, move: Move): void => {
    const from = spend(world, fault);
    if (from) step(false, name, move, from);
  };
  step(true, 'claim', table.claim(own));
  step(true, 'finish', table.finish({ ...own, result: {} }));
  faulty('parentFails', 'fail', table.fail({ ...own, error: { code: 'some-error', message: '' } }));
  faulty('parentCancelled', 'cancel', table.cancel(own));
  faulty('parentRequeued', 'requeue', table.requeue(own));
  const removing = isEnded(parent) && spend(world, 'parentRemoved');
  if (!removing) return;
  const parents = removing.parents.map((other, i) => (i === p ? undefined : other));
  emit('the parent is removed', false, { ...removing, parents });
}
