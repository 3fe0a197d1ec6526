import { useState } from 'preact/hooks';
import { CopyButton } from './copy-button.js';

/** Entries of one level that are shown at first. */
const SHOWN = 50;
const LONG_TEXT = 2_000;

interface JsonViewProps {
  value: unknown;
  label: string;
  /** Levels that are unfolded at first. */
  open?: number;
}

/** A JSON value, folded below the first levels; all of it can be copied. */
export function JsonView({ value, label, open = 1 }: JsonViewProps) {
  return (
    <div class="json" role="group" aria-label={label}>
      <div class="json-tools">
        <CopyButton text={JSON.stringify(value, null, 2)} label="Copy JSON" />
      </div>
      <Value value={value} open={open} />
    </div>
  );
}

function Value({ value, open, name }: { value: unknown; open: number; name?: string }) {
  const [shown, setShown] = useState(SHOWN);
  const before = name === undefined ? null : <span class="json-name">{name}: </span>;
  if (value === null || typeof value !== 'object')
    return (
      <div>
        {before}
        <Leaf value={value} />
      </div>
    );
  const isList = Array.isArray(value);
  const entries: [string, unknown][] = Object.entries(value);
  const size = isList ? `[${entries.length}]` : `{${entries.length}}`;
  if (entries.length === 0)
    return (
      <div>
        {before}
        {isList ? '[]' : '{}'}
      </div>
    );
  return (
    <details open={open > 0}>
      <summary>
        {before}
        <span class="soft">{size}</span>
      </summary>
      <div class="json-entries">
        {entries.slice(0, shown).map(([key, one]) => (
          <Value key={key} name={key} value={one} open={open - 1} />
        ))}
        {entries.length > shown && (
          <button type="button" class="button quiet small" onClick={() => setShown(shown + 500)}>
            {entries.length - shown} more
          </button>
        )}
      </div>
    </details>
  );
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value !== 'string') return <span class="json-other">{String(value)}</span>;
  const text = value.length > LONG_TEXT ? `${value.slice(0, LONG_TEXT)}…` : value;
  return <span class="json-text">“{text}”</span>;
}
