import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { lane } from '@offload/contracts/task';
import type { Store } from '@offload/store/open-store';
import {
  addNumbers,
  noNumbers,
  quantile,
  seriesOf,
  statsCounts,
  type Durations,
  type StatsNumbers,
} from '@offload/store/stats-record';
import { statsSteps, type StatsPoint, type StatsStep } from '@offload/store/stats-store';
import type { OpenTotals } from '@offload/store/stats-totals';
import { invalidQuery, parseQuery } from './parse-query.js';
import type { Routes } from './routes.js';
import { shareCalls } from './share-calls.js';
import { inTime } from './store-deadline.js';
import { taskType } from './task-filter.js';
import { givenDate, iso } from './times.js';

const time = z.iso.datetime();

const MINUTE_MS = 60_000;
/** Points of one series in an answer. */
const MOST_STEPS = 600;
const DEFAULT_MS = 3_600_000;

export const statsQuery = z.strictObject({
  from: givenDate.optional().describe('The default is an hour before `to`; its step counts whole'),
  to: givenDate.optional().describe('The default is now; its step counts whole'),
  type: taskType.optional(),
  step: z
    .enum(Object.keys(statsSteps) as StatsStep[])
    .default('1m')
    .describe(`Length of the points; at most ${MOST_STEPS} are answered`),
});

const ms = (what: string) => z.number().nullable().describe(`${what}; null when there are none`);

const durations = z
  .object({
    count: z.int(),
    meanMs: ms('Mean'),
    p50Ms: ms('Half of them took no longer; to within a histogram of three buckets a decade'),
    p95Ms: ms('95 of 100 took no longer; likewise'),
    maxMs: ms('The longest'),
  })
  .meta({ id: 'Durations' });

const numbers = {
  accepted: z.int().describe('Tasks that were stored anew'),
  started: z.int().describe('Attempts that began'),
  succeeded: z.int(),
  failed: z.int().describe('Tasks that ended so, also without an attempt (expired, dependency-failed)'),
  cancelled: z.int(),
  retried: z.int().describe('Attempts that failed or crashed, and the task runs again'),
  putOff: z
    .int()
    .describe("Attempts that do not count: handed back at a worker's stop, or put off by the handler"),
  timeInQueue: durations.describe('From the broker having it to the start of its attempt'),
  runTime: durations.describe('Of attempts that ended in the hands of their worker'),
};

const statsNumbers = z.object(numbers).meta({ id: 'StatsNumbers' });
const point = z.object({ at: time.describe('When the step begins'), ...numbers }).meta({ id: 'StatsPoint' });

const openTasks = z
  .object({
    type: z.string(),
    lane,
    blocked: z.int().describe('They wait for other tasks'),
    scheduled: z.int().describe('For later, between two attempts, or not with the broker yet'),
    queued: z.int().describe('They wait for a worker'),
    running: z.int(),
    oldestQueuedAt: time.nullable().describe('Since when the first of the queued ones waits'),
  })
  .meta({ id: 'OpenTasks' });

export const stats = z
  .object({
    from: time.describe('Begin of the first step'),
    to: time.describe('End of the last step'),
    stepMs: z.int(),
    totals: statsNumbers.describe('Of all series over the whole time'),
    series: z
      .array(
        z.object({
          type: z.string(),
          lane,
          totals: statsNumbers,
          points: z.array(point).describe('By time; steps in which nothing happened are left out'),
        }),
      )
      .describe('One for each type and lane of which something happened'),
    open: z
      .object({
        at: time,
        items: z.array(openTasks).describe('Types and lanes without open tasks are left out'),
      })
      .describe('Tasks of all owners that have not ended, as they are now'),
  })
  .meta({ id: 'Stats' });

export interface StatsRoutesOptions {
  store: Pick<Store, 'stats' | 'tasks'>;
}

export const statsRoutes = (options: StatsRoutesOptions): Routes => ({
  '/v1/stats': { get: [statsHandler(options)] },
});

/** GET /v1/stats: what happened to tasks, by step, type and lane, and what is open now. */
function statsHandler({ store }: StatsRoutesOptions): RequestHandler {
  const sharedRead = shareCalls<StatsPoint[]>();
  const sharedOpen = shareCalls<OpenTotals[]>();
  return async (request, response) => {
    const { from, to, step, stepMs, type } = rangeOf(request, store.tasks.now());
    const key = [from.getTime(), to.getTime(), step, type].join();
    const [points, open] = await Promise.all([
      inTime(
        sharedRead(key, () => store.stats.read({ from, to, step, ...(type !== undefined && { type }) })),
      ),
      inTime(sharedOpen('', () => store.stats.open())),
    ]);
    const totals = noNumbers();
    for (const each of points) addNumbers(totals, each.numbers);
    const answer: z.output<typeof stats> = {
      from: from.toISOString(),
      to: to.toISOString(),
      stepMs,
      totals: numbersOf(totals),
      series: seriesIn(points),
      open: {
        at: store.tasks.now().toISOString(),
        items: open
          .filter((each) => type === undefined || each.type === type)
          .map((each) => ({ ...each, oldestQueuedAt: iso(each.oldestQueuedAt) })),
      },
    };
    response.json(answer);
  };
}

function rangeOf(request: Request, now: Date) {
  const query = parseQuery(statsQuery, request.query);
  const { step } = query;
  const stepMs = statsSteps[step] * MINUTE_MS;
  const until = query.to ?? now;
  const since = query.from ?? new Date(until.getTime() - DEFAULT_MS);
  if (since >= until) throw invalidQuery([{ parameter: 'from', detail: 'must be before `to`' }]);
  const from = new Date(Math.floor(since.getTime() / stepMs) * stepMs);
  const to = new Date(Math.ceil(until.getTime() / stepMs) * stepMs);
  if ((to.getTime() - from.getTime()) / stepMs > MOST_STEPS)
    throw invalidQuery([
      { parameter: 'step', detail: `is too short for this time: at most ${MOST_STEPS} steps are answered` },
    ]);
  return { from, to, step, stepMs, type: query.type };
}

function seriesIn(points: StatsPoint[]): z.output<typeof stats>['series'] {
  const series = new Map<string, StatsPoint[]>();
  for (const each of points) {
    const key = seriesOf(each);
    const known = series.get(key);
    if (known) known.push(each);
    else series.set(key, [each]);
  }
  return [...series.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, of]) => {
      const [first] = of;
      if (!first) return [];
      const totals = noNumbers();
      for (const each of of) addNumbers(totals, each.numbers);
      return {
        type: first.type,
        lane: first.lane,
        totals: numbersOf(totals),
        points: of.map((each) => ({ at: each.at.toISOString(), ...numbersOf(each.numbers) })),
      };
    });
}

function numbersOf(of: StatsNumbers): z.output<typeof statsNumbers> {
  const counts = Object.fromEntries(statsCounts.map((name) => [name, of[name]])) as Pick<
    StatsNumbers,
    (typeof statsCounts)[number]
  >;
  return { ...counts, timeInQueue: durationsOf(of.queueMs), runTime: durationsOf(of.runMs) };
}

const durationsOf = (of: Durations): z.output<typeof durations> => ({
  count: of.count,
  meanMs: of.count === 0 ? null : Math.round(of.sum / of.count),
  p50Ms: quantile(of, 0.5),
  p95Ms: quantile(of, 0.95),
  maxMs: of.count === 0 ? null : of.max,
});
