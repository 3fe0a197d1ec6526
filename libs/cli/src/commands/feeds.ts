import { answerOf, itemsOf } from '@offload/client';
import { several } from '../arguments.js';
import { print, printItems } from '../print.js';
import type { AddCommand } from '../program.js';

export const feedsCommand: AddCommand = (program, context) => {
  const group = program.command('feeds').description('Subscriptions to feeds');

  group
    .command('list')
    .description('List them')
    .option('--tag <tag>')
    .action(async ({ tag }: { tag?: string }) => {
      const now = context();
      const page = (cursor: string | undefined) =>
        answerOf(now.client.api.GET('/v1/feeds', { params: { query: { tag, limit: 200, cursor } } }));
      await printItems(now, itemsOf(page), {
        ID: ({ id }) => id,
        STATE: ({ state, failure }) => failure?.code ?? state,
        UNREAD: ({ unread }) => unread,
        CHECKED: ({ checkedAt }) => checkedAt,
        TITLE: ({ title }) => title,
        URL: ({ url }) => url,
      });
    });

  group
    .command('add')
    .description('Subscribe to a feed, or to the feed of a page')
    .argument('<url>')
    .option('--title <title>', "instead of the feed's own")
    .option('--tag <tag>', 'a tag (again for more)', several)
    .action(async (url: string, { title, tag }: { title?: string; tag?: string[] }) => {
      const now = context();
      const body = { url, title, tags: tag };
      const feed = await answerOf(now.client.api.POST('/v1/feeds', { body }));
      await print(now, feed, feed.id);
    });
};
