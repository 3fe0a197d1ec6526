import { z } from 'zod';
import { defineTask } from './define-task.js';

/** The smallest task: template, health probe and load generator. */
export const systemEcho = defineTask({
  type: 'system.echo',
  summary: 'Returns its message, on demand after a delay or with an error.',
  input: z.strictObject({
    message: z.string().max(10_000).default('').describe('Comes back in the result'),
    delayMs: z.int().min(0).max(60_000).default(0).describe('Works for so many milliseconds first'),
    fail: z
      .enum(['permanent', 'transient'])
      .optional()
      .describe('Fails: `permanent` ends the task at once, `transient` is tried again'),
    failTimes: z.int().min(1).max(100).optional().describe('With fail: only the first so many attempts fail'),
  }),
  result: z.strictObject({
    message: z.string(),
    attempt: z.int().describe('The attempt that succeeded, from 1'),
  }),
  timeoutMs: 90_000,
  maxAttempts: 5,
  backoff: { baseMs: 500, maxMs: 30_000 },
  concurrency: 100,
  prefetch: 200,
  example: { message: 'hello' },
});
