import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { httpUrl } from '@offload/contracts/source';
import { webhookEvents } from '@offload/contracts/webhook-event';
import type { Store } from '@offload/store/open-store';
import type { WebhookDelivery } from '@offload/store/webhook-record';
import { nextPage, pageQuery, plainQuery, storePage } from './list-page.js';
import { ownerOf } from './owner.js';
import { parseQuery } from './parse-query.js';
import { Problem } from './problem.js';
import { pathId, type Routes } from './routes.js';
import { inTime } from './store-deadline.js';
import {
  deliveryOf,
  deliveryPath,
  deliveryState,
  deliverySummaryOf,
  endpointOf,
} from './webhook-resource.js';

export interface DeliveryOptions {
  store: Pick<Store, 'webhooks'>;
}

/** Of GET /v1/webhooks/deliveries; all that is given has to hold. */
export const deliveryConditions = {
  state: deliveryState.optional(),
  event: z.enum(webhookEvents).optional(),
  url: httpUrl.optional().describe('Sent to exactly this URL'),
  task: z.uuid().optional().describe('About this task'),
  batch: z.uuid().optional().describe('About this batch, or a task of it'),
};

const deliveriesQuery = z.strictObject({ ...deliveryConditions, ...pageQuery });

/** What was sent to callbacks and what came of it, and the URLs that nothing is sent to. */
export function webhookRoutes(options: DeliveryOptions): Routes {
  return {
    '/v1/webhooks/deliveries': { get: [listHandler(options)] },
    '/v1/webhooks/deliveries/:id': { get: [readHandler(options)] },
    '/v1/webhooks/deliveries/:id/replay': { post: [replayHandler(options)] },
    '/v1/webhooks/endpoints': { get: [listEndpointsHandler(options)] },
    '/v1/webhooks/endpoints/:id': { get: [readEndpointHandler(options)] },
    '/v1/webhooks/endpoints/:id/enable': { post: [enableHandler(options)] },
  };
}

function listHandler({ store }: DeliveryOptions): RequestHandler {
  return async (request, response) => {
    const { limit, cursor, order, ...conditions } = parseQuery(deliveriesQuery, request.query);
    const filter = { owner: ownerOf(request), ...lowerIds(conditions) };
    const found = await inTime(store.webhooks.list(filter, storePage({ limit, cursor, order })));
    const { items, next } = nextPage(request, response, found, limit);
    response.json({ items: items.map(deliverySummaryOf), next });
  };
}

function lowerIds<T extends { task?: string | undefined; batch?: string | undefined }>({
  task,
  batch,
  ...others
}: T) {
  return {
    ...others,
    ...(task !== undefined && { task: task.toLowerCase() }),
    ...(batch !== undefined && { batch: batch.toLowerCase() }),
  };
}

function readHandler(options: DeliveryOptions): RequestHandler {
  return async (request, response) => void response.json(deliveryOf(await findDelivery(request, options)));
}

/** Sends it at once, whatever came of it: with the same webhook-id, so that a receiver can tell. */
function replayHandler(options: DeliveryOptions): RequestHandler {
  return async (request, response) => {
    const found = await findDelivery(request, options);
    const replayed = await inTime(options.store.webhooks.replay(found));
    if (!replayed) throw noDelivery(found._id);
    response.status(202).location(deliveryPath(replayed._id)).json(deliveryOf(replayed));
  };
}

function listEndpointsHandler({ store }: DeliveryOptions): RequestHandler {
  return async (request, response) => {
    const query = parseQuery(plainQuery, request.query);
    const found = await inTime(store.webhooks.listDisabled(ownerOf(request), storePage(query)));
    const { items, next } = nextPage(request, response, found, query.limit);
    response.json({ items: items.map(endpointOf), next });
  };
}

function readEndpointHandler({ store }: DeliveryOptions): RequestHandler {
  return async (request, response) => {
    const id = pathId(request);
    const found = await inTime(store.webhooks.getDisabled(ownerOf(request), id));
    if (!found) throw noEndpoint(id);
    response.json(endpointOf(found));
  };
}

/** What was not sent meanwhile stays so; replay it. */
function enableHandler({ store }: DeliveryOptions): RequestHandler {
  return async (request, response) => {
    const id = pathId(request);
    if (!(await inTime(store.webhooks.enableEndpoint(ownerOf(request), id)))) throw noEndpoint(id);
    response.status(204).end();
  };
}

async function findDelivery(request: Request, { store }: DeliveryOptions): Promise<WebhookDelivery> {
  const id = pathId(request);
  const found = await inTime(store.webhooks.get(ownerOf(request), id));
  if (!found) throw noDelivery(id);
  return found;
}

const noDelivery = (id: string): Problem =>
  new Problem('webhook-delivery-not-found', `You have no webhook delivery ${id.slice(0, 100)}.`);

const noEndpoint = (id: string): Problem =>
  new Problem('webhook-endpoint-not-found', `You have no disabled endpoint ${id.slice(0, 100)}.`);
