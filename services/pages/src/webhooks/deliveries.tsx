import { answerOf, type Schemas } from '@offload/client';
import { useLocation } from 'preact-iso/router';
import type { JSX } from 'preact';
import { api, cursorOf } from '../data/client.js';
import { useResource } from '../data/use-resource.js';
import { Button } from '../ui/button.js';
import { Select } from '../ui/field.js';
import { Section } from '../ui/page.js';
import { Pager } from '../ui/pager.js';
import { Badge } from '../ui/state-badge.js';
import { EmptyState, Loaded } from '../ui/states.js';
import { Table, type Column } from '../ui/table.js';
import { RelativeTime } from '../ui/time.js';
import { isDeliveryState, STATES, type DeliveryState } from './delivery-state.js';
import { replay } from './replay.js';

type Summary = Schemas['WebhookDeliverySummary'];

const PAGE = 50;
/** Deliveries have no stream; those that are pending are looked at again. */
const LOOK_AGAIN_MS = 5_000;

export function DeliveryBadge({ state }: { state: DeliveryState }): JSX.Element {
  const { sign, tone } = STATES[state];
  return <Badge tone={tone}>{`${sign} ${state}`}</Badge>;
}

/** One page of the list; the state and the page stand in the address. */
export function Deliveries(): JSX.Element {
  const { query, route } = useLocation();
  const state = isDeliveryState(query.state) ? query.state : undefined;
  const deliveries = useResource(
    (signal) => {
      const asked = { limit: PAGE, ...(state && { state }), ...(query.cursor && { cursor: query.cursor }) };
      return answerOf(api().GET('/v1/webhooks/deliveries', { params: { query: asked }, signal }));
    },
    [state, query.cursor],
    { everyMs: LOOK_AGAIN_MS },
  );
  const go = (more: { state?: string; cursor?: string }): void => {
    const told = Object.entries({ state, ...more }).filter(([, value]) => value) as [string, string][];
    const text = new URLSearchParams(told).toString();
    route(`/webhooks${text && `?${text}`}`);
  };
  const onReplay = async (delivery: Summary): Promise<void> => {
    const changed = await replay(delivery);
    deliveries.change((page) => ({
      ...page,
      items: page.items.map((each) => (each.id === delivery.id ? { ...each, ...changed } : each)),
    }));
  };
  const filter = (
    <Select
      label="State"
      value={state ?? ''}
      options={[
        ['', 'all states'],
        ...Object.entries(STATES).map(([each]): [string, string] => [each, each]),
      ]}
      onChange={(to) => go({ state: to })}
    />
  );
  const next = cursorOf(deliveries.data?.next);
  return (
    <Section title="Deliveries" actions={filter}>
      <Loaded resource={deliveries}>
        {({ items }) =>
          items.length === 0 ? (
            <NoDeliveries filtered={state !== undefined || query.cursor !== undefined} />
          ) : (
            <>
              <Table caption="Deliveries" columns={columns(onReplay)} rows={items} keyOf={({ id }) => id} />
              <Pager
                newer="Newest"
                onNewer={query.cursor ? () => go({}) : undefined}
                onOlder={next ? () => go({ cursor: next }) : undefined}
              />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

function NoDeliveries({ filtered }: { filtered: boolean }): JSX.Element {
  return filtered ? (
    <EmptyState title="No delivery is in this state">
      <p>
        <a href="/webhooks">Show all</a>
      </p>
    </EmptyState>
  ) : (
    <EmptyState title="No deliveries yet">
      <p class="soft">
        A task or batch with a <code>callback</code> tells its URL when it has ended. Make a secret below
        first: it signs what is sent.
      </p>
    </EmptyState>
  );
}

const columns = (onReplay: (delivery: Summary) => Promise<void>): readonly Column<Summary>[] => [
  {
    title: 'Event',
    head: true,
    cell: ({ id, event, createdAt }) => (
      <span class="cell-lines">
        <a href={`/webhooks/${id}`}>{event}</a>
        <small class="soft">
          <RelativeTime at={createdAt} />
        </small>
      </span>
    ),
  },
  { title: 'State', cell: ({ state }) => <DeliveryBadge state={state} /> },
  { title: 'To', cell: ({ url }) => <span class="hook-url">{url}</span> },
  {
    title: 'About',
    cell: ({ task }) => (task === null ? 'a batch' : <a href={`/tasks/${task}`}>task …{task.slice(-8)}</a>),
  },
  { title: 'Attempts', kind: 'number', cell: ({ attemptCount }) => attemptCount },
  {
    title: 'Then',
    cell: ({ state, error, nextAt, endedAt }) => (
      <span class="cell-lines">
        {state === 'pending' ? (
          <span>
            tried <RelativeTime at={nextAt} />
          </span>
        ) : (
          <RelativeTime at={endedAt} />
        )}
        {error && <small>{error.message}</small>}
      </span>
    ),
  },
  {
    title: 'Actions',
    kind: 'actions',
    cell: (delivery) => (
      <Button
        small
        onClick={() => onReplay(delivery)}
        aria-label={`Replay: ${delivery.event} to ${delivery.url}`}
      >
        Replay
      </Button>
    ),
  },
];
