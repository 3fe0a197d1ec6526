import type { DependencyRules } from './dependents.js';
import type { Rules } from './rules.js';

/** Bounded worlds, each around one part of the design; all of them have every part, and their bounds are the faults. */
export interface Scenario {
  promise: string;
  rules: Pick<Rules, 'bounds' | 'workers' | 'clocks' | 'attemptLimit'> & Partial<Rules>;
  /** States that it must have at least: fewer, and the model has lost some of what it is about. */
  floor: number;
}

export const SCENARIOS: Record<string, Scenario> = {
  publishing: {
    promise: 'P1: a publication that is refused, dies with its publisher, comes late or twice loses no task',
    rules: {
      bounds: { publisherCrash: 1, refusal: 1, slowPublication: 1, clockFreeze: 1 },
      workers: 1,
      clocks: 2,
      attemptLimit: 1,
    },
    floor: 15_000,
  },
  'late confirms': {
    promise:
      'P1: a confirm that comes after its message was worked, or after its task went back, changes nothing',
    rules: {
      bounds: { slowPublication: 1, replyLoss: 1, retry: 1, snooze: 1 },
      workers: 1,
      clocks: 1,
      attemptLimit: 2,
    },
    floor: 20_000,
  },
  'lost messages': {
    promise: 'P1: a queue that is deleted, or wrongly taken for deleted by two clocks, loses no task',
    rules: {
      bounds: { queueLoss: 1, falseLoss: 2, publisherCrash: 1, crash: 1 },
      workers: 1,
      clocks: 2,
      attemptLimit: 1,
    },
    floor: 38_000,
  },
  'dying workers': {
    promise:
      'P3, P5: workers that die, freeze or lose their channel are taken over, and only one of them can store',
    rules: { bounds: { crash: 1, channelLoss: 1, freeze: 1 }, workers: 2, clocks: 1, attemptLimit: 2 },
    floor: 60_000,
  },
  'crashing workers': {
    promise: 'P5, P6: every crash counts, and a task whose last attempt crashed has failed',
    rules: { bounds: { crash: 2, channelLoss: 1 }, workers: 2, clocks: 1, attemptLimit: 2 },
    floor: 17_000,
  },
  'frozen clock': {
    promise: 'P3, P5: a clock that freezes with a take or a sweep in hand, and goes on later, does no harm',
    rules: { bounds: { clockFreeze: 1, crash: 1 }, workers: 1, clocks: 2, attemptLimit: 2 },
    floor: 11_000,
  },
  'lost replies': {
    promise:
      'P4: claims, take overs and outcomes whose replies are lost are recognised, however late they arrive',
    rules: { bounds: { replyLoss: 2, crash: 1 }, workers: 2, clocks: 1, attemptLimit: 2 },
    floor: 37_000,
  },
  'lost outcomes': {
    promise: 'P4: failures and retries whose replies are lost are recognised and not repeated',
    rules: {
      bounds: { replyLoss: 2, crash: 1, failure: 1, retry: 1 },
      workers: 1,
      clocks: 1,
      attemptLimit: 2,
    },
    floor: 44_000,
  },
  outcomes: {
    promise:
      'P5: retries and the hand-backs past the limit count as attempts, snoozes and other hand-backs do not',
    rules: {
      bounds: { retry: 1, snooze: 1, handBack: 2, failure: 1 },
      workers: 2,
      clocks: 1,
      attemptLimit: 2,
    },
    floor: 18_000,
  },
  poison: {
    promise: 'P6: a task that always ends its worker has failed after its attempts',
    rules: { bounds: { duplicate: 1 }, workers: 2, clocks: 1, attemptLimit: 3, handler: 'poison' },
    floor: 10_000,
  },
  'poison message': {
    promise: 'P6: a message that ends every worker before the claim makes its task fail',
    rules: {
      bounds: { inboxCrash: 1, duplicate: 2, publisherCrash: 1 },
      workers: 2,
      clocks: 1,
      attemptLimit: 3,
      handler: 'poison message',
    },
    floor: 7_000,
  },
  'broker deaths': {
    promise: 'P6: messages that the broker gives up on, and copies of them, lose or double no task',
    rules: { bounds: { crash: 2, brokerDeath: 2, duplicate: 1 }, workers: 2, clocks: 1, attemptLimit: 2 },
    floor: 45_000,
  },
  'old workers': {
    promise: 'P4: a worker that is too old for a message puts the task off, uncounted, before it acks',
    rules: {
      bounds: { tooNew: 1, crash: 1, replyLoss: 1, duplicate: 1 },
      workers: 1,
      clocks: 1,
      attemptLimit: 2,
    },
    floor: 30_000,
  },
  operator: {
    promise: 'P3: cancelled and requeued at any moment, a task still stores one result, of a present holder',
    rules: {
      bounds: { cancel: 1, requeue: 1, freeze: 1, failure: 1 },
      workers: 2,
      clocks: 1,
      attemptLimit: 1,
    },
    floor: 45_000,
  },
  deadline: {
    promise: 'P6: a task whose deadline passes at any moment fails unless it runs, and is never begun late',
    rules: {
      bounds: { deadline: 1, crash: 1, retry: 1, replyLoss: 1, requeue: 1 },
      workers: 1,
      clocks: 1,
      attemptLimit: 2,
    },
    floor: 10_000,
  },
};

export interface DependencyScenario {
  promise: string;
  rules: Pick<DependencyRules, 'bounds' | 'parents' | 'clocks'>;
  floor: number;
}

export const DEPENDENCY_SCENARIOS: Record<string, DependencyScenario> = {
  'one parent': {
    promise: 'is settled once, whoever dies, and whether its parent succeeds, fails, is cancelled or removed',
    rules: {
      bounds: { crash: 2, parentFails: 1, parentCancelled: 1, parentRemoved: 1 },
      parents: 1,
      clocks: 2,
    },
    floor: 6_000,
  },
  'two parents': {
    promise: 'with two parents is released after the second, or fails with the first that fails',
    rules: { bounds: { crash: 1, parentFails: 1 }, parents: 2, clocks: 1 },
    floor: 5_000,
  },
  'run again': {
    promise: 'that people cancel and requeue still waits for its parent, requeued or not',
    rules: {
      bounds: { crash: 1, parentFails: 1, parentRequeued: 1, dependentCancelled: 1, dependentRequeued: 1 },
      parents: 1,
      clocks: 2,
    },
    floor: 20_000,
  },
};
