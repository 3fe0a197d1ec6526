import { answerOf } from '@offload/client';
import { printItems } from '../print.js';
import type { AddCommand } from '../program.js';

export const queuesCommand: AddCommand = (program, context) => {
  program
    .command('queues')
    .description('List the queues: what waits, who works')
    .action(async () => {
      const now = context();
      const { items } = await answerOf(now.client.api.GET('/v1/queues'));
      const sum = (lanes: (number | null)[]): number | null =>
        lanes.includes(null) ? null : lanes.reduce<number>((all, one) => all + (one ?? 0), 0);
      await printItems(now, items, {
        TYPE: ({ type }) => type,
        PAUSED: ({ paused }) => (paused ? 'yes' : 'no'),
        READY: ({ lanes }) => sum(lanes.map(({ ready }) => ready)),
        CONSUMERS: ({ lanes }) => sum(lanes.map(({ consumers }) => consumers)),
        SCHEDULED: ({ tasks }) => tasks.scheduled,
        QUEUED: ({ tasks }) => tasks.queued,
        RUNNING: ({ tasks }) => tasks.running,
      });
    });
};
