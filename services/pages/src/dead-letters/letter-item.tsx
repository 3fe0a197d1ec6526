import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { createDraft } from '../schema-form/draft.js';
import { FieldView } from '../schema-form/field-view.js';
import { isObject, type Json } from '../schema-form/json-value.js';
import type { Kind } from '../schema-form/kinds.js';
import { SchemaEditor } from '../schema-form/schema-editor.js';
import { sendDraft } from '../schema-form/send-draft.js';
import { useKinds } from '../schema-form/use-kinds.js';
import { Button } from '../ui/button.js';
import { confirm } from '../ui/dialog.js';
import { ErrorState } from '../ui/error-state.js';
import { JsonView } from '../ui/json-view.js';
import { Loaded, Loading } from '../ui/states.js';
import { RelativeTime } from '../ui/time.js';
import { say } from '../ui/toast.js';
import { useSubmit } from '../ui/use-submit.js';
import { discard, requeue, requeueWith, type DeadLetter } from './act.js';

interface LetterProps {
  letter: DeadLetter;
  onGone: (ids: readonly string[]) => void;
}

/** One dead letter: why it failed, its input, and what to do about it. */
export function LetterItem({ letter, alone, onGone }: LetterProps & { alone: boolean }): JSX.Element {
  const { id, message, failedAt, attempt, attemptLimit, tags } = letter;
  const [editing, setEditing] = useState(false);
  return (
    <li class="dead-letter">
      <p>{message}</p>
      <p class="soft row">
        <a href={`/tasks/${id}`}>task …{id.slice(-8)}</a>
        <span>
          failed <RelativeTime at={failedAt} />
        </span>
        <span class="numbers">
          {attempt} of {attemptLimit} attempts
        </span>
        {tags.length > 0 && <span>{tags.join(', ')}</span>}
      </p>
      <LetterActions letter={letter} alone={alone} editing={editing} onEdit={setEditing} onGone={onGone} />
      {editing ? <EditInput letter={letter} onGone={onGone} /> : <Why letter={letter} open={alone} />}
    </li>
  );
}

function LetterActions({
  letter: { id },
  alone,
  editing,
  onEdit,
  onGone,
}: LetterProps & { alone: boolean; editing: boolean; onEdit: (editing: boolean) => void }): JSX.Element {
  const requeueOne = async (): Promise<void> => {
    const done = await requeue([id]);
    onGone([id]);
    say(done === 1 ? 'The task runs again.' : 'The task had moved on meanwhile: it is not dead any more.');
  };
  const discardOne = async (): Promise<void> => {
    const text = 'The task will be deleted with its input. This cannot be taken back.';
    if (!(await confirm({ title: 'Discard this task?', text, confirm: 'Discard it', danger: true }))) return;
    const done = await discard([id]);
    onGone([id]);
    say(done === 1 ? 'The task is discarded.' : 'The task had moved on meanwhile: it is not dead any more.');
  };
  return (
    <p class="actions">
      {!alone && (
        <Button small onClick={requeueOne}>
          Requeue
        </Button>
      )}
      <Button small onClick={() => onEdit(!editing)} aria-expanded={editing}>
        {editing ? 'Leave the input as it is' : 'Edit the input'}
      </Button>
      {!alone && (
        <Button small kind="quiet" onClick={discardOne}>
          Discard
        </Button>
      )}
    </p>
  );
}

function Why({
  letter: { input, attempts, stack },
  open,
}: {
  letter: DeadLetter;
  open: boolean;
}): JSX.Element {
  return (
    <>
      <JsonView value={input} label="Input" open={open ? 1 : 0} />
      {(attempts.length > 0 || stack !== null) && (
        <details>
          <summary>Attempts{stack !== null && ' and stack'}</summary>
          <ol class="dead-attempts">
            {attempts.map(({ worker, startedAt, outcome, code }) => (
              <li key={startedAt}>
                <RelativeTime at={startedAt} /> on {worker}: {outcome ?? 'not ended'}
                {code !== null && ` (${code})`}
              </li>
            ))}
          </ol>
          {stack !== null && (
            <pre class="long-text" tabIndex={0} aria-label="Stack of the last error">
              {stack}
            </pre>
          )}
        </details>
      )}
    </>
  );
}

function EditInput({ letter, onGone }: LetterProps): JSX.Element {
  const kinds = useKinds('NewTask');
  return (
    <Loaded resource={kinds} loading={<Loading rows={2} />}>
      {(found) => {
        const kind = found.find(({ type }) => type === letter.type);
        return kind ? (
          <EditForm letter={letter} kind={kind} onGone={onGone} />
        ) : (
          <p class="notice">The system makes such tasks itself: their input stays as it is.</p>
        );
      }}
    </Loaded>
  );
}

function EditForm({ letter, kind, onGone }: LetterProps & { kind: Kind }): JSX.Element {
  const [draft] = useState(() => createDraft(`letter-${letter.id}`, { input: letter.input as Json }));
  const { busy, error, onSubmit } = useSubmit(async () => {
    const body = draft.value.peek();
    const sent = await sendDraft(draft, async () => {
      await requeueWith(letter.id, isObject(body) ? body.input : undefined);
      return true;
    });
    if (sent !== true) return;
    say('The task runs again, with the edited input.');
    onGone([letter.id]);
  });
  return (
    <form class="stack" onSubmit={onSubmit} noValidate aria-label="Edit the input">
      <SchemaEditor draft={draft} label="Input">
        <FieldView
          draft={draft}
          form={kind.input}
          pointer="/input"
          label="input"
          required
          example={letter.input as Json}
        />
      </SchemaEditor>
      {error !== undefined && <ErrorState error={error} />}
      <p class="actions">
        <Button type="submit" kind="primary" busy={busy}>
          Requeue with this input
        </Button>
      </p>
    </form>
  );
}
