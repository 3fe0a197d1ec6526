import { answerOf, type Schemas } from '@offload/client';
import type { JSX } from 'preact';
import { allOf, api } from '../data/client.js';
import { useResource } from '../data/use-resource.js';
import { Button } from '../ui/button.js';
import { Page } from '../ui/page.js';
import { Badge } from '../ui/state-badge.js';
import { EmptyState, Loaded } from '../ui/states.js';
import { Table, type Column } from '../ui/table.js';
import { RelativeTime } from '../ui/time.js';
import { deleteSchedule, runNow, setPaused } from './act.js';
import { cronInWords, timeInZone } from './cron-in-words.js';

export type ScheduleSummary = Schemas['ScheduleSummary'];

const PAGE = 100;
const LOOK_AGAIN_MS = 30_000;

const loadAll = (signal: AbortSignal): Promise<ScheduleSummary[]> =>
  allOf((cursor) =>
    answerOf(api().GET('/v1/schedules', { params: { query: { limit: PAGE, cursor } }, signal })),
  );

export function ScheduleList(): JSX.Element {
  const schedules = useResource(loadAll, [], {
    everyMs: LOOK_AGAIN_MS,
    // A tick has made a task: the next one is another now.
    when: ({ schedule }) => schedule !== null,
  });
  const replace = (id: string, by: ScheduleSummary | null): void =>
    schedules.change((shown) => shown.flatMap((each) => (each.id === id ? (by ? [by] : []) : [each])));
  const make = (
    <a class="button primary" href="/schedules/new">
      New schedule
    </a>
  );
  return (
    <Page
      title="Schedules"
      lead="Tasks that are made again and again, by cron, in a time zone."
      actions={make}
      wide
    >
      <Loaded resource={schedules}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState title="No schedules">
              <p class="soft">
                A schedule makes a task at each of its times, e.g. fetches a report on weekdays at 9.
              </p>
              <p>{make}</p>
            </EmptyState>
          ) : (
            <Table caption="Schedules" columns={columns(replace)} rows={all} keyOf={({ id }) => id} />
          )
        }
      </Loaded>
    </Page>
  );
}

const columns = (
  replace: (id: string, by: ScheduleSummary | null) => void,
): readonly Column<ScheduleSummary>[] => [
  {
    title: 'Name',
    head: true,
    cell: ({ id, name, type }) => (
      <span class="cell-lines">
        <a href={`/schedules/${id}`}>{name}</a>
        <small class="soft">{type}</small>
      </span>
    ),
  },
  {
    title: 'When',
    cell: ({ cron, timeZone }) => (
      <span class="cell-lines">
        <span>{cronInWords(cron) ?? cron}</span>
        <small class="soft">
          <code>{cron}</code> {timeZone}
        </small>
      </span>
    ),
  },
  { title: 'State', cell: (schedule) => <State schedule={schedule} /> },
  {
    title: 'Next',
    cell: ({ nextAt, timeZone }) => (
      <span class="cell-lines">
        <RelativeTime at={nextAt} none="not while paused" />
        {nextAt && <small class="soft">{timeInZone(nextAt, timeZone)}</small>}
      </span>
    ),
  },
  {
    title: 'Last',
    cell: ({ lastAt, lastTask }) =>
      lastTask ? (
        <a href={`/tasks/${lastTask}`}>
          <RelativeTime at={lastAt} />
        </a>
      ) : (
        <RelativeTime at={lastAt} />
      ),
  },
  {
    title: 'Actions',
    kind: 'actions',
    cell: (schedule) => (
      <span class="row-actions">
        <Button small onClick={() => runNow(schedule)} aria-label={`Run now: ${schedule.name}`}>
          Run now
        </Button>
        <Button
          small
          aria-label={`${schedule.paused ? 'Resume' : 'Pause'}: ${schedule.name}`}
          onClick={async () => replace(schedule.id, await setPaused(schedule, !schedule.paused))}
        >
          {schedule.paused ? 'Resume' : 'Pause'}
        </Button>
        <Button
          small
          kind="quiet"
          aria-label={`Delete: ${schedule.name}`}
          onClick={async () => {
            if (await deleteSchedule(schedule)) replace(schedule.id, null);
          }}
        >
          Delete
        </Button>
      </span>
    ),
  },
];

function State({ schedule: { paused, error } }: { schedule: ScheduleSummary }): JSX.Element {
  if (error)
    return (
      <span class="cell-lines">
        <Badge tone="bad">! failing</Badge>
        <small>{error.message}</small>
      </span>
    );
  return paused ? <Badge tone="warn">‖ paused</Badge> : <Badge tone="good">▸ active</Badge>;
}
