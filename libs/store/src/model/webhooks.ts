import { Broken, type Emit, type System } from './explore.js';
import { appliedForModel, matches } from './interpreter.js';
import type { Move } from '../move.js';
import { blockedTask, isEnded, type Table, type Task } from './world.js';

/** How often each fault or event may happen; what is not named never does. */
export interface WebhookBounds {
  /** Whoever carries effects out dies in between. */
  crash?: number;
  fails?: number;
  cancelled?: number;
  requeued?: number;
}

export interface WebhookRules {
  table: Table;
  bounds: WebhookBounds;
  clocks: number;
  /** It waits for another task, which fails it: its ends are those of a task that was never published. */
  blocked: boolean;
  without: ('effects sweep' | 'derived ids')[];
  matched: Set<string>;
}

/** An end, as whoever carries it out has read it. */
interface End {
  state: Task['state'];
  seq: number;
}
/** Find it, make the delivery, make the task that sends it, clear. */
type Op = { op: 'find' } | { op: 'record' | 'make task' | 'clear'; end: End };

interface WebhookWorld {
  task: Task;
  /** The finisher first, then the clocks: what each still has to do. */
  agents: Op[][];
  /** The observer's: every end that there was. */
  ends: string[];
  /** By their ids: what was made, a second time as well. */
  deliveries: string[];
  tasks: string[];
  made: number;
  left: Record<string, number>;
}

const NOW = new Date(1_000);
const ID = 'task';
const nameOf = ({ state, seq }: End): string => `${state} ${seq}`;

/** A task with a callback, those who end it and carry out what that sets off, and people who have it run again. */
export function webhookSystem(rules: WebhookRules): System<WebhookWorld> {
  return {
    first: {
      task: {
        ...blockedTask(ID, NOW),
        state: rules.blocked ? 'blocked' : 'queued',
        waitsFor: rules.blocked ? ['parent'] : [],
        effects: ['webhook'],
      },
      agents: Array.from({ length: 1 + rules.clocks }, () => []),
      ends: [],
      deliveries: [],
      tasks: [],
      made: 0,
      left: { ...rules.bounds },
    },
    steps(world, emit) {
      taskSteps(rules, world, emit);
      world.agents.forEach((todo, i) => agentSteps(rules, world, todo, i, emit));
    },
    key: ({ task, agents, ends, deliveries, tasks, left }) =>
      JSON.stringify([
        task.state,
        task.seq,
        task.attempt,
        task.effects,
        agents,
        ends,
        deliveries,
        tasks,
        left,
      ]),
    check({ ends, deliveries }) {
      if (new Set(ends).size < ends.length) throw new Broken('names', 'two ends have one name');
      if (new Set(deliveries).size < deliveries.length)
        throw new Broken('once', 'an event was told of twice');
      if (deliveries.some((id) => !ends.includes(id.split('/')[0] ?? '')))
        throw new Broken('order', 'an event was told of that there was not');
    },
    settled: ({ task, agents, ends, deliveries, tasks }) =>
      isEnded(task) &&
      !task.effects &&
      agents.every((todo) => todo.length === 0) &&
      ends.every((end) => deliveries.includes(end) && tasks.includes(end)),
  };
}

function spend(world: WebhookWorld, fault: keyof WebhookBounds): WebhookWorld | undefined {
  const left = world.left[fault] ?? 0;
  return left > 0 ? { ...world, left: { ...world.left, [fault]: left - 1 } } : undefined;
}

/** The task's own way, shortened; whoever ends it carries out what that sets off, unless he dies at once. */
function taskSteps(rules: WebhookRules, world: WebhookWorld, emit: Emit<WebhookWorld>): void {
  const { table } = rules;
  const { task } = world;
  const p = {
    id: ID,
    seq: task.seq,
    token: 't',
    worker: 'w',
    now: NOW,
    keepMs: 1,
    attempts: 1,
    webhook: true,
  };
  const step = (fair: boolean, name: string, move: Move, from: WebhookWorld): void => {
    if (!matches(task, move.guard)) return;
    rules.matched.add(name);
    const next = appliedForModel(task, move.update) as unknown as Task;
    const ended = !isEnded(task) && isEnded(next);
    const [finisher = [], ...clocks] = from.agents;
    const agents = ended && finisher.length === 0 ? [[{ op: 'find' } as const], ...clocks] : from.agents;
    emit(name, fair, { ...from, task: next, agents, ends: ended ? [...from.ends, nameOf(next)] : from.ends });
  };
  const faulty = (fault: keyof WebhookBounds, name: string, move: Move): void => {
    const from = spend(world, fault);
    if (from) step(false, name, move, from);
  };
  const error = { code: 'some-error', message: '' };
  step(true, 'claim', table.claim(p), world);
  step(true, 'finish', table.finish({ ...p, result: {} }), world);
  step(true, 'failDependent', table.failDependent({ ...p, parent: 'parent', error }), world);
  faulty('fails', 'fail', table.fail({ ...p, error }));
  faulty('cancelled', 'cancel', table.cancel(p));
  faulty('requeued', 'requeue', table.requeue(p));
  faulty('requeued', 'requeueBlocked', table.requeueBlocked({ ...p, parent: 'parent' }));
}

function agentSteps(
  rules: WebhookRules,
  world: WebhookWorld,
  [op, ...rest]: Op[],
  i: number,
  emit: Emit<WebhookWorld>,
): void {
  const put = (from: WebhookWorld, ops: Op[]): WebhookWorld => ({
    ...from,
    agents: from.agents.map((other, j) => (i === j ? ops : other)),
  });
  const name = i === 0 ? 'finisher' : 'clock';
  if (!op) {
    const finds = i > 0 && isEnded(world.task) && world.task.effects;
    if (finds && !rules.without.includes('effects sweep'))
      emit('clock finds effects', true, put(world, [{ op: 'find' }]));
    return;
  }
  const { next, more = rest } = carriedOut(rules, world, op);
  emit(`${name}: ${op.op}`, true, put(next, more));
  const crashed = spend(world, 'crash');
  if (crashed) emit(`the ${name} dies`, false, put(crashed, []));
}

function carriedOut(rules: WebhookRules, world: WebhookWorld, op: Op): { next: WebhookWorld; more?: Op[] } {
  const { task } = world;
  switch (op.op) {
    case 'find': {
      if (!isEnded(task) || !task.effects) return { next: world, more: [] };
      const end = { state: task.state, seq: task.seq };
      return {
        next: world,
        more: (['record', 'make task', 'clear'] as const).map((each) => ({ op: each, end })),
      };
    }
    case 'record': {
      const id = nameOf(op.end) + (rules.without.includes('derived ids') ? `/${world.made}` : '');
      if (world.deliveries.includes(id)) return { next: world };
      const told = world.deliveries.some((other) => other.startsWith(nameOf(op.end)));
      if (told) throw new Broken('once', 'a second delivery was made of one event');
      return { next: { ...world, deliveries: [...world.deliveries, id], made: world.made + 1 } };
    }
    case 'make task': {
      const id = nameOf(op.end);
      return { next: world.tasks.includes(id) ? world : { ...world, tasks: [...world.tasks, id] } };
    }
    case 'clear': {
      const { guard, update } = rules.table.clearEffects({ id: ID, ...op.end });
      if (!matches(task, guard)) return { next: world };
      rules.matched.add('clearEffects');
      return { next: { ...world, task: appliedForModel(task, update) as unknown as Task } };
    }
  }
}
