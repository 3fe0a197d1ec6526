import { answerOf, type Schemas } from '@offload/client';
import { print } from '../print.js';
import type { AddCommand } from '../program.js';

/** A command that says whether tasks of a type are begun. */
const switching =
  (name: 'pause' | 'resume', description: string): AddCommand =>
  (program, context) => {
    program
      .command(name)
      .description(description)
      .argument('<type>')
      .action(async (type: Schemas['Task']['type']) => {
        const now = context();
        const params = { path: { type } };
        const queue = await answerOf(now.client.api.POST(`/v1/queues/{type}/${name}`, { params }));
        await print(now, queue, `${queue.type} ${queue.paused ? 'paused' : 'not paused'}`);
      });
  };

export const pauseCommand = switching(
  'pause',
  'Have no task of a type begun any more; what runs is finished',
);
export const resumeCommand = switching('resume', 'Have tasks of a paused type begun again');
