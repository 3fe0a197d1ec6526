import { wholeNumber } from '../arguments.js';
import type { AddCommand } from '../program.js';
import { waitForTask } from '../wait-for-task.js';

export const waitCommand: AddCommand = (program, context) => {
  program
    .command('wait')
    .description('Wait until a task has ended, and print it')
    .argument('<id>')
    .option('--wait-ms <n>', 'so long at most (exit code 5)', wholeNumber(1))
    .action(async (id: string, { waitMs }: { waitMs?: number }) => {
      const now = context();
      await waitForTask(now, now.client.task(id), { timeoutMs: waitMs });
    });
};
