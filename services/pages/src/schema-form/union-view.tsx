import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { fieldId } from './draft.js';
import { branchOf } from './fill-form.js';
import { FieldView, type FieldProps, type FormOf } from './field-view.js';
import { Members, Part, startOf } from './group-view.js';
import { isObject, type Json } from './json-value.js';

/** One of several forms: which one is chosen first, its fields follow. */
export function UnionView(props: FieldProps<FormOf<'union'>>): JSX.Element {
  const { draft, form, pointer, label, example } = props;
  const value = useComputed(() => draft.at(pointer));
  const chosen = useComputed(() => draft.branches.value.get(pointer));
  const index = chosen.value ?? branchOf(form, value.value) ?? 0;
  const branch = form.branches[index];
  const id = `${fieldId(draft, pointer)}~`;
  const choose = (to: number): void => {
    const next = form.branches[to];
    if (!next) return;
    draft.choose(pointer, to);
    draft.set(pointer, carriedOver(value.value, next.form));
  };
  return (
    <Part {...props}>
      <div class="form-field">
        <div class="form-label">
          <label for={id}>{label}: which form</label>
        </div>
        <select id={id} value={String(index)} onChange={(event) => choose(Number(event.currentTarget.value))}>
          {form.branches.map((each, at) => (
            <option key={at} value={String(at)}>
              {each.label}
            </option>
          ))}
        </select>
      </div>
      {branch?.form.kind === 'group' ? (
        <Members key={index} draft={draft} form={branch.form} pointer={pointer} example={example} />
      ) : (
        branch && <BranchField key={index} {...props} form={branch.form} label={branch.label} />
      )}
    </Part>
  );
}

/** A branch that is one field: it has the union's pointer, and an element of its own. */
function BranchField(props: FieldProps): JSX.Element {
  return <FieldView {...props} draft={{ ...props.draft, name: `${props.draft.name}*` }} inList />;
}

/** The start of another branch, with what both have in common. */
function carriedOver(before: Json | undefined, form: FieldProps['form']): Json {
  const start = startOf(form);
  if (form.kind !== 'group' || !isObject(before) || !isObject(start)) return start;
  const common = Object.entries(before).filter(([name]) =>
    form.members.some((member) => member.name === name),
  );
  return { ...start, ...Object.fromEntries(common) };
}
