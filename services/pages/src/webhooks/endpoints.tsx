import { answerOf } from '@offload/client';
import type { JSX } from 'preact';
import { api } from '../data/client.js';
import { useResource } from '../data/use-resource.js';
import { Button } from '../ui/button.js';
import { Section } from '../ui/page.js';
import { RelativeTime } from '../ui/time.js';
import { say } from '../ui/toast.js';

const MOST = 100;

/** URLs that answered 410: nothing is sent there until someone enables them again. None is the rule: then it is not shown. */
export function Endpoints(): JSX.Element | null {
  const endpoints = useResource(
    (signal) => answerOf(api().GET('/v1/webhooks/endpoints', { params: { query: { limit: MOST } }, signal })),
    [],
  );
  const { data, change } = endpoints;
  if (!data || data.items.length === 0) return null;
  const enable = async (id: string, url: string): Promise<void> => {
    await api().POST('/v1/webhooks/endpoints/{id}/enable', { params: { path: { id } } });
    change((page) => ({ ...page, items: page.items.filter((each) => each.id !== id) }));
    say(`${url} is sent to again. What was not sent meanwhile can be replayed.`);
  };
  return (
    <Section title="Disabled URLs">
      <ul class="hook-list">
        {data.items.map(({ id, url, disabledAt, reason }) => (
          <li key={id} class="card">
            <p class="hook-url">
              <strong>{url}</strong>
            </p>
            <p class="soft">
              {reason.message} <RelativeTime at={disabledAt} />
            </p>
            <p class="actions">
              <Button small onClick={() => enable(id, url)} aria-label={`Enable ${url}`}>
                Enable
              </Button>
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
