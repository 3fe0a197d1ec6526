import { describe, expect, test } from '@jest/globals';
import { abortedBatch, completeBatch } from './batch-record.js';
import { batchSystem, type BatchBounds, type BatchRules } from './model/batch.js';
import { explore } from './model/explore.js';
import type { Move } from './move.js';
import * as moves from './moves.js';

/** The way of a batch under every interleaving that bounded worlds allow, as moves.test.ts does it for tasks. */
interface Scenario {
  promise: string;
  bounds: BatchBounds;
  tasks: number;
  clocks: number;
  /** States that it must have at least: fewer, and the model has lost some of what it is about. */
  floor: number;
}

const SCENARIOS: Record<string, Scenario> = {
  crashes: {
    promise: 'P1: whoever dies and however slow its maker is, all of its tasks run, once, or none is left',
    bounds: { crash: 2 },
    tasks: 2,
    clocks: 2,
    floor: 3_000,
  },
  people: {
    promise: 'P1: its completion is told once, also when its tasks are cancelled and run again at any moment',
    bounds: { crash: 1, cancelled: 1, requeued: 1 },
    tasks: 2,
    clocks: 1,
    floor: 3_000,
  },
};

function rulesOf(name: string, changes: Partial<BatchRules> = {}): BatchRules {
  const { bounds, tasks, clocks } = SCENARIOS[name] as Scenario;
  const batchTable = { abortedBatch, completeBatch };
  return { table: moves, batchTable, bounds, tasks, clocks, without: [], matched: new Set(), ...changes };
}

describe('in every interleaving', () => {
  test.each(Object.entries(SCENARIOS).map(([name, scenario]) => ({ name, ...scenario })))(
    'of a batch, $promise',
    ({ name, floor }) => {
      const matched = new Set<string>();
      const { broken, states, settled } = explore(batchSystem(rulesOf(name, { matched })));
      expect(broken).toBeUndefined();
      expect(states).toBeGreaterThan(floor);
      expect(settled).toBeGreaterThan(0);
      expect([...matched]).toEqual(expect.arrayContaining(['releaseAtOnce', 'finish']));
    },
    60_000,
  );
});

const withoutGuard = (move: Move, path: string): Move => {
  const { [path]: _left, ...guard } = move.guard;
  return { ...move, guard };
};

const unguarded = (move: Move) => withoutGuard(withoutGuard(move, 'state'), 'waitsFor');

describe('the exploration finds what is wrong when', () => {
  test.each([
    [
      'a completion does not look whether there was one',
      'people',
      { batchTable: { abortedBatch, completeBatch: (p) => withoutGuard(completeBatch(p), 'completedAt') } },
      'once',
    ],
    [
      'a release reaches a task that is not blocked',
      'crashes',
      { table: { ...moves, releaseAtOnce: (p) => unguarded(moves.releaseAtOnce(p)) } },
      'once',
    ],
    [
      'the commit takes no task out of waiting',
      'crashes',
      { table: { ...moves, releaseAtOnce: (p) => ({ ...moves.releaseAtOnce(p), update: {} }) } },
      'P1',
    ],
    ['a batch that is given up leaves no mark', 'crashes', { without: ['mark'] }, 'P1'],
    ['the clock does not look at blocked tasks', 'crashes', { without: ['look at blocked tasks'] }, 'P1'],
    ['the clock does not look at open batches', 'crashes', { without: ['look at open batches'] }, 'P1'],
    ['who looks for the end does not look by ids', 'people', { without: ['look by ids'] }, 'order'],
  ] satisfies [string, string, Partial<BatchRules>, string][])(
    '%s',
    (_fault, scenario, changes, promise) => {
      const bounds = promise === 'order' ? { crash: 1, cancelled: 1 } : rulesOf(scenario).bounds;
      const { broken } = explore(batchSystem(rulesOf(scenario, { bounds, ...changes })));
      expect(broken?.promise).toBe(promise);
      expect(broken?.trace.length).toBeGreaterThan(0);
    },
    60_000,
  );
});
