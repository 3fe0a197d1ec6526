import { answerOf, itemsOf, type Schemas } from '@offload/client';
import { wholeNumber } from '../arguments.js';
import { first, print, printItems } from '../print.js';
import type { AddCommand } from '../program.js';

interface Filter {
  state?: Schemas['WebhookDeliveryState'];
  url?: string;
  task?: string;
  batch?: string;
}

export const webhooksCommand: AddCommand = (program, context) => {
  const group = program.command('webhooks').description('What was sent to callbacks');

  group
    .command('list')
    .description('List deliveries, the newest first')
    .option('--state <state>', 'pending, delivered, failed, not-sent')
    .option('--url <url>', 'sent to exactly this URL')
    .option('--task <id>', 'about this task')
    .option('--batch <id>', 'about this batch, or a task of it')
    .option('-n, --limit <n>', 'so many', wholeNumber(1), 50)
    .action(async ({ limit, ...filter }: Filter & { limit: number }) => {
      const now = context();
      const page = (cursor: string | undefined) =>
        answerOf(
          now.client.api.GET('/v1/webhooks/deliveries', {
            params: { query: { ...filter, limit: Math.min(200, limit), cursor } },
          }),
        );
      await printItems(now, first(limit, itemsOf(page)), {
        ID: ({ id }) => id,
        EVENT: ({ event }) => event,
        STATE: ({ state }) => state,
        ATTEMPTS: ({ attemptCount }) => attemptCount,
        CREATED: ({ createdAt }) => createdAt,
        URL: ({ url }) => url,
        ERROR: ({ error }) => error?.code,
      });
    });

  group
    .command('replay')
    .description('Send a delivery again, under the same webhook-id')
    .argument('<id...>')
    .action(async (ids: string[]) => {
      const now = context();
      for (const id of ids) {
        const replayed = await answerOf(
          now.client.api.POST('/v1/webhooks/deliveries/{id}/replay', { params: { path: { id } } }),
        );
        await print(now, replayed, `${replayed.id} ${replayed.state}`);
      }
    });
};
