import { useComputed } from '@preact/signals';
import { useLocation } from 'preact-iso/router';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { apiKey } from '../data/key.js';
import { createDraft, type Draft } from '../schema-form/draft.js';
import { Folded, Members } from '../schema-form/group-view.js';
import { FieldView } from '../schema-form/field-view.js';
import { isObject, type Json } from '../schema-form/json-value.js';
import type { Kind } from '../schema-form/kinds.js';
import { SchemaEditor } from '../schema-form/schema-editor.js';
import { sendDraft } from '../schema-form/send-draft.js';
import { useKinds } from '../schema-form/use-kinds.js';
import { Button } from '../ui/button.js';
import { CopyButton } from '../ui/copy-button.js';
import { ErrorState } from '../ui/error-state.js';
import { Page, Section } from '../ui/page.js';
import { EmptyState, Loaded } from '../ui/states.js';
import { say } from '../ui/toast.js';
import { useSubmit } from '../ui/use-submit.js';
import { curlCommand } from './curl-command.js';
import { submitBody, type Submitted } from './submit-body.js';
import { TaskOutcome } from './task-outcome.js';
import './new-task.css';

export default function NewTaskPage(): JSX.Element {
  const kinds = useKinds('NewTask');
  return (
    <Page
      title="New task"
      lead="Has the work done in the background; the fields come from the task type itself."
      wide
    >
      <Loaded resource={kinds}>
        {(found) =>
          found.length === 0 ? (
            <EmptyState title="This server has no task types" />
          ) : (
            <Composer kinds={found} />
          )
        }
      </Loaded>
    </Page>
  );
}

const bodyOf = ({ type, example }: Kind): Json => ({ type, input: example });

function Composer({ kinds }: { kinds: readonly Kind[] }): JSX.Element {
  const { query, route } = useLocation();
  const first = kinds.find(({ type }) => type === query.type) ?? kinds[0];
  const [draft] = useState(() => createDraft('task', first ? bodyOf(first) : {}));
  const [kept] = useState(() => new Map<string, Json>());
  const type = useComputed(() => {
    const body = draft.value.value;
    return isObject(body) ? body.type : undefined;
  });
  const kind = kinds.find((each) => each.type === type.value);
  const choose = (to: string): void => {
    const next = kinds.find((each) => each.type === to);
    if (!next || next === kind) return;
    if (kind) kept.set(kind.type, draft.value.peek());
    draft.replace(kept.get(to) ?? bodyOf(next));
    route(`/new-task?type=${encodeURIComponent(to)}`, true);
  };
  // The address was changed: by a link, or by going back.
  useEffect(() => choose(query.type ?? ''), [query.type]);
  const [submitted, setSubmitted] = useState<(Submitted & { type: string }) | null>(null);
  return (
    <div class="new-task">
      <div class="stack">
        <KindChoice kinds={kinds} chosen={kind?.type} onChoose={choose} />
        <TaskForm draft={draft} kind={kind} onSubmitted={setSubmitted} />
      </div>
      <div class="new-task-beside">
        <OutcomeSection submitted={submitted} />
        <Curl draft={draft} />
      </div>
    </div>
  );
}

function KindChoice({
  kinds,
  chosen,
  onChoose,
}: {
  kinds: readonly Kind[];
  chosen: string | undefined;
  onChoose: (type: string) => void;
}): JSX.Element {
  return (
    <fieldset class="kinds">
      <legend>Task type</legend>
      {kinds.map(({ type, about }) => (
        <label key={type} class="kind">
          <input
            type="radio"
            name="type"
            value={type}
            checked={type === chosen}
            aria-describedby={`kind-${type}`}
            onChange={() => onChoose(type)}
          />
          <span>
            <strong>{type}</strong>
            <small class="soft" id={`kind-${type}`}>
              {about}
            </small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function TaskForm({
  draft,
  kind,
  onSubmitted,
}: {
  draft: Draft;
  kind: Kind | undefined;
  onSubmitted: (submitted: Submitted & { type: string }) => void;
}): JSX.Element {
  const { busy, error, onSubmit } = useSubmit(async () => {
    const made = await sendDraft(draft, () => submitBody(draft.value.peek()));
    if (!made) return;
    onSubmitted({ ...made, type: kind?.type ?? 'The task' });
    say(
      made.existing === null
        ? 'Accepted. It is done in the background.'
        : 'Nothing new was made: an unfinished task has this unique key. It is shown instead.',
    );
  });
  return (
    <form class="stack" onSubmit={onSubmit} noValidate aria-label="New task">
      <SchemaEditor draft={draft} label="Request body">
        {kind ? <KindFields key={kind.type} draft={draft} kind={kind} /> : <p>Choose a task type above.</p>}
      </SchemaEditor>
      {error !== undefined && <ErrorState error={error} />}
      <p class="actions">
        <Button type="submit" kind="primary" busy={busy}>
          Submit
        </Button>
        {kind && (
          <Button
            kind="quiet"
            onClick={() => {
              draft.replace(bodyOf(kind));
              say('The example is filled in.');
            }}
          >
            Back to the example
          </Button>
        )}
      </p>
    </form>
  );
}

function KindFields({ draft, kind }: { draft: Draft; kind: Kind }): JSX.Element {
  const options = kind.form.members.filter(({ name }) => name !== 'type' && name !== 'input');
  const pointers = options.map(({ name }) => `/${name}`);
  return (
    <>
      <FieldView
        draft={draft}
        form={kind.input}
        pointer="/input"
        label="input"
        required
        example={kind.example}
      />
      <Folded draft={draft} pointers={pointers} label="Options: lane, time, attempts, tags">
        <Members
          draft={draft}
          form={{ ...kind.form, members: options }}
          pointer=""
          skip={['type', 'input']}
          all
        />
      </Folded>
    </>
  );
}

function OutcomeSection({ submitted }: { submitted: (Submitted & { type: string }) | null }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  // Below the form in a narrow window.
  useEffect(() => {
    if (submitted) place.current?.scrollIntoView({ block: 'nearest' });
  }, [submitted]);
  return (
    <Section title="What became of it">
      <div class="card" ref={place}>
        {submitted ? (
          <TaskOutcome key={submitted.id} id={submitted.id} label={submitted.type} />
        ) : (
          <p class="soft">Once you submit, its state, progress and result are shown here.</p>
        )}
      </div>
    </Section>
  );
}

function Curl({ draft }: { draft: Draft }): JSX.Element {
  const command = useComputed(() =>
    curlCommand({
      origin: location.origin,
      path: '/v1/tasks',
      body: draft.value.value,
      withKey: apiKey.value !== null,
    }),
  );
  return (
    <Section
      title="The same with curl"
      actions={<CopyButton text={command.value} label="Copy the command" />}
    >
      <pre class="curl" tabIndex={0} aria-label="curl command">
        <code>{command.value}</code>
      </pre>
      {apiKey.value !== null && (
        <p class="soft">
          The key is not in it: put it into <code>OFFLOAD_KEY</code> there.
        </p>
      )}
    </Section>
  );
}
