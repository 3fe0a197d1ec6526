// @ts-check
// The demo's tasks on the terminal: a bar for each that is drawn again and again, or plain lines of what changed
// where there is no terminal.

import { durationText } from './steps.mjs';

const WIDTH = 24;
const FRAME = 100;

/** How far a state is on the way, for the bar of a task that reports no progress of its own. */
const DISTANCE = {
  blocked: 0.1,
  scheduled: 0.2,
  queued: 0.3,
  running: 0.5,
  succeeded: 1,
  failed: 1,
  cancelled: 1,
};
const COLOURS = { succeeded: 32, failed: 31, cancelled: 31 };

/**
 * @typedef {import('./demo-api.mjs').Task} Task
 * @typedef {{ title: string, state: Task['state'], detail: string, part: number, startedAt: number, took: number | null }} Row
 */

export class DemoDisplay {
  /** @type {Row[]} */
  #rows = [];
  #out;
  #live;
  #drawn = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /** @param {NodeJS.WriteStream} [out] */
  constructor(out = process.stdout) {
    this.#out = out;
    this.#live = out.isTTY === true && process.env['CI'] === undefined;
  }

  /** @param {string} text */
  print(text) {
    this.#out.write(`${text}\n`);
  }

  /**
   * @param {string} title
   * @returns {(task: Task) => void} shows how the task stands
   */
  add(title) {
    /** @type {Row} */
    const row = { title, state: 'scheduled', detail: '', part: 0, startedAt: performance.now(), took: null };
    this.#rows.push(row);
    if (this.#live) this.#timer ??= setInterval(() => this.#draw(), FRAME);
    return (task) => this.#show(row, task);
  }

  /** Draws it for the last time; what is printed from now on stands below. */
  end() {
    clearInterval(this.#timer);
    if (this.#live) this.#draw();
    this.#rows = [];
    this.#drawn = 0;
  }

  /**
   * @param {Row} row
   * @param {Task} task
   */
  #show(row, { state, attempt, attemptLimit, progress, error }) {
    const ended = ['succeeded', 'failed', 'cancelled'].includes(state);
    const changed = row.state !== state;
    row.state = state;
    row.took = ended ? performance.now() - row.startedAt : null;
    row.part = state === 'running' && progress?.total ? progress.done / progress.total : DISTANCE[state];
    const attempts = attempt > 1 ? `attempt ${attempt} of ${attemptLimit}` : '';
    const note = state === 'running' ? (progress?.note ?? '') : (error?.message ?? '');
    row.detail = [attempts, note].filter(Boolean).join(', ');
    if (!this.#live && changed) this.print(this.#line(row));
  }

  #draw() {
    const width = this.#out.columns || 80;
    const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A` : '';
    const lines = this.#rows.map((row) => `\x1b[2K${this.#bar(row, width)}\n`);
    this.#out.write(up + lines.join(''));
    this.#drawn = this.#rows.length;
  }

  /**
   * @param {Row} row
   * @param {number} width  of the terminal
   */
  #bar(row, width) {
    const full = Math.round(row.part * WIDTH);
    const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
    const line = this.#line(row).slice(0, Math.max(0, width - WIDTH - 2));
    const colour = row.took === null ? 36 : COLOURS[/** @type {keyof typeof COLOURS} */ (row.state)];
    return `\x1b[${colour}m${bar}\x1b[0m ${line}`;
  }

  /** @param {Row} row */
  #line({ title, state, detail, startedAt, took }) {
    const time = durationText(took ?? performance.now() - startedAt);
    return `${title.padEnd(14)} ${state.padEnd(10)} ${time.padStart(7)}  ${detail}`.trimEnd();
  }
}
