import { useId } from 'preact/hooks';
import { Table } from '../ui/table.js';

export interface Line {
  name: string;
  /** One a step; null: there was nothing to measure, the line has a gap. */
  values: (number | null)[];
  /** `bar` are stacked in their order. Told apart by their form, not by their colour alone. */
  look: 'bar' | 'bar-hatched' | 'line' | 'line-dashed';
}

interface ChartProps {
  title: string;
  /** The number of now, in large. */
  now: string;
  /** Of each step, for the table; RFC 3339. */
  times: readonly string[];
  lines: readonly Line[];
  /** For the table and the scale, e.g. `(ms) => durationText(ms)`. */
  format: (value: number) => string;
  /** At the ends of the time axis. */
  from: string;
  /** The scale reaches at least so far, so that noise does not look like a mountain. */
  least?: number;
}

const HEIGHT = 100;
const STEP = 10;
const clock = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' });

/** A small chart over time; the same numbers stand below it as a table that can be folded out. */
export function Chart({ title, now, times, lines, format, from, least = 1 }: ChartProps) {
  const hatch = useId();
  const top = topOf(lines, least);
  const summary = lines.map(({ name, values }) => `${name} up to ${format(most(values))}`).join(', ');
  return (
    <figure class="chart card">
      <figcaption>
        <span class="chart-title">{title}</span>
        <strong class="chart-now numbers">{now}</strong>
      </figcaption>
      <div class="chart-plot">
        <small class="chart-top soft numbers" aria-hidden="true">
          {format(top)}
        </small>
        <svg
          viewBox={`0 0 ${Math.max(1, times.length) * STEP} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title}: ${summary}. The numbers are in the table below.`}
        >
          <pattern
            id={hatch}
            width="4"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect class="chart-hatch-ground" width="4" height="6" />
            <rect class="chart-hatch" width="2" height="6" />
          </pattern>
          <Bars lines={lines} top={top} hatch={`url(#${hatch})`} />
          {lines
            .filter(({ look }) => look === 'line' || look === 'line-dashed')
            .map(({ name, look, values }) => (
              <path
                key={name}
                class={`chart-line ${look}`}
                d={pathOf(values, top)}
                vector-effect="non-scaling-stroke"
              />
            ))}
        </svg>
      </div>
      <div class="chart-axis soft" aria-hidden="true">
        <span>{from}</span>
        <span>now</span>
      </div>
      <ul class="chart-legend">
        {lines.map(({ name, look }) => (
          <li key={name}>
            <span class={`chart-key ${look}`} aria-hidden="true" /> {name}
          </li>
        ))}
      </ul>
      <details>
        <summary>
          As a table<span class="unseen">: {title}</span>
        </summary>
        <div class="chart-table">
          <Table
            caption={title}
            rows={times.map((at, index) => ({ at, index }))}
            keyOf={({ at }) => at}
            columns={[
              { title: 'From', head: true, cell: ({ at }) => clock.format(new Date(at)) },
              ...lines.map(({ name, values }) => ({
                title: name,
                kind: 'number' as const,
                cell: ({ index }: { index: number }) => {
                  const value = values[index] ?? null;
                  return value === null ? '–' : format(value);
                },
              })),
            ]}
          />
        </div>
      </details>
    </figure>
  );
}

function Bars({ lines, top, hatch }: { lines: readonly Line[]; top: number; hatch: string }) {
  const bars = lines.filter(({ look }) => look === 'bar' || look === 'bar-hatched');
  const steps = bars[0]?.values.length ?? 0;
  return (
    <>
      {Array.from({ length: steps }, (_, index) => {
        let below = 0;
        return bars.map(({ name, look, values }) => {
          const height = ((values[index] ?? 0) / top) * HEIGHT;
          if (height === 0) return null;
          below += height;
          // At least a hair, so that one among thousands is seen.
          const shown = Math.max(1.5, height);
          return (
            <rect
              key={`${name}${index}`}
              class={`chart-bar ${look}`}
              x={index * STEP + 1}
              width={STEP - 2}
              y={HEIGHT - Math.max(below, shown)}
              height={shown}
              fill={look === 'bar-hatched' ? hatch : undefined}
            />
          );
        });
      })}
    </>
  );
}

const most = (values: readonly (number | null)[]): number =>
  Math.max(0, ...values.map((value) => value ?? 0));

function topOf(lines: readonly Line[], least: number): number {
  const bars = lines.filter(({ look }) => look.startsWith('bar'));
  const stacked = (bars[0]?.values ?? []).map((_, index) =>
    bars.reduce((total, { values }) => total + (values[index] ?? 0), 0),
  );
  return Math.max(least, most(stacked), ...lines.map(({ values }) => most(values)));
}

/** A path with gaps; a single point between gaps becomes a short dash. */
function pathOf(values: readonly (number | null)[], top: number): string {
  const height = (value: number): string => (HEIGHT - (value / top) * (HEIGHT - 2) - 1).toFixed(1);
  return values
    .map((value, index) => {
      if (value === null) return '';
      const x = index * STEP + STEP / 2;
      if ((values[index - 1] ?? null) === null) return `M${x - 3} ${height(value)}H${x + 3}`;
      return `L${x} ${height(value)}`;
    })
    .join('');
}
