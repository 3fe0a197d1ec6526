/** A promise that a reachable state or a step breaks. */
export class Broken extends Error {
  constructor(
    readonly promise: string,
    detail: string,
  ) {
    super(`${promise}: ${detail}`);
  }
}

/**
 * What a system may do next. `fair` steps are those that happen sooner or later if they stay possible; the others
 * (faults, operators) may never happen, so nothing may depend on them.
 */
export type Emit<W> = (name: string, fair: boolean, next: W) => void;

export interface System<W> {
  first: W;
  /** Gives every possible next world; throws Broken if a step breaks a promise. */
  steps(world: W, emit: Emit<W>): void;
  /** Equal for worlds that can only behave alike. */
  key(world: W): string;
  /** Throws Broken if the world breaks a promise. */
  check(world: W): void;
  /** Whether all work is done, and well. */
  settled(world: W): boolean;
}

export interface Exploration {
  states: number;
  steps: number;
  /** States in which all work is done. */
  settled: number;
  /** The first promise found broken (the shortest way there), with the steps that led to it. */
  broken?: { promise: string; message: string; trace: string[] };
}

/**
 * Walks every reachable state, breadth first, checking each; then checks that from each one a settled state can be
 * reached by fair steps alone: with finitely many states and fair scheduling, that is "all work ends".
 */
export function explore<W>(system: System<W>, mostStates = 2_000_000): Exploration {
  const numbers = new Map<string, number>();
  const waiting: (W | undefined)[] = [];
  const cameFrom: number[] = [];
  const cameBy: string[] = [];
  const fairFrom: number[] = [];
  const fairTo: number[] = [];
  const good: number[] = [];
  let steps = 0;

  const enter = (world: W, from: number, by: string): number => {
    const key = system.key(world);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = waiting.length;
    if (number >= mostStates)
      throw new Error(`More than ${mostStates} states: the scenario has lost a bound`);
    numbers.set(key, number);
    waiting.push(world);
    cameFrom.push(from);
    cameBy.push(by);
    system.check(world);
    if (system.settled(world)) good.push(number);
    return number;
  };
  const traceTo = (number: number): string[] => {
    const trace: string[] = [];
    for (let at = number; at > 0; at = cameFrom[at] ?? 0) trace.unshift(cameBy[at] ?? '');
    return trace;
  };
  const result = (broken?: Exploration['broken']): Exploration => ({
    states: waiting.length,
    steps,
    settled: good.length,
    ...(broken ? { broken } : {}),
  });

  let at = 0;
  let last = '';
  try {
    enter(system.first, 0, '');
    for (; at < waiting.length; at += 1) {
      const world = waiting[at] as W;
      waiting[at] = undefined;
      last = '';
      system.steps(world, (name, fair, next) => {
        steps += 1;
        last = name;
        const to = enter(next, at, name);
        last = '';
        if (fair && to !== at) {
          fairFrom.push(at);
          fairTo.push(to);
        }
      });
    }
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    const trace = [...traceTo(at), ...(last === '' ? [] : [last])];
    return result({ promise: error.promise, message: error.message, trace });
  }
  const stuck = firstThatCannotReach(good, waiting.length, fairFrom, fairTo);
  if (stuck === undefined) return result();
  const message = 'P1: from here the task can never end by fair steps';
  return result({ promise: 'P1', message, trace: traceTo(stuck) });
}

/** The lowest number of a state from which no good state can be reached. */
function firstThatCannotReach(
  good: number[],
  states: number,
  from: number[],
  to: number[],
): number | undefined {
  const starts = new Int32Array(states + 1);
  for (const target of to) starts[target + 1]! += 1;
  for (let i = 0; i < states; i += 1) starts[i + 1]! += starts[i]!;
  const filled = starts.slice();
  const sources = new Int32Array(to.length);
  for (let i = 0; i < to.length; i += 1) sources[filled[to[i]!]!++] = from[i]!;

  const reached = new Uint8Array(states);
  const pending = [...good];
  for (const state of good) reached[state] = 1;
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    for (let i = starts[state]!; i < starts[state + 1]!; i += 1) {
      const source = sources[i]!;
      if (reached[source] === 1) continue;
      reached[source] = 1;
      pending.push(source);
    }
  }
  const stuck = reached.indexOf(0);
  return stuck < 0 ? undefined : stuck;
}
