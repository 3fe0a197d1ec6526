import { answerOf } from '@offload/client';
import { printItems } from '../print.js';
import type { AddCommand } from '../program.js';

const MIB = 1024 * 1024;

export const workersCommand: AddCommand = (program, context) => {
  program
    .command('workers')
    .description('List the processes: workers, clocks and APIs, with build and load')
    .action(async () => {
      const now = context();
      const { items } = await answerOf(now.client.api.GET('/v1/workers'));
      const sum = (numbers: number[]): number => numbers.reduce((all, one) => all + one, 0);
      await printItems(now, items, {
        PROCESS: ({ process }) => process,
        STATE: ({ state }) => state,
        RUNNING: ({ lanes }) => sum(lanes.map(({ running }) => running)),
        CAPACITY: ({ lanes }) => sum(lanes.map(({ capacity }) => capacity)),
        MIB: ({ rssBytes }) => Math.round(rssBytes / MIB),
        VERSION: ({ version }) => version,
        SINCE: ({ startedAt }) => startedAt,
        ID: ({ id }) => id,
      });
    });
};
