import type { TaskFilter } from '@offload/client';
import { wholeNumber } from '../arguments.js';
import { first, printItems } from '../print.js';
import type { AddCommand } from '../program.js';
import { TASK_COLUMNS } from '../show-task.js';

/** Largest page of the API. */
const PAGE = 200;

type Options = Omit<TaskFilter, 'limit'> & { limit: number; all?: boolean };

export const listCommand: AddCommand = (program, context) => {
  program
    .command('list')
    .description('List tasks, newest first')
    .option('--type <type>')
    .option('--state <state>', 'blocked, scheduled, queued, running, succeeded, failed or cancelled')
    .option('--tag <tag>')
    .option('--batch <id>')
    .option('--schedule <id>')
    .option('-n, --limit <n>', 'so many', wholeNumber(1), 50)
    .option('--all', 'all of them')
    .action(async ({ limit, all, ...filter }: Options) => {
      const now = context();
      const most = all ? Infinity : limit;
      const tasks = now.client.tasks({ ...filter, limit: Math.min(PAGE, most) });
      await printItems(now, first(most, tasks), TASK_COLUMNS);
    });
};
