import { z } from 'zod';
import { defineTask } from './define-task.js';

/**
 * Sends one delivery of a webhook, and tries again for about three days (services/webhook-sender). What came of each
 * attempt stands in the delivery's log.
 */
export const webhookSend = defineTask({
  type: 'webhook.send',
  summary: 'Sends a webhook. Made by the system: give a task, batch or schedule a callback.',
  input: z.strictObject({ delivery: z.uuid().describe('The delivery, which has the payload') }),
  result: z.strictObject({
    outcome: z
      .enum(['delivered', 'not-sent', 'superseded'])
      .describe(
        'not-sent: see the delivery; superseded: the delivery has ended, is gone, or another task sends it',
      ),
    status: z.int().nullable().describe("The receiver's"),
  }),
  // Of an attempt, 15 s are the receiver's.
  timeoutMs: 30_000,
  // The delivery's own schedule has ten attempts; the others are for workers that end in the middle of one.
  maxAttempts: 25,
  backoff: { baseMs: 5_000, maxMs: 60_000 },
  concurrency: 200,
  internal: true,
  example: { delivery: '01936f1e-7c00-7000-8000-000000000000' },
});
