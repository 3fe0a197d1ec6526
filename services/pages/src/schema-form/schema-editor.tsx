import { useComputed } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren, JSX } from 'preact';
import { announce, say } from '../ui/toast.js';
import { focusField, type Draft } from './draft.js';
import { JsonField } from './json-field.js';
import './schema-form.css';

interface SchemaEditorProps {
  draft: Draft;
  /** Of the whole as JSON, e.g. "Request body". */
  label: string;
  /** The fields. */
  children: ComponentChildren;
}

/** A body as fields or as JSON, and back; both show the same value. */
export function SchemaEditor({ draft, label, children }: SchemaEditorProps): JSX.Element {
  const [asJson, setAsJson] = useState(false);
  const version = useComputed(() => draft.version.value);
  const show = (json: boolean): void => {
    if (json === asJson) return;
    if (!draft.isReadable.value)
      return say(
        asJson
          ? 'This is not JSON yet: correct it, then go to the form.'
          : 'A field has no valid JSON yet: correct it first.',
        { kind: 'error' },
      );
    draft.replace(draft.value.peek());
    setAsJson(json);
    announce(json ? 'Shown as JSON.' : 'Shown as a form.');
  };
  return (
    <div class="schema-form">
      <div class="form-switch" role="group" aria-label={`${label}: show as`}>
        <button type="button" class="button small" aria-pressed={!asJson} onClick={() => show(false)}>
          Form
        </button>
        <button type="button" class="button small" aria-pressed={asJson} onClick={() => show(true)}>
          JSON
        </button>
      </div>
      <FaultSummary draft={draft} />
      <div key={`${asJson}${version.value}`} class="form-members">
        {asJson ? (
          <JsonField draft={draft} form={{ kind: 'json' }} pointer="" label={label} required={false} />
        ) : (
          children
        )}
      </div>
    </div>
  );
}

/** What the API found wrong, all of it, each leading to its field. Takes the focus when it appears. */
function FaultSummary({ draft }: { draft: Draft }): JSX.Element | null {
  const place = useRef<HTMLDivElement>(null);
  const faults = useComputed(() => [...draft.faults.value]);
  const wasEmpty = useRef(true);
  const isEmpty = faults.value.length === 0;
  useEffect(() => {
    if (wasEmpty.current && !isEmpty) place.current?.focus();
    wasEmpty.current = isEmpty;
  }, [isEmpty]);
  if (isEmpty) return null;
  return (
    <div class="notice danger form-summary" role="alert" tabIndex={-1} ref={place}>
      <p>Not accepted. The server found:</p>
      <ul>
        {faults.value.map(([pointer, details]) => (
          <li key={pointer}>
            {pointer === '' ? (
              details.join('; ')
            ) : (
              <>
                <button type="button" class="link" onClick={() => focusField(draft, pointer)}>
                  {pointer.slice(1)}
                </button>{' '}
                {details.join('; ')}
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
