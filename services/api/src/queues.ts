import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import type { BrokerConnection } from '@offload/broker/connect';
import { queueDepth } from '@offload/broker/queue-depth';
import type { TaskContract } from '@offload/contracts/define-task';
import { contractOf, contracts } from '@offload/contracts/registry';
import { lane, lanes, queueName } from '@offload/contracts/task';
import type { Log } from '@offload/runtime/logger';
import type { Store } from '@offload/store/open-store';
import type { TypeRecord } from '@offload/store/task-types';
import type { Announcer } from './announcer.js';
import { Problem } from './problem.js';
import { pathPart, type Routes } from './routes.js';
import { inTime } from './store-deadline.js';

export interface QueueRoutesOptions {
  store: Pick<Store, 'types' | 'many'>;
  /** What looks into queues; given by tests that have no broker. */
  broker: Pick<BrokerConnection, 'withChannel'>;
  announcer: Announcer;
  log: Log;
}

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
        consumers: z.int().nullable(),
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
  // Counting is the dear part: who asks meanwhile gets the same answer.
  let counting: ReturnType<typeof store.many.countOpen> | undefined;
  const countOpen = () =>
    (counting ??= store.many.countOpen().finally(() => {
      counting = undefined;
    }));
  return async (_request, response) => {
    const [types, open, depths] = await Promise.all([
      inTime(store.types.all()),
      inTime(countOpen()),
      depthsOf(broker, log),
    ]);
    const items = contracts.map((contract): z.output<typeof queue> => {
      const tasks = { blocked: 0, scheduled: 0, queued: 0, running: 0 };
      for (const { type, state, count } of open)
        if (type === contract.type) Object.assign(tasks, { [state]: count });
      return {
        ...switchOf(contract.type, types),
        lanes: lanes.map((of) => {
          const name = queueName(contract.queue, of);
          return { lane: of, queue: name, ...(depths.get(name) ?? { ready: null, consumers: null }) };
        }),
        tasks,
      };
    });
    response.set('Cache-Control', 'private, no-cache').json({ items });
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
  return { type, paused: found?.paused ?? false, changedAt: found?.changedAt.toISOString() ?? null };
}

type Depth = { ready: number; consumers: number };

/** The queues that could be looked into in time. */
async function depthsOf(broker: QueueRoutesOptions['broker'], log: Log): Promise<Map<string, Depth>> {
  const depths = new Map<string, Depth>();
  const queues = contracts.flatMap(({ queue: base }) => lanes.map((of) => queueName(base, of)));
  const looking = Promise.all(
    queues.map(async (name) => {
      const depth = await queueDepth(broker, name);
      if (depth !== 'missing') depths.set(name, depth);
    }),
  ).catch((error: unknown) => log.debug('the broker does not say how full its queues are', { error }));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, BROKER_MS);
  });
  await Promise.race([looking, late]).finally(() => clearTimeout(timer));
  return new Map(depths);
}
