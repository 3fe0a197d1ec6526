import { print } from '../print.js';
import type { AddCommand } from '../program.js';

export const eventsCommand: AddCommand = (program, context) => {
  program
    .command('events')
    .description('Print tasks as they change, until you stop it; of one task, until it has ended')
    .argument('[id]', 'of this task only')
    .option('--type <type>', 'of this type only')
    .action(async (id: string | undefined, { type }: { type?: string }) => {
      const now = context();
      if (id !== undefined) {
        for await (const task of now.client.task(id).events()) await print(now, task, lineOf(task));
        return;
      }
      for await (const event of now.client.events({ type })) {
        if (event.event === 'task') await print(now, event.task, lineOf(event.task));
        else if (event.event === 'reset') now.stderr.write('Some changes were missed: see `offload list`.\n');
      }
    });
};

const lineOf = (task: {
  changedAt: string;
  id: string;
  type: string;
  state: string;
  error: { code: string } | null;
}) => `${task.changedAt} ${task.id} ${task.type} ${task.state}${task.error ? ` ${task.error.code}` : ''}`;
