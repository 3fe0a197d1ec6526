import { print } from '../print.js';
import type { AddCommand } from '../program.js';

export const cancelCommand: AddCommand = (program, context) => {
  program
    .command('cancel')
    .description('Cancel tasks that have not ended')
    .argument('<id...>')
    .action(async (ids: string[]) => {
      const now = context();
      for (const id of ids) {
        const task = await now.client.task(id).cancel();
        await print(now, task, `${task.id} ${task.state}`);
      }
    });
};
