import { useComputed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Draft } from '../schema-form/draft.js';
import { FieldFrame, FieldView } from '../schema-form/field-view.js';
import type { Form } from '../schema-form/form-of-schema.js';
import { Folded, Members } from '../schema-form/group-view.js';
import type { Kind } from '../schema-form/kinds.js';
import { announce } from '../ui/toast.js';
import { EXAMPLES, timeZones } from './cron-in-words.js';
import { CronPreview } from './cron-preview.js';

const SHOWN = ['type', 'name', 'cron', 'timeZone', 'input'];

/** The fields of a schedule: when first, with what it means; then the input; the rest folded. */
export function ScheduleFields({ draft, kind }: { draft: Draft; kind: Kind }): JSX.Element {
  const formOf = (name: string): Form =>
    kind.form.members.find((member) => member.name === name)?.form ?? { kind: 'text' };
  const text = (pointer: string): string => {
    const value = draft.at(pointer);
    return typeof value === 'string' ? value : '';
  };
  const cron = useComputed(() => text('/cron'));
  const zone = useComputed(() => text('/timeZone') || 'UTC');
  const others = kind.form.members.filter(({ name }) => !SHOWN.includes(name));
  return (
    <>
      <FieldView draft={draft} form={formOf('name')} pointer="/name" label="name" required />
      <div class="schedule-when">
        <div class="stack">
          <FieldView draft={draft} form={formOf('cron')} pointer="/cron" label="cron" required />
          <div class="actions" role="group" aria-label="Often used">
            {EXAMPLES.map(({ label, cron: example }) => (
              <button
                key={example}
                type="button"
                class="button small"
                onClick={() => {
                  draft.set('/cron', example);
                  announce(`${label}.`);
                }}
              >
                {label}
              </button>
            ))}
          </div>
          <ZoneField draft={draft} form={formOf('timeZone')} />
        </div>
        <CronPreview cron={cron.value} timeZone={zone.value} />
      </div>
      <FieldView
        draft={draft}
        form={kind.input}
        pointer="/input"
        label="input"
        required
        example={kind.example}
      />
      <Folded
        draft={draft}
        pointers={others.map(({ name }) => `/${name}`)}
        label="Options: lane, missed times, overlaps"
      >
        <Members draft={draft} form={{ ...kind.form, members: others }} pointer="" skip={SHOWN} all />
      </Folded>
    </>
  );
}

function ZoneField({ draft, form }: { draft: Draft; form: Form }): JSX.Element {
  const zones = useMemo(timeZones, []);
  const value = useComputed(() => draft.at('/timeZone'));
  return (
    <FieldFrame draft={draft} form={form} pointer="/timeZone" label="timeZone" required={false}>
      {(ties) => (
        <>
          <input
            {...ties}
            type="text"
            list="time-zones"
            autocomplete="off"
            spellcheck={false}
            placeholder="UTC"
            value={typeof value.value === 'string' ? value.value : ''}
            onInput={(event) => draft.set('/timeZone', event.currentTarget.value || undefined)}
          />
          <datalist id="time-zones">
            {zones.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </>
      )}
    </FieldFrame>
  );
}
