import type { TaskFailure } from '@offload/contracts/task';
import type { WebhookEvent } from '@offload/contracts/webhook-event';
import type { Connection } from 'mongoose';
import type { StoreConnection } from './connect.js';
import { deleteDocument } from './delete-document.js';
import { pageOf, type ListPage } from './list-page.js';
import { unlessDuplicate } from './store-failure.js';
import { DELIVERIES, type WebhookEvents } from './webhook-events.js';
import {
  ATTEMPTS_KEPT,
  endpointId,
  LATE_MS,
  newRun,
  type DeliveryState,
  type WebhookAttempt,
  type WebhookDelivery,
} from './webhook-record.js';
import { sweepDeliveries } from './webhook-sweep.js';
import { prepareWebhookSecrets } from './webhook-secrets.js';

/** A URL of an owner that is not told anything any more, until someone enables it again. */
export interface DisabledEndpoint {
  /** Of owner and URL. */
  _id: string;
  owner: string;
  url: string;
  disabledAt: Date;
  reason: TaskFailure;
}

/** Which deliveries of an owner; all that is given has to hold. */
export interface DeliveryFilter {
  owner: string;
  state?: DeliveryState;
  event?: WebhookEvent;
  url?: string;
  task?: string;
  batch?: string;
}

/** A delivery in a list. */
export type ListedDelivery = Omit<WebhookDelivery, 'payload' | 'attempts'>;

/** What becomes of a delivery after an attempt, or instead of one. */
export type Progress =
  { state: Exclude<DeliveryState, 'pending'>; error?: TaskFailure } | { nextAt: Date; error: TaskFailure };

/** The log of webhooks, and the endpoints that are disabled. Every method rejects with the driver's error when the database is away. */
export interface WebhookStore {
  list(filter: DeliveryFilter, page: ListPage): Promise<ListedDelivery[]>;
  get(owner: string, id: string): Promise<WebhookDelivery | null>;
  /** Sends it again, whatever came of it: the same id and payload, by a new task. null: it is gone. */
  replay(delivery: WebhookDelivery): Promise<WebhookDelivery | null>;
  /** The delivery that this task is to send; null: it has ended, is gone, or another task sends it. */
  toSend(id: string, sender: string): Promise<WebhookDelivery | null>;
  /** Notes an attempt, and what becomes of the delivery unless another task sends it by now. */
  note(read: WebhookDelivery, progress: Progress, attempt?: WebhookAttempt): Promise<void>;
  disabledEndpoint(id: string): Promise<DisabledEndpoint | null>;
  disableEndpoint(delivery: WebhookDelivery, reason: TaskFailure): Promise<void>;
  listDisabled(owner: string, page: ListPage): Promise<DisabledEndpoint[]>;
  getDisabled(owner: string, id: string): Promise<DisabledEndpoint | null>;
  /** Answers whether it was disabled. */
  enableEndpoint(owner: string, id: string): Promise<boolean>;
  /** The clock's share: pending deliveries that nobody sends any more. Answers how many it looked at. */
  sweep(limit: number): Promise<number>;
  /** The database's time. */
  now(): Date;
}

const ENDPOINTS = 'webhookEndpoints';

export async function prepareWebhooks(mongo: Connection): Promise<void> {
  const deliveries = mongo.collection<WebhookDelivery>(DELIVERIES);
  await deliveries.createIndex({ owner: 1, _id: -1 });
  await deliveries.createIndex({ owner: 1, state: 1, _id: -1 });
  await deliveries.createIndex({ owner: 1, endpoint: 1, _id: -1 });
  const about = (field: string) => ({ partialFilterExpression: { [field]: { $exists: true } } });
  await deliveries.createIndex({ owner: 1, task: 1, _id: -1 }, about('task'));
  await deliveries.createIndex({ owner: 1, batch: 1, _id: -1 }, about('batch'));
  await deliveries.createIndex({ lookAt: 1 }, about('lookAt'));
  await deliveries.createIndex({ expireAt: 1 }, { expireAfterSeconds: 0 });
  await mongo.collection<DisabledEndpoint>(ENDPOINTS).createIndex({ owner: 1, _id: -1 });
  await prepareWebhookSecrets(mongo);
}

export function createWebhookStore(
  connection: StoreConnection,
  events: Pick<WebhookEvents, 'makeSenders'>,
): WebhookStore {
  const { mongo, clock } = connection;
  const deliveries = () => mongo.collection<WebhookDelivery>(DELIVERIES);
  const endpoints = () => mongo.collection<DisabledEndpoint>(ENDPOINTS);
  const now = () => clock.now();

  return {
    list: ({ url, ...filter }, page) =>
      pageOf(
        deliveries(),
        { ...known(filter), ...(url !== undefined && { endpoint: endpointId(filter.owner, url) }) },
        page,
      )
        .project<ListedDelivery>({ payload: 0, attempts: 0 })
        .toArray(),
    get: (owner, id) => deliveries().findOne({ _id: id, owner }),
    async replay({ _id, run }) {
      const at = now();
      const again = newRun(_id, run + 1, at, at);
      // Of two at once one begins the run, and both answer it.
      await deliveries().updateOne({ _id, run }, { $set: again, $unset: { endedAt: '', error: '' } });
      const delivery = await deliveries().findOne({ _id });
      if (delivery?.state === 'pending') await events.makeSenders([delivery]);
      return delivery;
    },
    toSend: (id, sender) => deliveries().findOne({ _id: id, sender, state: 'pending' }),
    async note({ _id, sender, run }, progress, attempt) {
      const made = attempt && {
        $push: { attempts: { $each: [attempt], $slice: -ATTEMPTS_KEPT } },
        $inc: { attemptCount: 1, tried: 1 },
      };
      const mine = { _id, sender, run, state: 'pending' as const };
      const { matchedCount } = await deliveries().updateOne(mine, {
        ...progressed(progress, now()),
        ...made,
      });
      if (matchedCount > 0 || !made) return;
      const { $push } = made;
      await deliveries().updateOne({ _id }, { $push, $inc: { attemptCount: 1 } });
    },
    disabledEndpoint: (id) => endpoints().findOne({ _id: id }),
    async disableEndpoint({ endpoint, owner, url }, reason) {
      const $setOnInsert = { owner, url, disabledAt: now(), reason };
      // Another delivery may disable it at the same moment.
      await endpoints()
        .updateOne({ _id: endpoint }, { $setOnInsert }, { upsert: true })
        .catch(unlessDuplicate);
    },
    listDisabled: (owner, page) => pageOf(endpoints(), { owner }, page).toArray(),
    getDisabled: (owner, id) => endpoints().findOne({ _id: id, owner }),
    enableEndpoint: (owner, id) => deleteDocument(endpoints(), { _id: id, owner }),
    sweep: (limit) => sweepDeliveries(connection, events, limit),
    now,
  };
}

const known = <T extends object>(filter: T): T =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as T;

function progressed(progress: Progress, at: Date): { $set: object; $unset?: Record<string, ''> } {
  if ('nextAt' in progress) {
    const { nextAt, error } = progress;
    const lookAt = new Date(nextAt.getTime() + LATE_MS);
    return { $set: { nextAt, error, lookAt, changedAt: at } };
  }
  const { state, error } = progress;
  const ended = { state, endedAt: at, changedAt: at };
  return error
    ? { $set: { ...ended, error }, $unset: { nextAt: '', lookAt: '' } }
    : { $set: ended, $unset: { nextAt: '', lookAt: '', error: '' } };
}
