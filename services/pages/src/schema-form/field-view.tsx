import { useComputed } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { fieldId, type Draft } from './draft.js';
import { limitsOf, shows } from './fill-form.js';
import type { Form } from './form-of-schema.js';
import { GroupView } from './group-view.js';
import { JsonField } from './json-field.js';
import type { Json } from './json-value.js';
import { ListView } from './list-view.js';
import { RecordView } from './record-view.js';
import { ChoiceField, FlagField, NumberField, ScalarField, TextField } from './simple-fields.js';
import { UnionView } from './union-view.js';

export interface FieldProps<F extends Form = Form> {
  draft: Draft;
  form: F;
  pointer: string;
  label: string;
  required: boolean;
  /** Stands in a list or a record, which keep what is empty. */
  inList?: boolean;
  /** What the contract shows for this place: its members are offered first. */
  example?: Json;
}

export type FormOf<K extends Form['kind']> = Extract<Form, { kind: K }>;

/** The field, or the group of fields, for one form. */
export function FieldView(props: FieldProps): JSX.Element | null {
  const { draft, pointer, form } = props;
  const value = useComputed(() => draft.at(pointer));
  if (!shows(form, value.value) && !draft.branches.value.has(pointer))
    return <JsonField {...props} form={{ kind: 'json', description: form.description }} />;
  switch (form.kind) {
    case 'fixed':
      return null;
    case 'text':
      return <TextField {...props} form={form} />;
    case 'number':
      return <NumberField {...props} form={form} />;
    case 'flag':
      return <FlagField {...props} form={form} />;
    case 'choice':
      return <ChoiceField {...props} form={form} />;
    case 'scalar':
      return <ScalarField {...props} form={form} />;
    case 'json':
      return <JsonField {...props} form={form} />;
    case 'group':
      return <GroupView {...props} form={form} />;
    case 'record':
      return <RecordView {...props} form={form} />;
    case 'list':
      return <ListView {...props} form={form} />;
    case 'union':
      return <UnionView {...props} form={form} />;
  }
}

/** What an input needs to be tied to its label, its hint and what is wrong with it. */
export interface Ties {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': 'true' | undefined;
}

/** These stand beside each other where there is room. */
const NARROW: ReadonlySet<Form['kind']> = new Set(['number', 'flag', 'choice']);

/** Label, field, hint and faults of a field that is one element. */
export function FieldFrame({
  draft,
  form,
  pointer,
  label,
  required,
  hint,
  beside,
  children,
}: Pick<FieldProps, 'draft' | 'form' | 'pointer' | 'label' | 'required'> & {
  hint?: string;
  /** In the row of the label, e.g. a button that takes the field away. */
  beside?: ComponentChildren;
  children: (ties: Ties) => ComponentChildren;
}): JSX.Element {
  const id = fieldId(draft, pointer);
  const faults = useComputed(() => draft.faults.value.get(pointer));
  const unread = useComputed(() => draft.unread.value.get(pointer)?.fault);
  const wrong = [...(faults.value ?? []), ...(unread.value === undefined ? [] : [unread.value])];
  const hints = [form.description, limitsOf(form), hint].filter((each) => each !== undefined && each !== '');
  const describedBy = [...(wrong.length > 0 ? [`${id}!`] : []), ...(hints.length > 0 ? [`${id}?`] : [])];
  const ties: Ties = {
    id,
    'aria-describedby': describedBy.join(' ') || undefined,
    'aria-invalid': wrong.length > 0 ? 'true' : undefined,
  };
  return (
    <div class={NARROW.has(form.kind) ? 'form-field form-narrow' : 'form-field'}>
      <div class="form-label">
        <label for={id}>{label}</label>
        {required && <span class="form-needed">required</span>}
        {beside}
      </div>
      {children(ties)}
      <FaultText id={`${id}!`} faults={wrong} />
      {hints.length > 0 && (
        <p class="form-hint" id={`${id}?`}>
          {withCode(hints.join(' · '))}
        </p>
      )}
    </div>
  );
}

/** A contract's description: names stand in backquotes there. */
export const withCode = (text: string): ComponentChildren =>
  text.split(/`([^`]+)`/).map((part, index) => (index % 2 === 0 ? part : <code key={index}>{part}</code>));

export function FaultText({ id, faults }: { id: string; faults: readonly string[] }): JSX.Element | null {
  if (faults.length === 0) return null;
  return (
    <p class="form-fault" id={id}>
      {faults.join('; ')}
    </p>
  );
}
