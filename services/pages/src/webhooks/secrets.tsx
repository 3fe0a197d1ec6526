import { answerOf, ProblemError, type Schemas } from '@offload/client';
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { api } from '../data/client.js';
import { useResource } from '../data/use-resource.js';
import { Button } from '../ui/button.js';
import { CopyButton } from '../ui/copy-button.js';
import { confirm, Dialog } from '../ui/dialog.js';
import { ErrorState } from '../ui/error-state.js';
import { Field } from '../ui/field.js';
import { Section } from '../ui/page.js';
import { Loaded, Loading } from '../ui/states.js';
import { Table, type Column } from '../ui/table.js';
import { RelativeTime } from '../ui/time.js';
import { say } from '../ui/toast.js';
import { useSubmit } from '../ui/use-submit.js';

type Secret = Schemas['WebhookSecret'];

const MOST = 100;

/** What signs. Each is shown once, when it is made. */
export function Secrets(): JSX.Element {
  const secrets = useResource(
    (signal) => answerOf(api().GET('/v1/webhooks/secrets', { params: { query: { limit: MOST } }, signal })),
    [],
  );
  const [open, setOpen] = useState<'new' | Schemas['CreatedWebhookSecret'] | null>(null);
  const made = (secret: Schemas['CreatedWebhookSecret']): void => {
    setOpen(secret);
    void secrets.reload();
  };
  const rotate = async ({ id, name }: Secret): Promise<void> => {
    const text = `“${name}” gets a new value. The one before signs beside it for a day, so that the receiver can change over.`;
    if (!(await confirm({ title: 'Rotate this secret?', text, confirm: 'Rotate it' }))) return;
    made(
      await answerOf(api().POST('/v1/webhooks/secrets/{id}/rotate', { params: { path: { id } }, body: {} })),
    );
  };
  const remove = async ({ id, name }: Secret): Promise<void> => {
    const text = `Webhooks that name “${name}” are not sent any more. This cannot be taken back.`;
    if (!(await confirm({ title: 'Delete this secret?', text, confirm: 'Delete it', danger: true }))) return;
    await api().DELETE('/v1/webhooks/secrets/{id}', { params: { path: { id } } });
    secrets.change((page) => ({ ...page, items: page.items.filter((each) => each.id !== id) }));
    say(`“${name}” is deleted.`);
  };
  return (
    <Section title="Secrets" actions={<Button onClick={() => setOpen('new')}>New secret</Button>}>
      <Loaded resource={secrets} loading={<Loading rows={1} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="soft">
              None. A callback needs one: it signs what is sent, so that the receiver can trust it.
            </p>
          ) : (
            <Table caption="Secrets" columns={columns(rotate, remove)} rows={items} keyOf={({ id }) => id} />
          )
        }
      </Loaded>
      {open === 'new' && <NewSecret onMade={made} onClose={() => setOpen(null)} />}
      {open !== null && open !== 'new' && <ShownOnce made={open} onClose={() => setOpen(null)} />}
    </Section>
  );
}

const columns = (
  onRotate: (secret: Secret) => Promise<void>,
  onRemove: (secret: Secret) => Promise<void>,
): readonly Column<Secret>[] => [
  { title: 'Name', head: true, cell: ({ name }) => name },
  { title: 'Values that sign', kind: 'number', cell: ({ values }) => values.length },
  { title: 'Newest value', cell: ({ values }) => <RelativeTime at={values.at(-1)?.createdAt} /> },
  {
    title: 'Actions',
    kind: 'actions',
    cell: (secret) => (
      <span class="row-actions">
        <Button small onClick={() => onRotate(secret)} aria-label={`Rotate: ${secret.name}`}>
          Rotate
        </Button>
        <Button small kind="quiet" onClick={() => onRemove(secret)} aria-label={`Delete: ${secret.name}`}>
          Delete
        </Button>
      </span>
    ),
  },
];

interface NewSecretProps {
  onMade: (made: Schemas['CreatedWebhookSecret']) => void;
  onClose: () => void;
}

function NewSecret({ onMade, onClose }: NewSecretProps): JSX.Element {
  const [name, setName] = useState('default');
  const { busy, error, onSubmit } = useSubmit(async () => {
    onMade(await answerOf(api().POST('/v1/webhooks/secrets', { body: { name: name.trim() } })));
  });
  const fault = error instanceof ProblemError ? (error.errors[0]?.detail ?? error.message) : undefined;
  return (
    <Dialog title="New secret" onClose={onClose}>
      <form onSubmit={onSubmit} noValidate>
        <Field
          label="Name"
          hint="Callbacks name it by this; “default” is meant where they name none"
          value={name}
          onInput={setName}
          error={fault}
          autocomplete="off"
        />
        {error !== undefined && fault === undefined && <ErrorState error={error} />}
        <p class="actions">
          <Button kind="primary" type="submit" busy={busy}>
            Make the secret
          </Button>
          <Button onClick={onClose}>Not now</Button>
        </p>
      </form>
    </Dialog>
  );
}

function ShownOnce({
  made,
  onClose,
}: {
  made: Schemas['CreatedWebhookSecret'];
  onClose: () => void;
}): JSX.Element {
  return (
    <Dialog title="The new secret" onClose={onClose}>
      <p>“{made.name}” is shown this once. Give it to the receiver, now.</p>
      <p class="shown-once">
        <code>{made.secret}</code>
      </p>
      <p class="actions">
        <CopyButton text={made.secret} label="Copy the secret" />
        <Button kind="primary" onClick={onClose}>
          I have it
        </Button>
      </p>
    </Dialog>
  );
}
