import { useComputed } from '@preact/signals';
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { FieldFrame, type FieldProps, type FormOf } from './field-view.js';

/** Any JSON as text. What cannot be read stays as it was typed, and is told. */
export function JsonField(props: FieldProps<FormOf<'json'>>): JSX.Element {
  const { draft, pointer } = props;
  const value = useComputed(() => draft.at(pointer));
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? (value.value === undefined ? '' : JSON.stringify(value.value, null, 2));
  return (
    <FieldFrame {...props} hint="JSON">
      {(ties) => (
        <textarea
          {...ties}
          class="form-json"
          rows={Math.min(12, Math.max(2, shown.split('\n').length))}
          spellcheck={false}
          value={shown}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            draft.readJson(pointer, event.currentTarget.value);
          }}
        />
      )}
    </FieldFrame>
  );
}
