import { answerOf } from '@offload/client';
import { time } from '../arguments.js';
import { printItems } from '../print.js';
import type { AddCommand } from '../program.js';

export const statsCommand: AddCommand = (program, context) => {
  program
    .command('stats')
    .description('Show what happened to tasks, by type and lane; without options: in the last hour')
    .option('--from <time>', 'from this time on, RFC 3339; kept for two days', time)
    .option('--to <time>', 'up to this time', time)
    .action(async ({ from, to }: { from?: string; to?: string }) => {
      const now = context();
      // An answer has at most 600 steps.
      const step = from === undefined ? ('1m' as const) : ('5m' as const);
      const query = { step, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
      const { series } = await answerOf(now.client.api.GET('/v1/stats', { params: { query } }));
      await printItems(now, series, {
        TYPE: ({ type }) => type,
        LANE: ({ lane }) => lane,
        ACCEPTED: ({ totals }) => totals.accepted,
        SUCCEEDED: ({ totals }) => totals.succeeded,
        FAILED: ({ totals }) => totals.failed,
        RETRIED: ({ totals }) => totals.retried,
        'QUEUE P95 MS': ({ totals }) => totals.timeInQueue.p95Ms,
        'RUN P50 MS': ({ totals }) => totals.runTime.p50Ms,
        'RUN P95 MS': ({ totals }) => totals.runTime.p95Ms,
      });
    });
};
