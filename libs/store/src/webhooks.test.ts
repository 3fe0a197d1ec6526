import { describe, expect, test } from '@jest/globals';
import { explore } from './model/explore.js';
import { webhookSystem, type WebhookBounds, type WebhookRules } from './model/webhooks.js';
import type { Move } from './move.js';
import * as moves from './moves.js';

/** The end of a task with a callback under every interleaving that bounded worlds allow, as moves.test.ts does it. */
interface Scenario {
  promise: string;
  bounds: WebhookBounds;
  clocks: number;
  blocked: boolean;
  /** States that it must have at least: fewer, and the model has lost some of what it is about. */
  floor: number;
}

const SCENARIOS: Record<string, Scenario> = {
  crashes: {
    promise: 'one delivery is made of its end, whoever dies at any step',
    bounds: { crash: 2, fails: 1, cancelled: 1 },
    clocks: 2,
    blocked: false,
    floor: 2_000,
  },
  people: {
    promise: 'one delivery is made of each of its ends, however soon people have it run again',
    bounds: { crash: 1, fails: 2, cancelled: 1, requeued: 1 },
    clocks: 1,
    blocked: false,
    floor: 1_800,
  },
  blocked: {
    promise: 'the same holds for the ends of one that still waits for another task',
    bounds: { crash: 1, cancelled: 1, requeued: 2 },
    clocks: 1,
    blocked: true,
    floor: 600,
  },
};

function rulesOf(name: string, changes: Partial<WebhookRules> = {}): WebhookRules {
  const { bounds, clocks, blocked } = SCENARIOS[name] as Scenario;
  return { table: moves, bounds, clocks, blocked, without: [], matched: new Set(), ...changes };
}

test.each(Object.entries(SCENARIOS).map(([name, scenario]) => ({ name, ...scenario })))(
  'of a task with a callback, in every interleaving, $promise',
  ({ name, floor, blocked }) => {
    const matched = new Set<string>();
    const { broken, states, settled } = explore(webhookSystem(rulesOf(name, { matched })));
    expect(broken).toBeUndefined();
    expect(states).toBeGreaterThan(floor);
    expect(settled).toBeGreaterThan(0);
    expect([...matched]).toEqual(
      expect.arrayContaining(['clearEffects', blocked ? 'failDependent' : 'finish']),
    );
  },
  60_000,
);

const unguarded = ({ guard: { effects: _effects, ...guard }, update }: Move): Move => ({ guard, update });
const withoutSeq = ({ guard: { seq: _seq, ...guard }, update }: Move): Move => ({ guard, update });
const keepsSeq = ({ guard, update: { $inc: _inc, ...update } }: Move): Move => ({ guard, update });

describe('the exploration finds what is wrong when', () => {
  test.each([
    [
      'a task runs again whose last end has not been told',
      'people',
      { table: { ...moves, requeue: (p) => unguarded(moves.requeue(p)) } },
      'P1',
    ],
    [
      'the end of a task that ran again is nobody’s matter',
      'people',
      { table: { ...moves, requeue: (p) => moves.requeue({ ...p, webhook: false }) } },
      'P1',
    ],
    [
      'what a late one clears is the next end’s',
      'people',
      { table: { ...moves, clearEffects: (p) => withoutSeq(moves.clearEffects(p)) } },
      'P1',
    ],
    [
      'two ends of a task that was never published have one name',
      'blocked',
      { table: { ...moves, requeueBlocked: (p) => keepsSeq(moves.requeueBlocked(p)) } },
      'names',
    ],
    ['the clock does not sweep effects', 'crashes', { without: ['effects sweep'] }, 'P1'],
    ['a delivery’s id is not that of its event', 'crashes', { without: ['derived ids'] }, 'once'],
  ] satisfies [string, string, Partial<WebhookRules>, string][])(
    '%s',
    (_fault, scenario, changes, promise) => {
      const { broken } = explore(webhookSystem(rulesOf(scenario, changes)));
      expect(broken?.promise).toBe(promise);
      expect(broken?.trace.length).toBeGreaterThan(0);
    },
    60_000,
  );
});
