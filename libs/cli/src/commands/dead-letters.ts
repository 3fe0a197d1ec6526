import { answerOf, itemsOf, type Schemas } from '@offload/client';
import type { Command } from 'commander';
import { time, wholeNumber } from '../arguments.js';
import type { Context } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { first, print, printItems } from '../print.js';
import type { AddCommand } from '../program.js';

type TaskTypeName = Schemas['Task']['type'];

interface Filter {
  type?: TaskTypeName;
  code?: string;
  tag?: string;
  since?: string;
  until?: string;
}

export const deadLettersCommand: AddCommand = (program, context) => {
  const group = program.command('dead-letters').description('Tasks that failed for good');

  withFilter(group.command('list').description('List them, the last to fail first'))
    .option('-n, --limit <n>', 'so many', wholeNumber(1), 50)
    .action(async ({ limit, ...filter }: Filter & { limit: number }) => {
      const now = context();
      const page = (cursor: string | undefined) =>
        answerOf(
          now.client.api.GET('/v1/dead-letters', {
            params: { query: { ...filter, limit: Math.min(200, limit), cursor } },
          }),
        );
      await printItems(now, first(limit, itemsOf(page)), {
        ID: ({ id }) => id,
        TYPE: ({ type }) => type,
        ATTEMPT: ({ attempt, attemptLimit }) => `${attempt}/${attemptLimit}`,
        FAILED: ({ failedAt }) => failedAt,
        CODE: ({ code }) => code,
        MESSAGE: ({ message }) => message.slice(0, 100),
      });
    });

  withFilter(group.command('requeue').description('Run them again').argument('[id...]'))
    .option('--all', 'every one that fits the conditions; needed without any')
    .option('--attempts <n>', 'so many attempts more', wholeNumber(1))
    .action(
      async (ids: string[], { all, attempts, ...filter }: Filter & { all?: boolean; attempts?: number }) => {
        const body = { ...chosen(ids, filter, all), attempts };
        const ask = (now: Context) => answerOf(now.client.api.POST('/v1/dead-letters/requeue', { body }));
        await untilNoMore(context(), 'requeued', ask);
      },
    );

  withFilter(group.command('discard').description('Remove them with their files').argument('[id...]'))
    .option('--all', 'every one that fits the conditions; needed without any')
    .action(async (ids: string[], { all, ...filter }: Filter & { all?: boolean }) => {
      const { ids: some, ...rest } = chosen(ids, filter, all);
      const query = { ...rest, ids: some?.join(',') };
      const ask = (now: Context) =>
        answerOf(now.client.api.DELETE('/v1/dead-letters', { params: { query } }));
      await untilNoMore(context(), 'discarded', ask);
    });
};

const withFilter = (command: Command): Command =>
  command
    .option('--type <type>')
    .option('--code <code>', 'of the error, e.g. timeout')
    .option('--tag <tag>')
    .option('--since <time>', 'failed from then on', time)
    .option('--until <time>', 'failed before then', time);

/** Which ones; that it is all of them has to be said. */
function chosen(ids: string[], filter: Filter, all: boolean | undefined): Filter & { ids?: string[] } {
  if (ids.length === 0 && Object.keys(filter).length === 0 && !all)
    throw new UsageError('Say which ones: ids, conditions, or --all.');
  return ids.length > 0 ? { ...filter, ids } : filter;
}

/** The API does a number of them with each request. */
async function untilNoMore(
  context: Context,
  what: string,
  ask: (context: Context) => Promise<Schemas['Handled']>,
): Promise<void> {
  const sum = { matched: 0, done: 0 };
  for (let more = true; more;) {
    const handled = await ask(context);
    sum.matched += handled.matched;
    sum.done += handled.done;
    // Those that cannot be handled would come again and again.
    more = handled.more && handled.done > 0;
  }
  await print(context, sum, `${sum.done} ${what}`);
}
