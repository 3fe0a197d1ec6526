import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { durationInWords, numberOf, scalarOf } from './fill-form.js';
import { FieldFrame, type FieldProps, type FormOf } from './field-view.js';
import { textOf, type Json } from './json-value.js';

/** From so many characters on, a text is written in several lines. */
const LONG_TEXT = 4_096;

function useValue({ draft, pointer }: Pick<FieldProps, 'draft' | 'pointer'>): Json | undefined {
  return useComputed(() => draft.at(pointer)).value;
}

/** What stands in an empty field: the default, which then holds, else an example. */
function placeholderOf({ fallback, example }: { fallback?: Json; example?: Json }): string | undefined {
  if (fallback !== undefined && fallback !== '') return textOf(fallback);
  return example === undefined || typeof example === 'object' ? undefined : `e.g. ${textOf(example)}`;
}

export function TextField(props: FieldProps<FormOf<'text'>>): JSX.Element {
  const { draft, pointer, form, inList } = props;
  const text = textOf(useValue(props));
  if (form.format === 'date-time' && (text === '' || !Number.isNaN(Date.parse(text))))
    return <TimeField {...props} text={text} />;
  const set = (given: string): void => draft.set(pointer, given === '' && !inList ? undefined : given);
  const shared = {
    value: text,
    placeholder: placeholderOf(form),
    spellcheck: false,
    autocomplete: 'off' as const,
  };
  return (
    <FieldFrame {...props}>
      {(ties) =>
        !inList &&
        form.format === undefined &&
        !form.hasPattern &&
        (form.maxLength ?? Infinity) > LONG_TEXT ? (
          <textarea {...ties} {...shared} rows={2} onInput={(event) => set(event.currentTarget.value)} />
        ) : (
          <input
            {...ties}
            {...shared}
            type="text"
            inputMode={form.format === 'uri' ? 'url' : undefined}
            onInput={(event) => set(event.currentTarget.value)}
          />
        )
      }
    </FieldFrame>
  );
}

/** Entered in the person's own time zone, sent in UTC. */
function TimeField(props: FieldProps<FormOf<'text'>> & { text: string }): JSX.Element {
  const { draft, pointer, text } = props;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <FieldFrame {...props} hint={`In your time zone, ${zone}`}>
      {(ties) => (
        <input
          {...ties}
          type="datetime-local"
          step="1"
          value={text === '' ? '' : localTime(new Date(text))}
          onChange={(event) => {
            const { value } = event.currentTarget;
            draft.set(pointer, value === '' ? undefined : new Date(value).toISOString());
          }}
        />
      )}
    </FieldFrame>
  );
}

/** As `datetime-local` takes it. */
const localTime = (at: Date): string =>
  new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);

export function NumberField(props: FieldProps<FormOf<'number'>>): JSX.Element {
  const { draft, pointer, form, inList, label } = props;
  const value = useValue(props);
  const isDuration = /Ms$/.test(label);
  const words = isDuration && typeof value === 'number' ? `= ${durationInWords(value)}` : undefined;
  const set = (given: Json): void => draft.set(pointer, given === '' && !inList ? undefined : given);
  return (
    <FieldFrame {...props} hint={isDuration ? (words ?? 'milliseconds') : undefined}>
      {(ties) => (
        <input
          {...ties}
          type="text"
          inputMode={form.whole ? 'numeric' : 'decimal'}
          autocomplete="off"
          value={textOf(value)}
          placeholder={placeholderOf(form)}
          onInput={(event) => set(numberOf(event.currentTarget.value))}
          onChange={(event) => {
            // Written otherwise than JSON writes it (007, 1.50, 1e3): it is a number all the same.
            const number = Number(event.currentTarget.value.trim());
            if (event.currentTarget.value.trim() !== '' && Number.isFinite(number)) set(number);
          }}
        />
      )}
    </FieldFrame>
  );
}

export function ScalarField(props: FieldProps<FormOf<'scalar'>>): JSX.Element {
  const { draft, pointer, form, inList } = props;
  const text = textOf(useValue(props));
  return (
    <FieldFrame {...props}>
      {(ties) => (
        <input
          {...ties}
          type="text"
          autocomplete="off"
          spellcheck={false}
          value={text}
          placeholder={placeholderOf(form)}
          onInput={(event) => {
            const given = event.currentTarget.value;
            draft.set(pointer, given === '' && !inList ? undefined : scalarOf(form, given));
          }}
        />
      )}
    </FieldFrame>
  );
}

/** A check box where there are two answers; where leaving it open is a third, a list of three. */
export function FlagField(props: FieldProps<FormOf<'flag'>>): JSX.Element {
  const { draft, pointer, form, required } = props;
  const value = useValue(props);
  if (form.fallback === undefined && !required && !props.inList)
    return (
      <FieldFrame {...props}>
        {(ties) => (
          <select
            {...ties}
            value={textOf(value)}
            onChange={({ currentTarget: { value: given } }) =>
              draft.set(pointer, given === '' ? undefined : given === 'true')
            }
          >
            <option value="">not set</option>
            <option value="true">yes</option>
            <option value="false">no</option>
          </select>
        )}
      </FieldFrame>
    );
  return (
    <FieldFrame {...props}>
      {(ties) => (
        <input
          {...ties}
          type="checkbox"
          checked={(value ?? form.fallback) === true}
          onChange={(event) => draft.set(pointer, event.currentTarget.checked)}
        />
      )}
    </FieldFrame>
  );
}

export function ChoiceField(props: FieldProps<FormOf<'choice'>>): JSX.Element {
  const { draft, pointer, form, required, inList } = props;
  const value = useValue(props);
  const index = value === undefined ? -1 : form.values.indexOf(value);
  const unset = form.fallback === undefined ? (required ? 'choose one' : 'not set') : textOf(form.fallback);
  return (
    <FieldFrame {...props}>
      {(ties) => (
        <select
          {...ties}
          value={String(index)}
          onChange={({ currentTarget: { value: given } }) => draft.set(pointer, form.values[Number(given)])}
        >
          {(!inList || index === -1) && (
            <option value="-1">{form.fallback === undefined ? unset : `${unset} (default)`}</option>
          )}
          {form.values.map((each, at) => (
            <option key={at} value={String(at)}>
              {textOf(each)}
            </option>
          ))}
        </select>
      )}
    </FieldFrame>
  );
}
