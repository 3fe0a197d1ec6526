import type { Schemas } from '@offload/client';
import { addressOf } from '../tasks/task-filter.js';
import { Table } from '../ui/table.js';
import { durationText } from '../ui/time.js';
import { failureRate, typesOf } from './series.js';

const whole = (value: number): string => value.toLocaleString('en');
const duration = (ms: number | null): string => (ms === null ? '–' : durationText(ms));

/** What each type did in the range, and what is open of it now. */
export function TypesTable({ stats }: { stats: Schemas['Stats'] }) {
  const rows = typesOf(stats);
  if (rows.length === 0) return <p class="soft">Nothing happened in this time, and nothing is open.</p>;
  return (
    <Table
      caption="By type"
      rows={rows}
      keyOf={({ type }) => type}
      columns={[
        { title: 'Type', head: true, cell: ({ type }) => <a href={addressOf({ type })}>{type}</a> },
        { title: 'Waiting', kind: 'number', cell: ({ waiting }) => whole(waiting) },
        { title: 'Running', kind: 'number', cell: ({ running }) => whole(running) },
        { title: 'Succeeded', kind: 'number', cell: ({ succeeded }) => whole(succeeded) },
        {
          title: 'Failed',
          kind: 'number',
          cell: ({ type, succeeded, failed }) =>
            failed === 0 ? (
              '0'
            ) : (
              <a href={addressOf({ type, state: 'failed' })}>
                {whole(failed)} ({((failureRate({ succeeded, failed }) ?? 0) * 100).toFixed(1)} %)
              </a>
            ),
        },
        { title: 'In queue (95 %)', kind: 'number', cell: ({ queueP95Ms }) => duration(queueP95Ms) },
        { title: 'Run time (95 %)', kind: 'number', cell: ({ runP95Ms }) => duration(runP95Ms) },
      ]}
    />
  );
}
