// Medians of the rounds, beside what is to be reached and what was measured last.
import { targets } from './targets.mjs';

const WORSE = 0.15;

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/** @returns {Record<string, number>} the median of each target that was measured */
export function figuresOf(rounds) {
  const figures = {};
  for (const { name, of } of targets) {
    const values = rounds.flatMap((round) => {
      try {
        return [of(round)];
      } catch {
        return []; // that part was not run
      }
    });
    if (values.length > 0) figures[name] = median(values);
  }
  return figures;
}

const shown = (value) => (value >= 100 ? value.toFixed(0) : value.toFixed(2));

/** @returns {string} a Markdown table */
export function table(figures) {
  const rows = targets.flatMap(({ name, atLeast, atMost, unit = '' }) => {
    const value = figures[name];
    if (value === undefined) return [];
    const reached = atLeast === undefined ? value <= atMost : value >= atLeast;
    const wanted = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
    return [`| ${name} | ${shown(value)} ${unit} | ${wanted} ${unit} | ${reached ? 'yes' : '**no**'} |`];
  });
  return ['| what | median | target | reached |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** @returns {string[]} what got worse by more than 15 % since the figures that are stored */
export function worse(figures, last) {
  return targets.flatMap(({ name, atLeast }) => {
    const [now, before] = [figures[name], last[name]];
    if (now === undefined || before === undefined) return [];
    const change = atLeast === undefined ? now / before - 1 : before / now - 1;
    return change > WORSE ? [`${name}: ${shown(before)} → ${shown(now)}`] : [];
  });
}
