import type { TaskFailure } from '@offload/contracts/task';
import { webhookSend } from '@offload/contracts/webhook-send';
import type { WebhookEvent } from '@offload/contracts/webhook-event';
import { v5 } from 'uuid';
import { SYSTEM_OWNER } from './feed-record.js';
import { derivedId, newTask } from './new-task.js';
import type { TaskRecord } from './task-record.js';

export const deliveryStates = ['pending', 'delivered', 'failed', 'not-sent'] as const;
/** not-sent: nothing was tried, or nothing more, since the endpoint is disabled or there is no secret. */
export type DeliveryState = (typeof deliveryStates)[number];

/** One request, and what came of it. */
export interface WebhookAttempt {
  at: Date;
  /** Of the delivery; see there. */
  run: number;
  ms: number;
  /** The receiver's; null: there was no answer. */
  status: number | null;
  error: TaskFailure | null;
  /** The beginning of the answer's body, at most ANSWER_CHARS. */
  answer: string | null;
}

/** That one event is to be told to one URL, and how that went. */
export interface WebhookDelivery {
  /** UUIDv7, the same whoever makes it of the event; it is the header webhook-id. */
  _id: string;
  owner: string;
  event: WebhookEvent;
  /** The task that it is about. */
  task?: string;
  /** The batch that it, or its task, is about. */
  batch?: string;
  url: string;
  /** Of the owner and the URL. */
  endpoint: string;
  secretName: string;
  /** The body, byte by byte the same at each attempt. */
  payload: string;
  state: DeliveryState;
  /** Why it is not delivered, or the last attempt was in vain. */
  error?: TaskFailure;
  /** From 1; goes up with each replay. */
  run: number;
  /** When this run began: part of its task's id. */
  runAt: Date;
  /** The task that sends it in this run; another one does nothing. */
  sender: string;
  /** Attempts of this run. */
  tried: number;
  /** Attempts of all runs. */
  attemptCount: number;
  /** The last ATTEMPTS_KEPT, oldest first. */
  attempts: WebhookAttempt[];
  /** While pending: not before then. */
  nextAt?: Date;
  /** While pending: when the clock looks whether somebody still sends it. */
  lookAt?: Date;
  createdAt: Date;
  changedAt: Date;
  endedAt?: Date;
  /** When it is removed. */
  expireAt: Date;
}

export const ATTEMPTS_KEPT = 50;
export const ANSWER_CHARS = 1_000;
/** Milliseconds from the event on, or from a replay on if that is later. */
const KEEP_DELIVERY_MS = 30 * 24 * 3_600_000;
/** A pending delivery is looked after when nothing came of it for so long after its time. Milliseconds. */
export const LATE_MS = 15 * 60_000;
/** What came of a sending task stands in the delivery. */
const KEEP_SENDER_MS = 24 * 3_600_000;

const ENDPOINTS = '1f0c1bb6-5b1a-4f3e-9d64-6a1d9f6f1a52';

/** The id of an owner's URL. */
export const endpointId = (owner: string, url: string): string => v5(JSON.stringify([owner, url]), ENDPOINTS);

export interface NewDelivery {
  /** Tells this event from all others: of a task, its id with the seq and state of its end. */
  name: string;
  /** When it happened. */
  at: Date;
  owner: string;
  event: WebhookEvent;
  url: string;
  secretName: string;
  task?: string;
  batch?: string;
  payload: object;
}

/** The delivery of an event as it is first stored: the same whoever makes it, but for the time of making. */
export function newDelivery({ name, at, payload, ...given }: NewDelivery, now: Date): WebhookDelivery {
  const id = derivedId(at.getTime(), `webhook ${name}`);
  return {
    _id: id,
    ...given,
    endpoint: endpointId(given.owner, given.url),
    payload: JSON.stringify(payload),
    ...newRun(id, 1, at, now),
    attemptCount: 0,
    attempts: [],
    createdAt: now,
  };
}

/** What begins with each run. */
export const newRun = (id: string, run: number, runAt: Date, now: Date) => ({
  state: 'pending' as const,
  run,
  runAt,
  sender: derivedId(runAt.getTime(), `webhook.send ${id} ${run}`),
  tried: 0,
  nextAt: now,
  lookAt: new Date(now.getTime() + LATE_MS),
  changedAt: now,
  expireAt: new Date(now.getTime() + KEEP_DELIVERY_MS),
});

/** The task that sends a delivery in its present run; the relay publishes it at once. */
export function sendingTask({ _id, sender }: Pick<WebhookDelivery, '_id' | 'sender'>, now: Date): TaskRecord {
  const input = webhookSend.input.parse({ delivery: _id });
  return newTask(webhookSend, input, {
    owner: SYSTEM_OWNER,
    lane: 'interactive',
    now,
    id: sender,
    runAt: now,
    extra: { keepMs: KEEP_SENDER_MS },
  });
}
