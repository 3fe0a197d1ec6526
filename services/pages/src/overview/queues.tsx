import { answerOf, ProblemError, type Schemas } from '@offload/client';
import { api } from '../data/client.js';
import { useResource } from '../data/use-resource.js';
import { Button } from '../ui/button.js';
import { confirm } from '../ui/dialog.js';
import { Section } from '../ui/page.js';
import { Badge } from '../ui/state-badge.js';
import { Loaded, Loading } from '../ui/states.js';
import { Table } from '../ui/table.js';
import { RelativeTime } from '../ui/time.js';
import { say } from '../ui/toast.js';

type Queue = Schemas['Queue'];

const EVERY_MS = 3_000;

/** Every type's queues with their lanes; a type can be paused and resumed, for the whole system. */
export function Queues() {
  const queues = useResource(
    async (signal) => (await answerOf(api().GET('/v1/queues', { signal }))).items,
    [],
    { everyMs: EVERY_MS },
  );
  const { error, change } = queues;
  if (error instanceof ProblemError && error.status === 403)
    return (
      <Section title="Queues">
        <p class="soft">Queues are of the whole system: they are shown with a key of the role “operate”.</p>
      </Section>
    );
  return (
    <Section title="Queues">
      <Loaded resource={queues} loading={<Loading rows={6} />}>
        {(rows) => (
          <QueuesTable
            rows={rows}
            onSwitched={(type, paused) =>
              change((before) => before.map((queue) => (queue.type === type ? { ...queue, paused } : queue)))
            }
          />
        )}
      </Loaded>
    </Section>
  );
}

interface QueuesTableProps {
  rows: Queue[];
  onSwitched: (type: string, paused: boolean) => void;
}

function QueuesTable({ rows, onSwitched }: QueuesTableProps) {
  return (
    <Table
      caption="Queues by type of task"
      rows={rows}
      keyOf={({ type }) => type}
      columns={[
        { title: 'Type', head: true, cell: ({ type }) => type },
        { title: 'State', cell: (queue) => <State queue={queue} /> },
        ...(['interactive', 'bulk'] as const).map((name) => ({
          title: name === 'bulk' ? 'Bulk lane' : 'Interactive lane',
          cell: (queue: Queue) => <LaneCell lane={queue.lanes.find(({ lane }) => lane === name)} />,
        })),
        { title: 'Scheduled', kind: 'number', cell: ({ tasks }) => tasks.scheduled.toLocaleString('en') },
        { title: 'Blocked', kind: 'number', cell: ({ tasks }) => tasks.blocked.toLocaleString('en') },
        { title: 'Running', kind: 'number', cell: ({ tasks }) => tasks.running.toLocaleString('en') },
        {
          title: 'Actions',
          kind: 'actions',
          cell: (queue) => <Switch queue={queue} onSwitched={(paused) => onSwitched(queue.type, paused)} />,
        },
      ]}
    />
  );
}

function State({ queue: { paused, changedAt, lanes } }: { queue: Queue }) {
  if (paused)
    return (
      <>
        <Badge tone="warn">❚❚ paused</Badge>{' '}
        <small class="soft">
          <RelativeTime at={changedAt} />
        </small>
      </>
    );
  if (lanes.every(({ consumers }) => consumers === null)) return <Badge>? not there yet</Badge>;
  if (lanes.every(({ consumers }) => !consumers)) return <Badge tone="bad">✕ no worker</Badge>;
  return <Badge tone="good">✓ open</Badge>;
}

function LaneCell({ lane }: { lane: Queue['lanes'][number] | undefined }) {
  if (!lane || lane.ready === null) return <span class="soft">–</span>;
  return (
    <span class="numbers">
      {lane.ready.toLocaleString('en')} waiting,{' '}
      <span class="soft">
        {lane.consumers ?? 0} {lane.consumers === 1 ? 'consumer' : 'consumers'}
      </span>
    </span>
  );
}

function Switch({
  queue: { type, paused },
  onSwitched,
}: {
  queue: Queue;
  onSwitched: (paused: boolean) => void;
}) {
  const params = { path: { type } } as never;
  const resume = async (): Promise<void> => {
    await api().POST('/v1/queues/{type}/resume', { params });
    onSwitched(false);
    say(`${type} goes on.`);
  };
  const pause = async (): Promise<void> => {
    const text = `Workers of all owners begin no more tasks of the type ${type} until it is resumed. What runs is finished, and new tasks are accepted and wait.`;
    if (!(await confirm({ title: `Pause ${type}?`, text, confirm: 'Pause it' }))) return;
    await api().POST('/v1/queues/{type}/pause', { params });
    onSwitched(true);
    say(`${type} is paused.`, { action: { label: 'Resume', run: resume } });
  };
  return (
    <Button small aria-label={`${paused ? 'Resume' : 'Pause'} ${type}`} onClick={paused ? resume : pause}>
      {paused ? 'Resume' : 'Pause'}
    </Button>
  );
}
