import { wholeNumber } from '../arguments.js';
import { print } from '../print.js';
import type { AddCommand } from '../program.js';

export const retryCommand: AddCommand = (program, context) => {
  program
    .command('retry')
    .description('Run failed or cancelled tasks again')
    .argument('<id...>')
    .option('--attempts <n>', 'so many attempts more', wholeNumber(1))
    .action(async (ids: string[], options: { attempts?: number }) => {
      const now = context();
      for (const id of ids) {
        const task = await now.client.task(id).retry(options);
        await print(now, task, `${task.id} ${task.state}`);
      }
    });
};
