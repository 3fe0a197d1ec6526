import { useComputed } from '@preact/signals';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { fieldId, focusField } from './draft.js';
import { FaultText, FieldView, type FieldProps, type FormOf } from './field-view.js';
import { Part, startOf } from './group-view.js';
import { below, isObject, type JsonObject } from './json-value.js';

/** Names that the person chooses, each with a value. */
export function RecordView(props: FieldProps<FormOf<'record'>>): JSX.Element {
  const { draft, form, pointer } = props;
  const value = useComputed(() => draft.at(pointer));
  const entries = isObject(value.value) ? Object.keys(value.value) : [];
  const added = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (added.current !== null) focusField(draft, below(pointer, added.current));
    added.current = null;
  }, [entries.length]);
  return (
    <Part {...props}>
      <ul class="form-items">
        {entries.map((name) => (
          <li key={name}>
            <FieldView
              draft={draft}
              form={form.values}
              pointer={below(pointer, name)}
              label={name}
              required={false}
              inList
            />
            <button
              type="button"
              class="button quiet small"
              onClick={() => draft.set(below(pointer, name), undefined)}
            >
              Remove {name}
            </button>
          </li>
        ))}
      </ul>
      <NewName
        id={`${fieldId(draft, pointer)}+`}
        label={`New name in ${props.label}`}
        taken={entries}
        onName={(name) => {
          added.current = name;
          const before: JsonObject = isObject(value.value) ? value.value : {};
          draft.set(pointer, Object.fromEntries([...Object.entries(before), [name, startOf(form.values)]]));
        }}
      />
    </Part>
  );
}

function NewName({
  id,
  label,
  taken,
  onName,
}: {
  id: string;
  label: string;
  taken: readonly string[];
  onName: (name: string) => void;
}): JSX.Element {
  const [name, setName] = useState('');
  const fault = taken.includes(name) ? `${name} is there already.` : null;
  const add = (): void => {
    if (name === '' || fault !== null) return;
    onName(name);
    setName('');
  };
  return (
    <div class="form-field">
      <div class="form-label">
        <label for={id}>{label}</label>
      </div>
      <div class="form-row">
        <input
          id={id}
          type="text"
          value={name}
          autocomplete="off"
          spellcheck={false}
          aria-describedby={fault === null ? undefined : `${id}!`}
          aria-invalid={fault === null ? undefined : 'true'}
          onInput={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => {
            // Enter adds the name; it must not send the form around it.
            if (event.key !== 'Enter') return;
            event.preventDefault();
            add();
          }}
        />
        <button
          type="button"
          class="button quiet small"
          disabled={name === '' || fault !== null}
          onClick={add}
        >
          Add
        </button>
      </div>
      <FaultText id={`${id}!`} faults={fault === null ? [] : [fault]} />
    </div>
  );
}
