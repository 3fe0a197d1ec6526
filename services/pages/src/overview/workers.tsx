import { answerOf, type Schemas } from '@offload/client';
import { useEffect, useRef } from 'preact/hooks';
import { api } from '../data/client.js';
import { useResource } from '../data/use-resource.js';
import { bytesText } from '../ui/bytes.js';
import { Section } from '../ui/page.js';
import { Badge } from '../ui/state-badge.js';
import { EmptyState, Loaded, Loading } from '../ui/states.js';
import { Table } from '../ui/table.js';
import { RelativeTime } from '../ui/time.js';
import { announce } from '../ui/toast.js';

type Worker = Schemas['Worker'];

const EVERY_MS = 2_000;

const TONES = { starting: 'info', running: 'good', draining: 'warn', silent: 'bad' } as const;
const SIGNS = { starting: '◌', running: '✓', draining: '◷', silent: '✕' };

export const loadWorkers = async (signal: AbortSignal): Promise<Worker[]> =>
  (await answerOf(api().GET('/v1/workers', { signal }))).items;

/** Every process that is alive, with what it does, and those that have fallen silent. */
export function Workers() {
  const workers = useResource(loadWorkers, [], { everyMs: EVERY_MS });
  useSilenceTold(workers.data);
  return (
    <Section title="Workers">
      <Loaded resource={workers} loading={<Loading rows={6} />}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="No process has shown itself">
              <p>
                Tasks are accepted and wait. <code>npm run worker -- echo</code> starts a worker.
              </p>
            </EmptyState>
          ) : (
            <WorkersTable rows={rows} />
          )
        }
      </Loaded>
    </Section>
  );
}

function WorkersTable({ rows }: { rows: Worker[] }) {
  return (
    <Table
      caption={`${rows.filter(({ state }) => state !== 'silent').length} processes are alive`}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          title: 'Process',
          head: true,
          cell: ({ process, host, pid }) => (
            <>
              {process}{' '}
              <small class="soft">
                {host}, {pid}
              </small>
            </>
          ),
        },
        {
          title: 'State',
          cell: ({ state, lastSeenAt }) => (
            <>
              <Badge tone={TONES[state]}>{`${SIGNS[state]} ${state}`}</Badge>{' '}
              {state === 'silent' && (
                <small class="soft">
                  last seen <RelativeTime at={lastSeenAt} />
                </small>
              )}
            </>
          ),
        },
        { title: 'Load', cell: (worker) => <Load worker={worker} /> },
        { title: 'Version', cell: ({ version }) => version },
        { title: 'Memory', kind: 'number', cell: ({ rssBytes }) => bytesText(rssBytes) },
        {
          title: 'Event loop late',
          kind: 'number',
          cell: ({ eventLoopDelayMs: { p99 } }) => `${p99} ms`,
        },
        { title: 'Started', cell: ({ startedAt }) => <RelativeTime at={startedAt} /> },
      ]}
    />
  );
}

/** Running tasks of those that it may run at once. */
function Load({ worker: { lanes, process } }: { worker: Worker }) {
  if (lanes.length === 0) return <span class="soft">–</span>;
  const running = lanes.reduce((total, lane) => total + lane.running, 0);
  const waiting = lanes.reduce((total, lane) => total + lane.waiting, 0);
  const capacity = lanes.reduce((total, lane) => total + lane.capacity, 0);
  return (
    <span class="load">
      <meter min={0} max={Math.max(1, capacity)} value={running} aria-label={`Load of ${process}`} />
      <span class="numbers">
        {running} of {capacity}
        {waiting > 0 && `, ${waiting} wait`}
      </span>
    </span>
  );
}

/** Says it when one falls silent while a person looks. */
function useSilenceTold(workers: Worker[] | undefined): void {
  const before = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!workers) return;
    const silent = workers.filter(({ state }) => state === 'silent');
    const known = before.current;
    if (known)
      for (const { id, process, host } of silent)
        if (!known.has(id)) announce(`${process} on ${host} has fallen silent.`);
    before.current = new Set(silent.map(({ id }) => id));
  }, [workers]);
}
