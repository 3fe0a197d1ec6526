import type { JSX } from 'preact';
import { useResource } from '../data/use-resource.js';
import { Button } from '../ui/button.js';
import { bytesText } from '../ui/bytes.js';
import { confirm } from '../ui/dialog.js';
import { Section } from '../ui/page.js';
import { Loaded, Loading } from '../ui/states.js';
import { RelativeTime } from '../ui/time.js';
import { say } from '../ui/toast.js';
import { discardUnreadable, loadUnreadable, type UnreadableMessage } from './act.js';

/** Messages that stand for no task: what someone else published, or of a task that is gone. */
export function Unreadable(): JSX.Element {
  const messages = useResource(loadUnreadable, []);
  const { data, change } = messages;
  const drop = async (ids: readonly string[]): Promise<void> => {
    const count = ids.length === 1 ? '1 message' : `${ids.length} messages`;
    const text = `${count} will be deleted. There is no task behind ${ids.length === 1 ? 'it' : 'them'}; this cannot be taken back.`;
    if (!(await confirm({ title: `Discard ${count}?`, text, confirm: `Discard ${count}`, danger: true })))
      return;
    const done = await discardUnreadable(ids);
    const gone = new Set(ids);
    change((shown) => shown.filter(({ id }) => !gone.has(id)));
    say(`${done} of ${count} discarded.`);
  };
  const actions = data && data.length > 1 && (
    <Button small kind="danger" onClick={() => drop(data.map(({ id }) => id))}>
      Discard all {data.length}
    </Button>
  );
  return (
    <Section title="Unreadable messages" actions={actions}>
      <Loaded resource={messages} loading={<Loading rows={1} />}>
        {(found) =>
          found.length === 0 ? (
            <p class="soft">None. A message that stands for no task would be kept here.</p>
          ) : (
            <ul class="unreadable">
              {found.map((message) => (
                <Message key={message.id} message={message} onDiscard={() => drop([message.id])} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}

function Message({
  message,
  onDiscard,
}: {
  message: UnreadableMessage;
  onDiscard: () => unknown;
}): JSX.Element {
  const { reason, receivedAt, queue, type, correlationId, body, bytes } = message;
  return (
    <li class="card">
      <p>
        <strong>{reason}</strong>{' '}
        <span class="soft">
          in {queue || 'no queue'}, <RelativeTime at={receivedAt} />, {bytesText(bytes)}
          {type !== null && `, type ${type}`}
          {correlationId !== null && `, correlation id ${correlationId}`}
        </span>
      </p>
      <details>
        <summary>{bytes > body.length ? 'Its beginning' : 'Its body'}</summary>
        <pre class="long-text" tabIndex={0} aria-label="Body of the message">
          {body}
        </pre>
      </details>
      <p class="actions">
        <Button small kind="quiet" onClick={onDiscard}>
          Discard
        </Button>
      </p>
    </li>
  );
}
