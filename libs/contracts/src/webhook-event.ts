import { z } from 'zod';
import { httpUrl } from './source.js';
import { taskFailure, taskState, taskStates } from './task.js';

/** What a callback may be told of a task: its end. */
export const taskEvents = ['task.succeeded', 'task.failed', 'task.cancelled'] as const;
export type TaskWebhookEvent = (typeof taskEvents)[number];

export const webhookEvents = [...taskEvents, 'batch.completed'] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** Where the events of a task or batch go, as it is stored. */
export interface Callback {
  url: string;
  events: WebhookEvent[];
  /** Of the owner's secrets, the one that signs. */
  secretName: string;
}

/** The name that is meant when none is given. */
export const DEFAULT_SECRET = 'default';

export const webhookSecretName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,63}$/,
    'takes 1 to 64 lower-case letters, digits, dots, underscores, dashes',
  );

const once = <T>(events: T[]): T[] => [...new Set(events)];
const shared = {
  url: httpUrl.describe('Gets a signed POST for each event; only public addresses are reached'),
  secretName: webhookSecretName
    .default(DEFAULT_SECRET)
    .describe('Which of your secrets signs: see POST /v1/webhooks/secrets'),
};

/** The callback of a task, and of each task that a schedule makes. */
export const taskCallback = z
  .strictObject({
    ...shared,
    events: z
      .array(z.enum(taskEvents))
      .min(1)
      .overwrite(once)
      .default([...taskEvents])
      .describe('All ends by default'),
  })
  .meta({ id: 'TaskCallback' });

/** The callback of a batch; a task of it that has one of its own keeps that. */
export const batchCallback = z
  .strictObject({
    ...shared,
    events: z
      .array(z.enum(webhookEvents))
      .min(1)
      .overwrite(once)
      .default(['batch.completed'])
      .describe('Those of tasks are about each task of the batch that has no callback of its own'),
  })
  .meta({ id: 'BatchCallback' });

/** Bytes of JSON. A larger result is not in the payload: the receiver reads the task. */
export const RESULT_IN_PAYLOAD = 16 * 1024;

const time = z.iso.datetime().describe('RFC 3339, UTC');

/** The body of a request that tells of a task's end; its form is that of Standard Webhooks. */
export const taskPayload = z
  .object({
    type: z.enum(taskEvents),
    timestamp: time.describe('When it ended'),
    data: z.object({
      id: z.uuid(),
      type: z.string(),
      state: taskState,
      attempt: z.int().describe('Attempts made'),
      tags: z.array(z.string()),
      batch: z.uuid().nullable(),
      schedule: z.uuid().nullable(),
      createdAt: time,
      startedAt: time.nullable(),
      endedAt: time,
      error: taskFailure.nullable().describe('Why it failed'),
      result: z.unknown().describe('null without one, and when it is omitted'),
      resultOmitted: z
        .boolean()
        .describe(`The result has more than ${RESULT_IN_PAYLOAD} bytes of JSON: read the task`),
      links: z.object({ self: z.string().describe('The task’s path on this server') }),
    }),
  })
  .meta({ id: 'TaskWebhook' });
export type TaskPayload = z.output<typeof taskPayload>;

export const batchPayload = z
  .object({
    type: z.literal('batch.completed'),
    timestamp: time.describe('When its last task had ended'),
    data: z.object({
      id: z.uuid(),
      total: z.int(),
      counts: z
        .partialRecord(z.enum(taskStates), z.int())
        .describe('Its tasks by their states when this was written'),
      tags: z.array(z.string()),
      createdAt: time,
      completedAt: time,
      links: z.object({ self: z.string(), tasks: z.string() }),
    }),
  })
  .meta({ id: 'BatchWebhook' });
export type BatchPayload = z.output<typeof batchPayload>;
