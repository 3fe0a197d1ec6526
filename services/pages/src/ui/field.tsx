import type { ComponentChildren, InputHTMLAttributes, Ref } from 'preact';
import { useId } from 'preact/hooks';
import { classes } from './classes.js';

interface Around {
  label: string;
  /** Below the field, always there. */
  hint?: ComponentChildren;
  /** What is wrong with what was entered; read out at once. */
  error?: string | undefined;
  /** The label is for screen readers only, e.g. of a search field with a sign. */
  quietLabel?: boolean;
  class?: string;
}

interface Described {
  id: string;
  'aria-describedby': string;
  'aria-invalid'?: boolean;
}

/** A label, a control, a hint and a fault that belong together. `children` gets the attributes of the control. */
export function Labelled(props: Around & { children: (attributes: Described) => ComponentChildren }) {
  const { label, hint, error, quietLabel, children } = props;
  const id = useId();
  const described = {
    id,
    'aria-describedby': `${id}-hint ${id}-fault`,
    'aria-invalid': error ? true : undefined,
  };
  return (
    <div class={classes('field', props.class)}>
      <label for={id} class={quietLabel ? 'unseen' : undefined}>
        {label}
      </label>
      {children(described)}
      <small id={`${id}-hint`} class="soft">
        {hint}
      </small>
      <span id={`${id}-fault`} class="fault" role="alert">
        {error}
      </span>
    </div>
  );
}

interface Input {
  value?: string;
  type?: 'text' | 'url' | 'search' | 'password' | 'number' | 'datetime-local';
  name?: string;
  placeholder?: string;
  autocomplete?: string;
  inputMode?: 'url' | 'numeric' | 'search' | 'text';
  maxLength?: number;
  min?: number | string;
  max?: number | string;
  step?: number | string;
  required?: boolean;
  disabled?: boolean;
  /** Of a `<datalist>`. */
  list?: string;
  inputRef?: Ref<HTMLInputElement>;
  onKeyDown?: (event: KeyboardEvent) => void;
  onChange?: (event: Event) => void;
}

/** One line of text: `<Field label="Name" value={name} onInput={setName} />`. */
export function Field({
  label,
  hint,
  error,
  quietLabel,
  onInput,
  inputRef,
  class: names,
  ...rest
}: Around & Input & { onInput?: (value: string) => void }) {
  return (
    <Labelled {...{ label, hint, error, quietLabel, class: names }}>
      {(attributes) => {
        const all = {
          type: 'text',
          spellcheck: false,
          ...rest,
          ...attributes,
        } as InputHTMLAttributes<HTMLInputElement>;
        return <input ref={inputRef} {...all} onInput={(event) => onInput?.(event.currentTarget.value)} />;
      }}
    </Labelled>
  );
}

interface SelectProps<T extends string> extends Around {
  value: T;
  /** Value → what is shown; or `[value, text]` in order. */
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}

export function Select<T extends string>({
  label,
  hint,
  error,
  quietLabel,
  value,
  options,
  onChange,
  class: names,
}: SelectProps<T>) {
  return (
    <Labelled {...{ label, hint, error, quietLabel, class: names }}>
      {(attributes) => (
        <select {...attributes} value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
          {options.map(([one, text]) => (
            <option key={one} value={one}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

export function Checkbox({
  label,
  checked,
  onChange,
}: {
  label: ComponentChildren;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label class="checkbox">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}
