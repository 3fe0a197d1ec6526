import { describe, expect, test } from '@jest/globals';
import { dependencySystem, type DependencyRules } from './model/dependents.js';
import { explore, type Exploration } from './model/explore.js';
import { conflicts } from './model/interpreter.js';
import { DEPENDENCY_MUTATIONS, MUTATIONS } from './model/mutations.js';
import type { Tally } from './model/promises.js';
import type { Rules } from './model/rules.js';
import { sampleMoves } from './model/sample.js';
import { DEPENDENCY_SCENARIOS, SCENARIOS } from './model/scenarios.js';
import { taskSystem } from './model/task-system.js';
import * as moves from './moves.js';

/**
 * The guard table under every interleaving that its bounded worlds allow (design section 5, docs/decisions/0003).
 * A broken promise is reported with the shortest sequence of steps that breaks it.
 */
const SLOW = 60_000;
const tally: Tally = new Map();
const matched = new Set<string>();
const explored = new Map<string, Exploration>();

function exploreScenario(name: string): Exploration {
  let result = explored.get(name);
  if (!result) explored.set(name, (result = explore(taskSystem(rulesOf(name, { tally })))));
  return result;
}

function exploreDependents(name: string): Exploration {
  let result = explored.get(name);
  if (!result) explored.set(name, (result = explore(dependencySystem(dependencyRulesOf(name, { matched })))));
  return result;
}

function rulesOf(name: string, changes: Partial<Rules> = {}): Rules {
  const { rules } = SCENARIOS[name]!;
  return { table: moves, tally: new Map(), handler: 'sound', without: [], ...rules, ...changes };
}

function dependencyRulesOf(name: string, changes: Partial<DependencyRules> = {}): DependencyRules {
  const { rules } = DEPENDENCY_SCENARIOS[name]!;
  return { table: moves, matched: new Set(), without: [], ...rules, ...changes };
}

const titled = <T extends { promise: string }>(scenarios: Record<string, T>) =>
  Object.entries(scenarios).map(([name, scenario]) => ({ name, ...scenario }));

describe('in every interleaving', () => {
  test.each(titled(SCENARIOS))(
    '$promise',
    ({ name, floor }) => {
      const { broken, states, settled } = exploreScenario(name);
      expect(broken).toBeUndefined();
      expect(states).toBeGreaterThan(floor);
      expect(settled).toBeGreaterThan(0);
    },
    SLOW,
  );

  test.each(titled(DEPENDENCY_SCENARIOS))(
    'a dependent $promise',
    ({ name, floor }) => {
      const { broken, states } = exploreDependents(name);
      expect(broken).toBeUndefined();
      expect(states).toBeGreaterThan(floor);
    },
    SLOW,
  );

  test(
    'every move of the table was let in somewhere and refused somewhere',
    () => {
      Object.keys(SCENARIOS).forEach(exploreScenario);
      const names = Object.keys(sampleMoves(moves)).filter((name) => !BETWEEN_TASKS.includes(name));
      const untried = names.filter((name) => {
        const count = tally.get(name as never);
        return !count?.matched || !count.refused;
      });
      expect(untried).toEqual([]);
      expect(names.length).toBeGreaterThan(14);
      Object.keys(DEPENDENCY_SCENARIOS).forEach(exploreDependents);
      expect([...matched]).toEqual(expect.arrayContaining(BETWEEN_TASKS));
    },
    SLOW,
  );
});

/** Moves of the other model. */
const BETWEEN_TASKS = [
  'parentsDone',
  'release',
  'releaseAtOnce',
  'failDependent',
  'requeueBlocked',
  'clearEffects',
];

describe('the exploration finds what is wrong when', () => {
  test.each(MUTATIONS)(
    '$fault ($promise)',
    ({ scenario, change, promise }) => {
      const { broken } = explore(taskSystem(rulesOf(scenario, { table: { ...moves, ...change(moves) } })));
      expect(broken?.promise).toBe(promise);
      expect(broken?.trace.length).toBeGreaterThan(0);
    },
    SLOW,
  );

  test.each([
    ['nobody sweeps leases', 'dying workers', 'lease sweep', 'P1'],
    ['nobody sweeps for lost messages', 'lost messages', 'message sweep', 'P1'],
    ['nobody relays', 'publishing', 'relay', 'P1'],
    ['a worker does not read back what became of its outcome', 'lost replies', 'reading back', 'P4'],
    ['a worker forgets the tokens of calls without a reply', 'lost replies', 'remembering tokens', 'P4'],
  ] as const)(
    '%s',
    (_fault, scenario, left, promise) => {
      const { broken } = explore(taskSystem(rulesOf(scenario, { without: [left] })));
      expect(broken?.promise).toBe(promise);
    },
    SLOW,
  );

  test.each(DEPENDENCY_MUTATIONS)('$fault ($promise)', ({ scenario, change, promise }) => {
    const table = { ...moves, ...change(moves) };
    const { broken } = explore(dependencySystem(dependencyRulesOf(scenario, { table })));
    expect(broken?.promise).toBe(promise);
  });

  test.each(['second look', 'effects sweep'] as const)('the clock leaves out its %s', (left) => {
    const { broken } = explore(dependencySystem(dependencyRulesOf('one parent', { without: [left] })));
    expect(broken?.promise).toBe('P1');
  });
});

test('no move touches a field twice, which the database would refuse', () => {
  const all = Object.entries(sampleMoves(moves));
  expect(all.length).toBeGreaterThan(18);
  expect(all.filter(([, variants]) => variants.some((move) => conflicts(move.update).length > 0))).toEqual(
    [],
  );
});
