import { answerOf, itemsOf } from '@offload/client';
import { printItems } from '../print.js';
import type { AddCommand } from '../program.js';

export const schedulesCommand: AddCommand = (program, context) => {
  const group = program.command('schedules').description('Tasks that are made by the clock');
  group
    .command('list')
    .description('List them')
    .action(async () => {
      const now = context();
      const page = (cursor: string | undefined) =>
        answerOf(now.client.api.GET('/v1/schedules', { params: { query: { limit: 200, cursor } } }));
      await printItems(now, itemsOf(page), {
        ID: ({ id }) => id,
        NAME: ({ name }) => name,
        TYPE: ({ type }) => type,
        CRON: ({ cron }) => cron,
        ZONE: ({ timeZone }) => timeZone,
        NEXT: ({ nextAt, paused }) => (paused ? 'paused' : nextAt),
        ERROR: ({ error }) => error?.code,
      });
    });
};
