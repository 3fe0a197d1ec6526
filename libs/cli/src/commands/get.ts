import type { AddCommand } from '../program.js';
import { printTask } from '../show-task.js';

export const getCommand: AddCommand = (program, context) => {
  program
    .command('get')
    .description('Print a task as it is now')
    .argument('<id>')
    .action(async (id: string) => {
      const now = context();
      await printTask(now, await now.client.task(id).task());
    });
};
