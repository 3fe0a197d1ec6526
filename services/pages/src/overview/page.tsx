import { answerOf } from '@offload/client';
import { useLocation } from 'preact-iso/router';
import { api } from '../data/client.js';
import { useResource } from '../data/use-resource.js';
import { Select } from '../ui/field.js';
import { Page, Section } from '../ui/page.js';
import { Loaded, Loading } from '../ui/states.js';
import { SUBMITTED_TYPES } from '../tasks/types.js';
import { Charts } from './charts.js';
import { Health } from './health.js';
import './overview.css';
import { Queues } from './queues.js';
import { RANGES, type Range } from './series.js';
import { TypesTable } from './types-table.js';
import { Workers } from './workers.js';

const EVERY_MS = { hour: 5_000, day: 15_000 } as const;

export default function OverviewPage() {
  const { query, route } = useLocation();
  const range: Range = query.range === 'day' ? 'day' : 'hour';
  const type = query.type ?? '';
  const stats = useResource(
    async (signal) => {
      const { step, ms } = RANGES[range];
      const from = new Date(Date.now() - ms).toISOString();
      const asked = { from, step, ...(type !== '' && { type: type as 'system.echo' }) };
      return answerOf(api().GET('/v1/stats', { params: { query: asked }, signal }));
    },
    [range, type],
    { everyMs: EVERY_MS[range], when: () => range === 'hour' },
  );
  const go = (to: { range?: string; type?: string }): void => {
    const next = Object.entries({ range, type, ...to }).filter(
      ([, value]) => value !== '' && value !== 'hour',
    );
    route(next.length === 0 ? '/' : `/?${new URLSearchParams(next)}`);
  };
  const known = [
    ...new Set([...SUBMITTED_TYPES, ...(stats.data?.series ?? []).map((each) => each.type), type]),
  ];
  return (
    <Page title="Overview" lead="What the system does, as it does it." wide>
      <Health />
      <Section
        title="Tasks"
        actions={
          <>
            <Select
              quietLabel
              label="Time"
              value={range}
              options={Object.entries(RANGES).map(([name, { label }]) => [name as Range, label] as const)}
              onChange={(to) => go({ range: to })}
            />
            <Select
              quietLabel
              label="Type"
              value={type}
              options={[
                ['', 'All types'],
                ...known
                  .filter(Boolean)
                  .sort()
                  .map((one) => [one, one] as const),
              ]}
              onChange={(to) => go({ type: to })}
            />
          </>
        }
      >
        <Loaded resource={stats} loading={<Loading height="15rem" />}>
          {(data) => (
            <>
              <Charts stats={data} range={range} />
              <TypesTable stats={data} />
            </>
          )}
        </Loaded>
      </Section>
      <Workers />
      <Queues />
    </Page>
  );
}
