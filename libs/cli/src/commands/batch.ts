import { type BatchTask, type Schemas } from '@offload/client';
import { several, wholeNumber } from '../arguments.js';
import { SomeFailed, UsageError } from '../exit-codes.js';
import { print } from '../print.js';
import { progressLine } from '../progress.js';
import type { AddCommand } from '../program.js';
import { readJson } from '../read-json.js';

interface Options {
  tag?: string[];
  wait?: boolean;
  waitMs?: number;
}

export const batchCommand: AddCommand = (program, context) => {
  program
    .command('batch')
    .description('Have up to 1,000 tasks done, all or none; prints the id')
    .argument('<tasks>', 'JSON, @file, or -: a list of tasks, or {"tasks": […]}')
    .option('--tag <tag>', 'a tag of the batch and its tasks (again for more)', several)
    .option('-w, --wait', 'wait until all have ended (exit code 1 if one did not succeed)')
    .option('--wait-ms <n>', 'wait so long at most (exit code 5)', wholeNumber(1))
    .action(async (given: string, { tag, wait, waitMs }: Options) => {
      const now = context();
      const handle = await now.client.createBatch(tasksOf(await readJson(now, given)), { tags: tag });
      if (!wait && waitMs === undefined)
        return print(now, { id: handle.id, tasks: handle.taskIds }, handle.id);
      const line = progressLine(now);
      const onProgress = (batch: Schemas['BatchSummary']): void => {
        const ended = batch.counts.succeeded + batch.counts.failed + batch.counts.cancelled;
        line.show(`${ended}/${batch.total} ended`, ended / batch.total);
      };
      const batch = await handle.wait({ timeoutMs: waitMs, onProgress }).finally(() => line.clear());
      const { succeeded, failed, cancelled } = batch.counts;
      const figures = `${succeeded} succeeded, ${failed} failed, ${cancelled} cancelled`;
      await print(now, batch, `${batch.id} ${figures}`);
      if (succeeded < batch.total) throw new SomeFailed();
    });
};

function tasksOf(value: unknown): BatchTask[] {
  const tasks = Array.isArray(value) ? value : (value as { tasks?: unknown } | null)?.tasks;
  if (!Array.isArray(tasks))
    throw new UsageError('A batch is a list of tasks, or an object with one as `tasks`.');
  return tasks as BatchTask[];
}
