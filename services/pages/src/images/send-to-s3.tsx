import { answerOf, ProblemError, type Schemas } from '@offload/client';
import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { api, client, type Task } from '../data/client.js';
import { hasEnded, useTask } from '../data/use-task.js';
import { useResource } from '../data/use-resource.js';
import { Button } from '../ui/button.js';
import { bytesText } from '../ui/bytes.js';
import { ErrorState } from '../ui/error-state.js';
import { Field } from '../ui/field.js';
import { Progress } from '../ui/progress.js';
import { StateBadge } from '../ui/state-badge.js';
import { Loaded } from '../ui/states.js';
import { say } from '../ui/toast.js';
import { useSubmit } from '../ui/use-submit.js';

/** As entered last: the next picture mostly goes to the same place. */
const target = signal({ bucket: 'offload', key: 'images/{yyyy}/{mm}/{task}/{name}', connection: '' });

/** All variants of a task to a bucket, by a task that waits for it. */
export function SendToS3({ task, name }: { task: string; name: string }): JSX.Element {
  const [open, setOpen] = useState(false);
  const [sent, setSent] = useState<readonly string[]>([]);
  return (
    <div class="stack">
      {sent.map((id) => (
        <SentTask key={id} id={id} />
      ))}
      {open ? (
        <S3Form
          task={task}
          name={name}
          onSent={(id) => {
            setSent([...sent, id]);
            setOpen(false);
          }}
          onClose={() => setOpen(false)}
        />
      ) : (
        <p class="actions">
          <Button small onClick={() => setOpen(true)}>
            Send to S3
          </Button>
        </p>
      )}
    </div>
  );
}

interface S3FormProps {
  task: string;
  name: string;
  onSent: (id: string) => void;
  onClose: () => void;
}

function S3Form({ task, name, onSent, onClose }: S3FormProps): JSX.Element {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const { bucket, key, connection } = target.value;
  const set = (more: Partial<typeof target.value>): void => {
    target.value = { ...target.value, ...more };
  };
  const { busy, error, onSubmit } = useSubmit(async () => {
    const source = { task, files: '*' };
    const where = {
      bucket: bucket.trim(),
      key: key.trim(),
      ...(connection.trim() && { target: connection.trim() }),
    };
    const { id } = await client().s3Upload({ source, ...where });
    say('Accepted. The variants go to S3 as soon as they are made.');
    onSent(id);
  });
  const faults = error instanceof ProblemError ? error.errors : [];
  const faultOf = (field: string): string | undefined =>
    faults.find(({ pointer }) => pointer === `/input/${field}`)?.detail;
  const atFields = ['bucket', 'key', 'target'].some((field) => faultOf(field) !== undefined);
  return (
    <form class="s3-form" onSubmit={onSubmit} noValidate aria-label={`Send ${name} to S3`}>
      <NoUploader />
      <Field
        label="Bucket"
        value={bucket}
        onInput={(to) => set({ bucket: to })}
        error={faultOf('bucket')}
        inputRef={first}
      />
      <Field
        label="Key"
        value={key}
        onInput={(to) => set({ key: to })}
        error={faultOf('key')}
        hint="{name}, {base}, {ext}, {sha256}, {task}, {yyyy}, {mm} and {dd} are filled in"
      />
      <Field
        label="Connection"
        value={connection}
        onInput={(to) => set({ connection: to })}
        error={faultOf('target')}
        hint="Of the operator; empty: the usual one"
      />
      {error !== undefined && !atFields && <ErrorState error={error} />}
      <p class="actions">
        <Button kind="primary" type="submit" busy={busy}>
          Send
        </Button>
        <Button onClick={onClose}>Not now</Button>
      </p>
    </form>
  );
}

/** Said before anybody waits for nothing. Who may not look at queues (403) is told by the task itself. */
function NoUploader(): JSX.Element | null {
  const queues = useResource((signal) => answerOf(api().GET('/v1/queues', { signal })), []);
  const queue = queues.data?.items.find(({ type }) => type === 's3.upload');
  const consumers = queue?.lanes.reduce((sum, { consumers: some }) => sum + (some ?? 0), 0);
  if (consumers === undefined || consumers > 0) return null;
  return (
    <p class="notice warn" role="status">
      No worker for S3 runs on this server: whoever runs it has to set S3_BUCKETS or S3_CONNECTIONS and start
      s3-uploader. What you send waits until then.
    </p>
  );
}

type UploadTask = Extract<Task, { type: 's3.upload' }>;

function SentTask({ id }: { id: string }): JSX.Element {
  const resource = useTask(id);
  return (
    <div class="sent">
      <Loaded resource={resource} loading={<Progress done={0} label="Sending to S3" note="Handing over" />}>
        {(task) => <Sent task={task as UploadTask} />}
      </Loaded>
    </div>
  );
}

function Sent({ task }: { task: UploadTask }): JSX.Element {
  const { state, progress, error, result } = task;
  const waits = state === 'blocked' ? 'Waits for the variants' : 'Waits for a worker';
  return (
    <>
      <p class="row">
        <span>To S3</span> <StateBadge state={state} /> <a href={`/tasks/${task.id}`}>The upload’s task</a>
      </p>
      {!hasEnded(task) && (
        <Progress
          done={progress?.done ?? 0}
          total={progress?.total}
          label="Sending to S3"
          note={progress?.note ?? (state === 'running' ? 'Sending' : waits)}
        />
      )}
      {error && (
        <p class={state === 'failed' ? 'notice danger' : 'notice warn'} role="alert">
          <span>
            <code>{error.code}</code> {error.message}
          </span>
        </p>
      )}
      {result && <Objects objects={objectsOf(result)} />}
    </>
  );
}

type Result = Schemas['S3UploadResult'];
type StoredObject = Pick<
  Extract<Result, { objects: unknown }>['objects'][number],
  'key' | 'location' | 'bytes' | 'status'
>;

const objectsOf = (result: Result): readonly StoredObject[] =>
  'objects' in result ? result.objects : [result];

function Objects({ objects }: { objects: readonly StoredObject[] }): JSX.Element {
  return (
    <ul aria-label="Objects in S3">
      {objects.map(({ key, location, bytes, status }) => (
        <li key={key}>
          <a href={location} rel="noreferrer" target="_blank">
            {key}
          </a>{' '}
          <span class="soft">
            {bytesText(bytes)}
            {status === 'already-there' && ', was there already'}
          </span>
        </li>
      ))}
    </ul>
  );
}
