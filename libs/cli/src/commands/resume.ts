import { answerOf, type Schemas } from '@offload/client';
import type { Shared } from '../context.js';
import { print } from '../print.js';
import type { AddCommand } from '../program.js';

export const resumeCommand: AddCommand = (program, context) => {
  program
    .command('resume')
    .description('Have tasks of a paused type begun again')
    .argument('<type>')
    .action(async (type: Schemas['Task']['type']) => {
      const now = context();
      const params = { path: { type } };
      const queue = await answerOf(now.client.api.POST('/v1/queues/{type}/resume', { params }));
      await print(
        now,
        program.opts<Shared>().json,
        queue,
        `${queue.type} ${queue.paused ? 'paused' : 'not paused'}`,
      );
    });
};
