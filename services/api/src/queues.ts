import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import type { BrokerConnection } from '@offload/broker/connect';
import { queueDepth } from '@offload/broker/queue-depth';
import { within } from '@offload/broker/timing';
import type { TaskContract } from '@offload/contracts/define-task';
import { queuesOf } from '@offload/contracts/queues';
import { contractOf, contracts } from '@offload/contracts/registry';
import { lane, lanes, queueName } from '@offload/contracts/task';
import type { Log } from '@offload/runtime/logger';
import type { Store } from '@offload/store/open-store';
import {
  addNumbers,
  noNumbers,
  seriesOf,
  type Counted,
  type StatsNumbers,
} from '@offload/store/stats-record';
import type { OpenTotals } from '@offload/store/stats-totals';
import type { TypeRecord } from '@offload/store/task-types';
import type { Announcer } from './announcer.js';
import { Problem } from './problem.js';
import { pathPart, type Routes } from './routes.js';
import { shareCalls } from './share-calls.js';
import { inTime } from './store-deadline.js';
import { iso } from './times.js';

export interface QueueRoutesOptions {
  store: Pick<Store, 'types' | 'stats' | 'tasks'>;
  /** What looks into queues; given by tests that have no broker. */
  broker: Pick<BrokerConnection, 'withChannel'>;
  announcer: Announcer;
  log: Log;
}

const perSecond = (what: string) => z.number().min(0).describe(what);

export const queueSwitch = z
  .object({
    type: z.string(),
    paused: z.boolean(),
    changedAt: z.iso.datetime().nullable().describe('When it was last paused or resumed'),
  })
  .meta({ id: 'QueueSwitch' });

export const queue = queueSwitch
  .extend({
    lanes: z.array(
      z.object({
        lane,
        queue: z.string(),
        ready: z
          .int()
          .nullable()
          .describe('Messages that wait; null when the broker did not answer or the queue is not there yet'),
        unacked: z
          .int()
          .describe('Tasks that run, by the store: AMQP does not tell what is delivered and not acked'),
        consumers: z.int().nullable(),
        rates: z
          .object({
            acceptedPerSecond: perSecond('Tasks that were stored anew'),
            startedPerSecond: perSecond('Attempts that began: what was delivered and claimed'),
            endedPerSecond: perSecond('Attempts that ended in the hands of their worker: what was acked'),
          })
          .describe(
            'Counted by the processes themselves, over the minute before this one and this one so far',
          ),
      }),
    ),
    tasks: z
      .object({ blocked: z.int(), scheduled: z.int(), queued: z.int(), running: z.int() })
      .describe('Tasks that have not ended, by state'),
  })
  .meta({ id: 'Queue' });

type Switch = z.output<typeof queueSwitch>;

/** Milliseconds that the broker may take to say how full its queues are. */
const BROKER_MS = 2_000;

export function queueRoutes(options: QueueRoutesOptions): Routes {
  return {
    '/v1/queues': { get: [listHandler(options)] },
    '/v1/queues/:type/pause': { post: [switchHandler(options, true)] },
    '/v1/queues/:type/resume': { post: [switchHandler(options, false)] },
  };
}

/** GET /v1/queues: every type, what waits for it and who works on it. */
function listHandler({ store, broker, log }: QueueRoutesOptions): RequestHandler {
  // Counting is the dear part.
  const sharedOpen = shareCalls<OpenTotals[]>();
  const sharedRates = shareCalls<RatesOf>();
  return async (_request, response) => {
    const [types, open, ratesOf, depths] = await Promise.all([
      inTime(store.types.all()),
      inTime(sharedOpen('', () => store.stats.open())),
      inTime(sharedRates('', () => ratesNow(store))),
      depthsOf(broker, log),
    ]);
    const items = contracts.map(({ type, queue: base }): z.output<typeof queue> => {
      const tasks = { blocked: 0, scheduled: 0, queued: 0, running: 0 };
      const ofType = open.filter((each) => each.type === type);
      for (const each of ofType)
        for (const state of ['blocked', 'scheduled', 'queued', 'running'] as const)
          tasks[state] += each[state];
      return {
        ...switchOf(type, types),
        lanes: lanes.map((of) => {
          const name = queueName(base, of);
          const { ready, consumers } = depths.get(name) ?? { ready: null, consumers: null };
          const unacked = ofType.find((each) => each.lane === of)?.running ?? 0;
          return { lane: of, queue: name, ready, unacked, consumers, rates: ratesOf({ type, lane: of }) };
        }),
        tasks,
      };
    });
    response.json({ items });
  };
}

type Rates = z.output<typeof queue>['lanes'][number]['rates'];
type RatesOf = (series: Counted) => Rates;

const MINUTE_MS = 60_000;

/** From the statistics of the minute before this one and of this one, as far as it has gone. */
async function ratesNow({ stats, tasks }: Pick<Store, 'stats' | 'tasks'>): Promise<RatesOf> {
  const now = tasks.now().getTime();
  const from = (Math.floor(now / MINUTE_MS) - 1) * MINUTE_MS;
  const points = await stats.read({
    from: new Date(from),
    to: new Date(from + 2 * MINUTE_MS),
    step: '1m',
  });
  const sums = new Map<string, StatsNumbers>();
  for (const each of points) {
    const key = seriesOf(each);
    const sum = sums.get(key) ?? noNumbers();
    addNumbers(sum, each.numbers);
    sums.set(key, sum);
  }
  const perSecondOf = (count: number): number => Math.round((count / (now - from)) * 1e6) / 1e3;
  return (series) => {
    const { accepted, started, putOff, runMs } = sums.get(seriesOf(series)) ?? noNumbers();
    return {
      acceptedPerSecond: perSecondOf(accepted),
      startedPerSecond: perSecondOf(started),
      endedPerSecond: perSecondOf(runMs.count + putOff),
    };
  };
}

/** Idempotent. Workers hear of it at once, or see it within seconds. */
function switchHandler({ store, announcer }: QueueRoutesOptions, paused: boolean): RequestHandler {
  return async (request, response) => {
    const { type } = knownType(request);
    const stands = await inTime(store.types.setPaused(type, paused));
    announcer.switched(type, paused);
    response.json(switchOf(type, [stands]));
  };
}

function knownType(request: Request): TaskContract {
  const type = pathPart(request, 'type');
  const contract = contractOf(type);
  if (contract) return contract;
  const known = contracts.map((each) => each.type).join(', ');
  throw new Problem('queue-not-found', `There is no type ${type.slice(0, 100)}; there are ${known}.`);
}

function switchOf(type: string, types: TypeRecord[]): Switch {
  const found = types.find((each) => each._id === type);
  return { type, paused: found?.paused ?? false, changedAt: iso(found?.changedAt) };
}

type Depth = { ready: number; consumers: number };

/** The queues that could be looked into in time. */
async function depthsOf(broker: QueueRoutesOptions['broker'], log: Log): Promise<Map<string, Depth>> {
  const depths = new Map<string, Depth>();
  const looking = Promise.all(
    contracts.flatMap(queuesOf).map(async (name) => {
      const depth = await queueDepth(broker, name);
      if (depth !== 'missing') depths.set(name, depth);
    }),
  );
  await within(BROKER_MS, looking, 'looking into the queues').catch((error: unknown) =>
    log.debug('the broker does not say how full its queues are', { error }),
  );
  return new Map(depths);
}
