import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ledger } from './ledger.js';

export interface Row {
  scenario: string;
  ledger: Ledger;
  /** Recovery times and what else was measured. */
  findings: string[];
  /** From the start of its processes to the last task's end. */
  seconds: number;
}

/**
 * Adds a scenario to the report of this run: `results/chaos.jsonl` below OFFLOAD_BASE, and the same as the table of
 * docs/reliability.md in `results/chaos.md`. Called before the ledger is judged, so that a bad one is seen there.
 */
export function report(row: Row): void {
  const base = process.env.OFFLOAD_BASE;
  if (!base) return;
  const folder = join(base, 'results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'chaos.jsonl');
  appendFileSync(file, `${JSON.stringify(row)}\n`);
  const rows = readFileSync(file, 'utf8').trim().split('\n');
  writeFileSync(join(folder, 'chaos.md'), table(rows.map((line) => JSON.parse(line) as Row)));
}

function table(rows: Row[]): string {
  const head = '| while … | accepted | succeeded | failed | lost | twice | s | measured |';
  const lines = rows.map(({ scenario, ledger, findings, seconds }) => {
    const { accepted, byState, failures, lost, open, doneTwice, askedTooOften } = ledger;
    const why = Object.entries(failures).map(([code, count]) => `${count} ${code}`);
    const failed = byState.failed ? `${byState.failed} (${why.join(', ')})` : 0;
    const cells = [
      scenario,
      accepted,
      byState.succeeded ?? 0,
      failed,
      lost.length + open.length,
      doneTwice.length + askedTooOften.length,
      Math.round(seconds),
      findings.join('; '),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [head, '| --- | --- | --- | --- | --- | --- | --- | --- |', ...lines, ''].join('\n');
}
