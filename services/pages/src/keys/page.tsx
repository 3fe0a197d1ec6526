import { answerOf, ProblemError, type Schemas } from '@offload/client';
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { allOf, api } from '../data/client.js';
import { apiKey, openKeyDialog } from '../data/key.js';
import { useResource, type Resource } from '../data/use-resource.js';
import { Button } from '../ui/button.js';
import { confirm } from '../ui/dialog.js';
import { Page } from '../ui/page.js';
import { Badge } from '../ui/state-badge.js';
import { EmptyState, Loaded } from '../ui/states.js';
import { Table, type Column } from '../ui/table.js';
import { now, RelativeTime } from '../ui/time.js';
import { say } from '../ui/toast.js';
import { stateOf } from './key-facts.js';
import { NewKey } from './new-key.js';
import { RotateKey } from './rotate-key.js';
import { ShownOnce } from './shown-once.js';
import './keys.css';

type ApiKey = Schemas['ApiKey'];
type Open =
  | { is: 'new' }
  | { is: 'rotate'; old: ApiKey }
  | { is: 'made'; made: Schemas['CreatedApiKey']; old?: ApiKey };

const PAGE = 100;

const loadAll = (signal: AbortSignal): Promise<ApiKey[]> =>
  allOf((cursor) => answerOf(api().GET('/v1/keys', { params: { query: { limit: PAGE, cursor } }, signal })));

/** Whether it is, as far as its end tells, the key that this page uses. */
const isOwn = ({ ending }: ApiKey): boolean => apiKey.value?.endsWith(ending) ?? false;

export default function KeysPage(): JSX.Element {
  const keys = useResource(loadAll, [apiKey.value]);
  const [open, setOpen] = useState<Open | null>(null);
  const mayNot = keys.error instanceof ProblemError && keys.error.status === 403;
  const close = (): void => setOpen(null);
  const made = (made: Schemas['CreatedApiKey'], old?: ApiKey): void => {
    setOpen({ is: 'made', made, ...(old && { old }) });
    void keys.reload();
  };
  return (
    <Page
      title="Keys"
      lead="Who may ask the API, and for what."
      actions={
        !mayNot && (
          <Button kind="primary" onClick={() => setOpen({ is: 'new' })}>
            New key
          </Button>
        )
      }
      wide
    >
      {mayNot ? <ForAdmins /> : <KeyTable keys={keys} onRotate={(old) => setOpen({ is: 'rotate', old })} />}
      {open?.is === 'new' && <NewKey onMade={made} onClose={close} />}
      {open?.is === 'rotate' && (
        <RotateKey old={open.old} onMade={(key) => made(key, open.old)} onClose={close} />
      )}
      {open?.is === 'made' && (
        <ShownOnce made={open.made} replacesOwn={open.old !== undefined && isOwn(open.old)} onClose={close} />
      )}
    </Page>
  );
}

function ForAdmins(): JSX.Element {
  return (
    <EmptyState title="Keys are for those who administer the system">
      <p>
        The key that this page uses{apiKey.value !== null && ` (it ends in ${apiKey.value.slice(-4)})`} does
        not have the role <code>admin</code>. Ask whoever runs the system, or enter another key.
      </p>
      <p>
        <Button onClick={() => openKeyDialog()}>Enter another key</Button>
      </p>
    </EmptyState>
  );
}

function KeyTable({
  keys,
  onRotate,
}: {
  keys: Resource<ApiKey[]>;
  onRotate: (key: ApiKey) => void;
}): JSX.Element {
  const revoke = async (key: ApiKey): Promise<void> => {
    const own = isOwn(key) ? ' It is the key that this page uses: the page will ask for another one.' : '';
    const text = `Who uses “${key.name}” of ${key.owner} is refused within five seconds. This cannot be taken back.${own}`;
    if (!(await confirm({ title: 'Revoke this key?', text, confirm: 'Revoke it', danger: true }))) return;
    await api().DELETE('/v1/keys/{id}', { params: { path: { id: key.id } } });
    keys.change((shown) => shown.filter(({ id }) => id !== key.id));
    say(`“${key.name}” is revoked.`);
  };
  return (
    <Loaded resource={keys}>
      {(all) =>
        all.length === 0 ? (
          <EmptyState title="No keys yet">
            <p class="soft">
              This server asks for none: only its own machine reaches it. In production it needs at least one.
            </p>
          </EmptyState>
        ) : (
          <Table caption="Keys" columns={columns(onRotate, revoke)} rows={all} keyOf={({ id }) => id} />
        )
      }
    </Loaded>
  );
}

const columns = (
  onRotate: (key: ApiKey) => void,
  onRevoke: (key: ApiKey) => Promise<void>,
): readonly Column<ApiKey>[] => [
  {
    title: 'Name',
    head: true,
    cell: (key) => (
      <span class="cell-lines">
        {key.name}
        <small class="soft">
          …{key.ending}
          {isOwn(key) && ', used by this page'}
        </small>
      </span>
    ),
  },
  { title: 'Owner', cell: ({ owner }) => owner },
  { title: 'Roles', cell: ({ roles }) => roles.join(', ') },
  { title: 'Last used', cell: ({ lastUsedAt }) => <RelativeTime at={lastUsedAt} /> },
  { title: 'Expires', cell: ({ expiresAt }) => <Expiry at={expiresAt} /> },
  { title: 'Made', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
  {
    title: 'Actions',
    kind: 'actions',
    cell: (key) => (
      <span class="row-actions">
        {stateOf(key.expiresAt, now.value) !== 'expired' && (
          <Button small onClick={() => onRotate(key)} aria-label={`Rotate: ${key.name}`}>
            Rotate
          </Button>
        )}
        <Button small kind="quiet" onClick={() => onRevoke(key)} aria-label={`Revoke: ${key.name}`}>
          Revoke
        </Button>
      </span>
    ),
  },
];

function Expiry({ at }: { at: string | null }): JSX.Element {
  const state = stateOf(at, now.value);
  return (
    <span class="cell-lines">
      <RelativeTime at={at} />
      {state !== 'valid' && <Badge tone={state === 'expired' ? 'bad' : 'warn'}>{state}</Badge>}
    </span>
  );
}
