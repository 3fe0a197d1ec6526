import { answerOf, type Schemas } from '@offload/client';
import { useLocation } from 'preact-iso/router';
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { api } from '../data/client.js';
import { useResource } from '../data/use-resource.js';
import { createDraft, type Draft } from '../schema-form/draft.js';
import { isObject, type JsonObject } from '../schema-form/json-value.js';
import type { Kind } from '../schema-form/kinds.js';
import { SchemaEditor } from '../schema-form/schema-editor.js';
import { sendDraft } from '../schema-form/send-draft.js';
import { useKinds } from '../schema-form/use-kinds.js';
import { Button } from '../ui/button.js';
import { ErrorState } from '../ui/error-state.js';
import { Select } from '../ui/field.js';
import { Page } from '../ui/page.js';
import { Loaded } from '../ui/states.js';
import { RelativeTime } from '../ui/time.js';
import { say } from '../ui/toast.js';
import { useSubmit } from '../ui/use-submit.js';
import { deleteSchedule, runNow } from './act.js';
import { bodyOf, patchOf } from './schedule-body.js';
import { ScheduleFields } from './schedule-fields.js';
import { timeZones } from './cron-in-words.js';

const NAME_TAKEN = { 'schedule-exists': '/name' };

export function NewSchedule(): JSX.Element {
  const kinds = useKinds('NewSchedule');
  return (
    <Page title="New schedule" lead="Makes a task at each of its times." wide>
      <p>
        <a href="/schedules">All schedules</a>
      </p>
      <Loaded resource={kinds}>{(found) => <NewForm kinds={found} />}</Loaded>
    </Page>
  );
}

function NewForm({ kinds }: { kinds: readonly Kind[] }): JSX.Element {
  const { route } = useLocation();
  const [draft] = useState(() => {
    const [first] = kinds;
    const timeZone = timeZones()[0] ?? 'UTC';
    return createDraft('schedule', {
      name: '',
      type: first?.type ?? '',
      cron: '0 9 * * 1-5',
      timeZone,
      input: first?.example ?? {},
    });
  });
  const body = draft.value.value;
  const type = isObject(body) ? body.type : undefined;
  const kind = kinds.find((each) => each.type === type);
  const choose = (to: string): void => {
    const next = kinds.find((each) => each.type === to);
    const before = draft.value.peek();
    if (next) draft.replace({ ...(isObject(before) ? before : {}), type: to, input: next.example });
  };
  const create = async (): Promise<void> => {
    const given = draft.value.peek() as unknown as Schemas['NewSchedule'];
    const made = await sendDraft(
      draft,
      () => answerOf(api().POST('/v1/schedules', { body: given })),
      NAME_TAKEN,
    );
    if (!made) return;
    say(`“${made.name}” is made.`);
    route('/schedules');
  };
  return (
    <ScheduleForm draft={draft} kind={kind} label="New schedule" button="Create" onSend={create}>
      <Select
        label="Task type"
        value={kind?.type ?? ''}
        options={[
          ...(kind ? [] : [['', 'choose one'] as const]),
          ...kinds.map((each) => [each.type, each.type] as const),
        ]}
        onChange={choose}
        hint={kind?.about}
      />
    </ScheduleForm>
  );
}

export function EditSchedule({ id }: { id: string }): JSX.Element {
  const schedule = useResource(
    (signal) => answerOf(api().GET('/v1/schedules/{id}', { params: { path: { id } }, signal })),
    [id],
  );
  const kinds = useKinds('NewSchedule');
  const title = schedule.data ? `Schedule “${schedule.data.name}”` : 'Schedule';
  return (
    <Page title={title} wide>
      <p>
        <a href="/schedules">All schedules</a>
      </p>
      <Loaded resource={schedule}>
        {(found) => (
          <Loaded resource={kinds}>
            {(all) => (
              <EditForm schedule={found} kinds={all} onSaved={(changed) => schedule.change(() => changed)} />
            )}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

interface EditFormProps {
  schedule: Schemas['Schedule'];
  kinds: readonly Kind[];
  onSaved: (changed: Schemas['Schedule']) => void;
}

function EditForm({ schedule, kinds, onSaved }: EditFormProps): JSX.Element {
  const { route } = useLocation();
  const { id } = schedule;
  const [before, setBefore] = useState(() => bodyOf(schedule as unknown as JsonObject));
  const [draft] = useState(() => createDraft('schedule', before));
  const kind = kinds.find(({ type }) => type === schedule.type);
  const save = async (): Promise<void> => {
    const body = patchOf(before, draft.value.peek()) as Schemas['SchedulePatch'];
    if (Object.keys(body).length === 0) return say('Nothing has changed.');
    const request = { params: { path: { id } }, body };
    const changed = await sendDraft(
      draft,
      () => answerOf(api().PATCH('/v1/schedules/{id}', request)),
      NAME_TAKEN,
    );
    if (!changed) return;
    const now = bodyOf(changed as unknown as JsonObject);
    setBefore(now);
    draft.replace(now);
    onSaved(changed);
    say(`“${changed.name}” is saved.`);
  };
  const remove = async (): Promise<void> => {
    if (await deleteSchedule(schedule)) route('/schedules');
  };
  return (
    <>
      <p class="row">
        <span>{schedule.type}</span>
        <span class="soft">
          last run <RelativeTime at={schedule.lastAt} />
          {schedule.lastTask !== null && (
            <>
              {' '}
              (<a href={`/tasks/${schedule.lastTask}`}>its task</a>)
            </>
          )}
        </span>
        <Button small onClick={() => runNow(schedule)}>
          Run now
        </Button>
        <Button small kind="danger" onClick={remove}>
          Delete
        </Button>
      </p>
      {schedule.error && (
        <p class="notice danger">
          Its tasks cannot be made at present: {schedule.error.message} ({schedule.error.code})
        </p>
      )}
      <ScheduleForm draft={draft} kind={kind} label="Schedule" button="Save" onSend={save} />
    </>
  );
}

interface ScheduleFormProps {
  draft: Draft;
  kind: Kind | undefined;
  label: string;
  button: string;
  onSend: () => Promise<void>;
  children?: JSX.Element;
}

function ScheduleForm({ draft, kind, label, button, onSend, children }: ScheduleFormProps): JSX.Element {
  const { busy, error, onSubmit } = useSubmit(onSend);
  return (
    <form class="stack schedule-form" onSubmit={onSubmit} noValidate aria-label={label}>
      {children}
      <SchemaEditor draft={draft} label="Schedule">
        {kind ? (
          <ScheduleFields key={kind.type} draft={draft} kind={kind} />
        ) : (
          <p class="notice">There is no form for this task type: choose another one, or write JSON.</p>
        )}
      </SchemaEditor>
      {error !== undefined && <ErrorState error={error} />}
      <p class="actions">
        <Button type="submit" kind="primary" busy={busy}>
          {button}
        </Button>
        <a class="button quiet" href="/schedules">
          Cancel
        </a>
      </p>
    </form>
  );
}
