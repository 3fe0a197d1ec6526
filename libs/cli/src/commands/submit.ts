import type { InputOf, TaskType } from '@offload/client';
import { several, time, wholeNumber } from '../arguments.js';
import { print } from '../print.js';
import type { AddCommand } from '../program.js';
import { readJson } from '../read-json.js';
import { waitForTask } from '../wait-for-task.js';

interface Options {
  input: string;
  wait?: boolean;
  waitMs?: number;
  lane?: 'interactive' | 'bulk';
  runAt?: string;
  delayMs?: number;
  expiresAt?: string;
  timeoutMs?: number;
  maxAttempts?: number;
  after?: string[];
  tag?: string[];
  unique?: string;
  idempotencyKey?: string;
}

export const submitCommand: AddCommand = (program, context) => {
  program
    .command('submit')
    .description('Have a task done; prints its id')
    .argument('<type>', 'e.g. image.resize: see docs/tasks.md')
    .option('-i, --input <json>', 'its input: JSON, @file, or - for the standard input', '{}')
    .option('-w, --wait', 'wait until it has ended, and print it')
    .option('--wait-ms <n>', 'wait so long at most (exit code 5)', wholeNumber(1))
    .option('--lane <lane>', 'interactive, or bulk for backlogs')
    .option('--run-at <time>', 'not before then (RFC 3339)', time)
    .option('--delay-ms <n>', 'not before so many milliseconds', wholeNumber(0))
    .option('--expires-at <time>', 'fail if not begun by then', time)
    .option('--timeout-ms <n>', 'limit of one attempt', wholeNumber(1))
    .option('--max-attempts <n>', 'attempts in all', wholeNumber(1))
    .option('--after <id>', 'a task that has to succeed first (again for more)', several)
    .option('--tag <tag>', 'a tag (again for more)', several)
    .option('--unique <key>', 'at most one unfinished task of the type with this key')
    .option('--idempotency-key <key>', 'the same key and body are the same task for 24 hours')
    .action(async (type: string, given: Options) => {
      const { input, wait, waitMs, tag, ...options } = given;
      const now = context();
      const asked = (await readJson(now, input)) as InputOf<TaskType>;
      const handle = await now.client.submit(type as TaskType, asked, { ...options, tags: tag });
      if (wait || waitMs !== undefined) return waitForTask(now, handle, { timeoutMs: waitMs });
      await print(now, now.json ? await handle.task() : null, handle.id);
    });
};
