import { useComputed } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren, JSX } from 'preact';
import { fieldId, focusField, type Draft } from './draft.js';
import { emptyOf, unknownMembers } from './fill-form.js';
import { FaultText, FieldView, withCode, type FieldProps, type FormOf } from './field-view.js';
import type { Form, Member } from './form-of-schema.js';
import { below, isObject, type Json } from './json-value.js';
import { holdsFault } from './place-faults.js';

/** Fewer others than these are not worth folding. */
const FEW = 3;

/** The fields of an object: those that matter first, the others folded below them. */
export function GroupView(props: FieldProps<FormOf<'group'>>): JSX.Element {
  return (
    <Part {...props}>
      <Members {...props} />
    </Part>
  );
}

interface MembersProps extends Pick<FieldProps<FormOf<'group'>>, 'draft' | 'form' | 'pointer' | 'example'> {
  /** Names that are shown elsewhere. */
  skip?: readonly string[];
  /** Folds nothing. */
  all?: boolean;
}

/** The members of a group without a frame of their own. */
export function Members({
  draft,
  form,
  pointer,
  example,
  skip = [],
  all = false,
}: MembersProps): JSX.Element {
  const value = useComputed(() => draft.at(pointer));
  // As it was at first: a field must not move while someone types in it.
  const [first] = useState(() => namesOf(value.value));
  const members = form.members.filter(({ name }) => !skip.includes(name));
  const matters = ({ name, required }: Member): boolean =>
    required || first.includes(name) || namesOf(example).includes(name);
  const others = members.filter((member) => !matters(member));
  const shown = all || others.length <= FEW ? members : members.filter(matters);
  const folded = all || others.length <= FEW ? [] : others;
  const unknown = isObject(value.value) ? unknownMembers(form, value.value) : [];
  const view = (member: Member): JSX.Element => (
    <MemberView
      key={member.name}
      draft={draft}
      member={member}
      pointer={below(pointer, member.name)}
      example={isObject(example) ? example[member.name] : undefined}
    />
  );
  return (
    <>
      {shown.map(view)}
      {unknown
        .filter((name) => !skip.includes(name))
        .map((name) => (
          <UnknownMember key={name} draft={draft} pointer={below(pointer, name)} name={name} />
        ))}
      {folded.length > 0 && (
        <Folded
          draft={draft}
          pointers={folded.map(({ name }) => below(pointer, name))}
          label={`${folded.length} more options`}
        >
          {folded.map(view)}
        </Folded>
      )}
    </>
  );
}

const namesOf = (value: Json | undefined): string[] => (isObject(value) ? Object.keys(value) : []);

/** A part that opens on demand, and by itself when something in it is wrong. */
export function Folded({
  draft,
  pointers,
  label,
  children,
}: {
  draft: Draft;
  pointers: readonly string[];
  label: string;
  children: ComponentChildren;
}): JSX.Element {
  const place = useRef<HTMLDetailsElement>(null);
  const isSet = useComputed(() => pointers.filter((pointer) => draft.at(pointer) !== undefined).length);
  const wrong = useComputed(() => pointers.some((pointer) => holdsFault(draft.faults.value, pointer)));
  useEffect(() => {
    if (wrong.value && place.current) place.current.open = true;
  }, [wrong.value]);
  return (
    <details class="form-folded" ref={place}>
      <summary>
        {label}
        {isSet.value > 0 && <span class="form-set"> · {isSet.value} set</span>}
      </summary>
      <div class="form-members">{children}</div>
    </details>
  );
}

const isPart = (form: Form): boolean => ['group', 'record', 'list', 'union', 'json'].includes(form.kind);

/** A member that is no simple field, and that may be left out, is there only once it is added. */
function MemberView({
  draft,
  member: { name, required, form },
  pointer,
  example,
}: {
  draft: Draft;
  member: Member;
  pointer: string;
  example: Json | undefined;
}): JSX.Element {
  const absent = useComputed(() => draft.at(pointer) === undefined && !draft.unread.value.has(pointer));
  const addButton = useRef<HTMLButtonElement>(null);
  const moved = useRef(false);
  useLayoutEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    if (absent.value) addButton.current?.focus();
    else focusField(draft, pointer);
  }, [absent.value]);
  const put = (value: Json | undefined): void => {
    moved.current = true;
    draft.forgetBelow(pointer);
    draft.set(pointer, value);
  };
  const optional = isPart(form) && !required;
  if (optional && absent.value)
    return (
      <div class="form-absent" id={fieldId(draft, pointer)}>
        <button type="button" class="button quiet small" ref={addButton} onClick={() => put(startOf(form))}>
          Add {name}
        </button>
        {form.description !== undefined && <span class="form-hint">{withCode(form.description)}</span>}
      </div>
    );
  const field = (
    <FieldView
      draft={draft}
      form={form}
      pointer={pointer}
      label={name}
      required={required}
      example={example}
    />
  );
  if (!optional) return field;
  return (
    <div class="form-optional">
      {field}
      <button type="button" class="button quiet small" onClick={() => put(undefined)}>
        Remove {name}
      </button>
    </div>
  );
}

/** What stands in a field that was just added. */
export function startOf(form: Form): Json {
  const empty = emptyOf(form);
  if (empty !== undefined) return empty;
  if (form.kind === 'choice') return form.values[0] ?? null;
  if (form.kind === 'flag') return false;
  if (form.kind === 'json') return {};
  if (form.kind === 'union') return form.branches[0] ? startOf(form.branches[0].form) : null;
  return '';
}

/** Typed in as JSON, and of no field: kept, shown, and taken away on demand. */
function UnknownMember({
  draft,
  pointer,
  name,
}: {
  draft: Draft;
  pointer: string;
  name: string;
}): JSX.Element {
  return (
    <div class="form-optional">
      <FieldView
        draft={draft}
        form={{ kind: 'json', description: 'Not a field of this form' }}
        pointer={pointer}
        label={name}
        required={false}
      />
      <button type="button" class="button quiet small" onClick={() => draft.set(pointer, undefined)}>
        Remove {name}
      </button>
    </div>
  );
}

/** A named frame around fields that belong together, with what is wrong with them as a whole. */
export function Part({
  draft,
  form,
  pointer,
  label,
  hint,
  children,
}: Pick<FieldProps, 'draft' | 'form' | 'pointer' | 'label'> & {
  hint?: string;
  children: ComponentChildren;
}): JSX.Element {
  const id = fieldId(draft, pointer);
  const faults = useComputed(() => draft.faults.value.get(pointer) ?? []);
  const hints = [form.description, hint].filter((each) => each !== undefined && each !== '');
  const described = [...(faults.value.length > 0 ? [`${id}!`] : []), ...(hints.length > 0 ? [`${id}?`] : [])];
  return (
    <fieldset class="form-part" id={id} aria-describedby={described.join(' ') || undefined}>
      <legend>{label}</legend>
      <FaultText id={`${id}!`} faults={faults.value} />
      {hints.length > 0 && (
        <p class="form-hint" id={`${id}?`}>
          {withCode(hints.join(' · '))}
        </p>
      )}
      {children}
    </fieldset>
  );
}
