import { useComputed } from '@preact/signals';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { focusField } from './draft.js';
import { limitsOf } from './fill-form.js';
import { FieldView, type FieldProps, type FormOf } from './field-view.js';
import { Part, startOf } from './group-view.js';
import { below, isObject, type Json } from './json-value.js';

/** Items one below the other; each may be taken out, and one more added, within the limits. */
export function ListView(props: FieldProps<FormOf<'list'>>): JSX.Element {
  const { draft, form, pointer, label, example } = props;
  const value = useComputed(() => draft.at(pointer));
  const items = Array.isArray(value.value) ? value.value : [];
  const keys = useKeys(items.length);
  const addButton = useRef<HTMLButtonElement>(null);
  const added = useRef(false);
  useLayoutEffect(() => {
    if (added.current) focusField(draft, below(pointer, items.length - 1));
    added.current = false;
  }, [items.length]);
  const remove = (index: number): void => {
    keys.remove(index);
    draft.forgetBelow(pointer);
    draft.set(below(pointer, index), undefined);
    addButton.current?.focus();
  };
  const add = (): void => {
    added.current = true;
    draft.set(below(pointer, items.length), startOf(form.items));
  };
  const most = form.maxItems ?? Infinity;
  return (
    <Part {...props} hint={limitsOf(form)}>
      <ol class="form-items">
        {items.map((_, index) => (
          <li key={keys.at(index)}>
            <FieldView
              draft={draft}
              form={form.items}
              pointer={below(pointer, index)}
              label={`${label} ${index + 1}`}
              required={false}
              inList
              example={itemExample(example)}
            />
            <button type="button" class="button quiet small" onClick={() => remove(index)}>
              Remove {label} {index + 1}
            </button>
          </li>
        ))}
      </ol>
      <button
        type="button"
        class="button quiet small"
        ref={addButton}
        disabled={items.length >= most}
        onClick={add}
      >
        Add to {label}
      </button>
    </Part>
  );
}

/** Names that tell items apart while others are taken out before them. */
function useKeys(length: number): { at: (index: number) => number; remove: (index: number) => void } {
  const [keys] = useState<{ next: number; list: number[] }>({ next: 0, list: [] });
  while (keys.list.length < length) keys.list.push(keys.next++);
  keys.list.length = length;
  return {
    at: (index) => keys.list[index] ?? -1,
    remove: (index) => void keys.list.splice(index, 1),
  };
}

/** An item with the members of all items of the example. */
function itemExample(example: Json | undefined): Json | undefined {
  if (!Array.isArray(example)) return undefined;
  const objects = example.filter(isObject);
  return objects.length > 0 ? (Object.assign({}, ...objects) as Json) : example[0];
}
