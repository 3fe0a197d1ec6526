import { signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { Button } from '../ui/button.js';
import { Field, Select } from '../ui/field.js';
import { announce, say } from '../ui/toast.js';
import {
  EMPTY_ROW,
  faultOfRow,
  FITS,
  FORMATS,
  rowOf,
  VARIANT_SETS,
  variantOf,
  type Variant,
  type VariantRow,
} from './variants.js';

const MOST = 20;

interface KeyedRow extends VariantRow {
  key: number;
}
let made = 0;
const keyed = (row: VariantRow): KeyedRow => ({ ...row, key: ++made });

const rows = signal<KeyedRow[]>((VARIANT_SETS[0]?.variants ?? []).map((variant) => keyed(rowOf(variant))));

/** What is chosen; null, and told, while a row is not right. */
export function chosenVariants(): Variant[] | null {
  const fault = rows.value.map(faultOfRow).find((each) => each !== null);
  if (rows.value.length === 0) say('Choose at least one variant first.', { kind: 'error' });
  else if (fault) say(`A variant is not right: ${fault}`, { kind: 'error' });
  else return rows.value.map(variantOf);
  return null;
}

/** Sets to begin with, and each variant to be changed. */
export function VariantChoice(): JSX.Element {
  const [preset, setPreset] = useState('');
  const change = (at: number, more: Partial<VariantRow>): void => {
    rows.value = rows.value.map((row, index) => (index === at ? { ...row, ...more } : row));
  };
  const add = (row: VariantRow): void => {
    rows.value = [...rows.value, keyed(row)];
  };
  const chosen = JSON.stringify(rows.value.map(variantOf));
  return (
    <div class="stack">
      <div class="variant-sets" role="group" aria-label="Begin with a set">
        {VARIANT_SETS.map(({ name, about, variants }) => (
          <button
            key={name}
            type="button"
            class="variant-set"
            aria-pressed={chosen === JSON.stringify(variants.map((each) => variantOf(rowOf(each))))}
            onClick={() => {
              rows.value = variants.map((variant) => keyed(rowOf(variant)));
              announce(`${name}: ${variants.length} variants.`);
            }}
          >
            <strong>{name}</strong>
            <small class="soft">{about}</small>
          </button>
        ))}
      </div>
      <ol class="variant-rows" aria-label="Variants to be made">
        {rows.value.map((row, index) => (
          <Row
            key={row.key}
            row={row}
            number={index + 1}
            onChange={(more) => change(index, more)}
            onRemove={() => {
              rows.value = rows.value.filter((_, at) => at !== index);
              announce(`Variant ${index + 1} removed.`);
            }}
          />
        ))}
      </ol>
      <div class="row">
        <Button
          small
          disabled={rows.value.length >= MOST}
          onClick={() => add({ ...EMPTY_ROW, width: '400' })}
        >
          Add a variant
        </Button>
        <form
          class="row preset-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(preset.trim()))
              return say('A preset has a name of small letters, digits and hyphens.', { kind: 'error' });
            add({ ...EMPTY_ROW, preset: preset.trim() });
            setPreset('');
          }}
        >
          <Field
            label="Preset of this server"
            quietLabel
            placeholder="Preset of this server"
            value={preset}
            onInput={setPreset}
            autocomplete="off"
          />
          <Button small type="submit" disabled={preset.trim() === '' || rows.value.length >= MOST}>
            Add the preset
          </Button>
        </form>
      </div>
    </div>
  );
}

function Row({
  row,
  number,
  onChange,
  onRemove,
}: {
  row: VariantRow;
  number: number;
  onChange: (more: Partial<VariantRow>) => void;
  onRemove: () => void;
}): JSX.Element {
  const fault = faultOfRow(row);
  const both = row.width.trim() !== '' && row.height.trim() !== '';
  const pair = <T extends string>(values: readonly T[]): [T, string][] => values.map((each) => [each, each]);
  return (
    <li class="variant-row" aria-label={`Variant ${number}`}>
      {row.preset !== '' && (
        <p>
          Preset <strong>{row.preset}</strong>
        </p>
      )}
      <Field label="Width" inputMode="numeric" value={row.width} onInput={(width) => onChange({ width })} />
      <Field
        label="Height"
        inputMode="numeric"
        value={row.height}
        onInput={(height) => onChange({ height })}
      />
      <Select
        label="Format"
        value={row.format}
        options={pair(FORMATS)}
        onChange={(format) => onChange({ format })}
      />
      <Field
        label="Quality"
        inputMode="numeric"
        placeholder="usual"
        value={row.quality}
        onInput={(quality) => onChange({ quality })}
      />
      <KeptPlace hidden={!both}>
        <Select label="Fit" value={row.fit} options={pair(FITS)} onChange={(fit) => onChange({ fit })} />
      </KeptPlace>
      <Button kind="quiet" small onClick={onRemove} aria-label={`Remove variant ${number}`}>
        Remove
      </Button>
      {fault && (
        <p class="fault variant-fault" role="status">
          {fault}
        </p>
      )}
    </li>
  );
}

/** Keeps its place while it does not apply, so that nothing moves. */
function KeptPlace({ hidden, children }: { hidden: boolean; children: JSX.Element }): JSX.Element {
  return <div style={{ visibility: hidden ? 'hidden' : 'visible' }}>{children}</div>;
}
