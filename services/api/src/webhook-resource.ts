import { z } from 'zod';
import { taskFailure } from '@offload/contracts/task';
import { batchPayload, taskPayload, webhookEvents } from '@offload/contracts/webhook-event';
import { deliveryStates, type WebhookDelivery } from '@offload/store/webhook-record';
import type { DisabledEndpoint, ListedDelivery } from '@offload/store/webhooks';
import { iso } from './times.js';

const time = z.iso.datetime().describe('RFC 3339, UTC');

export const deliveryState = z.enum(deliveryStates).meta({ id: 'WebhookDeliveryState' });

/** A delivery in a list: without its payload and attempts. */
export const deliverySummary = z
  .object({
    id: z.uuid().describe('Also the header webhook-id, the same at each attempt and replay'),
    event: z.enum(webhookEvents),
    state: deliveryState.describe(
      'pending: it is being sent, or tried again at nextAt; failed: given up; not-sent: see error',
    ),
    url: z.string(),
    secretName: z.string(),
    task: z.uuid().nullable().describe('The task that it is about'),
    batch: z.uuid().nullable().describe('The batch that it, or its task, belongs to'),
    attemptCount: z.int().describe('Requests made, those before replays included'),
    error: taskFailure
      .nullable()
      .describe('Why it was not delivered; while pending, why the last attempt was in vain'),
    nextAt: time.nullable().describe('While pending: not before then'),
    createdAt: time,
    endedAt: time.nullable(),
    keptUntil: time,
    links: z.object({ self: z.string(), replay: z.string() }),
  })
  .meta({ id: 'WebhookDeliverySummary' });

const webhookAttempt = z
  .object({
    at: time,
    run: z.int().describe('1 for the event itself; one more with each replay'),
    ms: z.int().describe('How long it took, milliseconds'),
    status: z.int().nullable().describe('Of the answer; null: there was none'),
    error: taskFailure.nullable().describe('Why it was in vain'),
    answer: z.string().nullable().describe('The first 1,000 characters of the answer’s body'),
  })
  .meta({ id: 'WebhookAttempt' });

export const delivery = deliverySummary
  .extend({
    attempts: z.array(webhookAttempt).describe('The last 50, oldest first'),
    payload: z.union([taskPayload, batchPayload]).describe('The body of the requests'),
  })
  .meta({ id: 'WebhookDelivery' });

export const disabledEndpoint = z
  .object({
    id: z.uuid(),
    url: z.string(),
    disabledAt: time,
    reason: taskFailure,
    links: z.object({ self: z.string(), enable: z.string() }),
  })
  .meta({ id: 'WebhookEndpoint' });

export const deliveryPath = (id: string): string => `/v1/webhooks/deliveries/${id}`;
const endpointPath = (id: string): string => `/v1/webhooks/endpoints/${id}`;

export const deliverySummaryOf = (record: ListedDelivery): z.output<typeof deliverySummary> => ({
  id: record._id,
  event: record.event,
  state: record.state,
  url: record.url,
  secretName: record.secretName,
  task: record.task ?? null,
  batch: record.batch ?? null,
  attemptCount: record.attemptCount,
  error: record.error ?? null,
  nextAt: iso(record.nextAt),
  createdAt: record.createdAt.toISOString(),
  endedAt: iso(record.endedAt),
  keptUntil: record.expireAt.toISOString(),
  links: { self: deliveryPath(record._id), replay: `${deliveryPath(record._id)}/replay` },
});

export const deliveryOf = (record: WebhookDelivery): z.output<typeof delivery> => ({
  ...deliverySummaryOf(record),
  attempts: record.attempts.map(({ at, ...attempt }) => ({ ...attempt, at: at.toISOString() })),
  payload: JSON.parse(record.payload) as z.output<typeof delivery>['payload'],
});

export const endpointOf = (record: DisabledEndpoint): z.output<typeof disabledEndpoint> => ({
  id: record._id,
  url: record.url,
  disabledAt: record.disabledAt.toISOString(),
  reason: record.reason,
  links: { self: endpointPath(record._id), enable: `${endpointPath(record._id)}/enable` },
});
