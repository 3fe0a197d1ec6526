import { answerOf, type Schemas } from '@offload/client';
import type { JSX } from 'preact';
import { api } from '../data/client.js';
import { useResource } from '../data/use-resource.js';
import { Button } from '../ui/button.js';
import { JsonView } from '../ui/json-view.js';
import { Page, Section } from '../ui/page.js';
import { Loaded } from '../ui/states.js';
import { RelativeTime } from '../ui/time.js';
import { DeliveryBadge } from './deliveries.js';
import { attemptInWords, STATES } from './delivery-state.js';
import { replay } from './replay.js';

type Delivery = Schemas['WebhookDelivery'];

const LOOK_AGAIN_MS = 2_000;

export function DeliveryPage({ id }: { id: string }): JSX.Element {
  const delivery = useResource(
    (signal) => answerOf(api().GET('/v1/webhooks/deliveries/{id}', { params: { path: { id } }, signal })),
    [id],
    { everyMs: LOOK_AGAIN_MS },
  );
  const again = async (): Promise<void> => {
    const changed = await replay({ id });
    delivery.change(() => changed);
  };
  return (
    <Page title="Delivery" actions={delivery.data && <Button onClick={again}>Replay</Button>}>
      <p>
        <a href="/webhooks">All webhooks</a>
      </p>
      <Loaded resource={delivery}>{(found) => <Shown delivery={found} />}</Loaded>
    </Page>
  );
}

function Shown({ delivery }: { delivery: Delivery }): JSX.Element {
  const { id, event, state, url, secretName, task, batch, error, nextAt, createdAt, endedAt, keptUntil } =
    delivery;
  return (
    <>
      <p class="row" aria-live="polite">
        <DeliveryBadge state={state} />
        <span>{STATES[state].means}</span>
        {state === 'pending' && (
          <span class="soft">
            next attempt <RelativeTime at={nextAt} none="at once" />
          </span>
        )}
      </p>
      {error && (
        <p class={state === 'pending' ? 'notice warn' : 'notice danger'}>
          <span>
            <code>{error.code}</code> {error.message}
          </span>
        </p>
      )}
      <dl class="facts">
        <dt>Event</dt>
        <dd>{event}</dd>
        <dt>To</dt>
        <dd>{url}</dd>
        <dt>Signed with</dt>
        <dd>{secretName}</dd>
        <dt>About</dt>
        <dd>
          {task !== null ? <a href={`/tasks/${task}`}>task {task}</a> : 'a batch'}
          {batch !== null && <>, batch {batch}</>}
        </dd>
        <dt>webhook-id</dt>
        <dd>
          <code>{id}</code>
        </dd>
        <dt>Made</dt>
        <dd>
          <RelativeTime at={createdAt} />
        </dd>
        <dt>Ended</dt>
        <dd>
          <RelativeTime at={endedAt} none="not yet" />
        </dd>
        <dt>Kept</dt>
        <dd>
          until <RelativeTime at={keptUntil} />
        </dd>
      </dl>
      <Attempts delivery={delivery} />
      <Section title="Payload">
        <JsonView value={delivery.payload} label="Payload" open={2} />
      </Section>
    </>
  );
}

function Attempts({ delivery: { attempts, attemptCount } }: { delivery: Delivery }): JSX.Element {
  const newestFirst = [...attempts].reverse();
  return (
    <Section title={`Attempts (${attemptCount})`}>
      {newestFirst.length === 0 ? (
        <p class="soft">None yet.</p>
      ) : (
        <ol class="hook-attempts" reversed>
          {newestFirst.map((attempt) => (
            <li key={`${attempt.run} ${attempt.at}`} class="card">
              <p>
                <strong>{attempt.error ? '✕' : '✓'}</strong> {attemptInWords(attempt)},{' '}
                <RelativeTime at={attempt.at} />
                {attempt.run > 1 && <span class="soft"> (replay {attempt.run - 1})</span>}
              </p>
              {attempt.error && <p>{attempt.error.message}</p>}
              {attempt.answer && (
                <details>
                  <summary>Its answer</summary>
                  <pre class="long-text" tabIndex={0} aria-label="Body of the answer">
                    {attempt.answer}
                  </pre>
                </details>
              )}
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}
