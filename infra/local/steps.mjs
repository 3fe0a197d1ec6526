// @ts-check
// Shows what is being done, step by step, side by side, with the time it takes: a live list on a terminal,
// plain lines elsewhere.

/** How often a plain log says that long steps are still under way, in milliseconds. */
const REMINDER = 20_000;
const FRAME = 120;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** @typedef {{ title: string, note: string, startedAt: number }} Step */

/**
 * @param {number} milliseconds
 * @returns {string} for example `0.4 s`, `12.3 s`, `2 min 05 s`
 */
export function durationText(milliseconds) {
  const seconds = milliseconds / 1_000;
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** The display; one for the whole program. */
export class Steps {
  /** @type {NodeJS.WriteStream} */
  #out;
  /** @type {Set<Step>} */
  #running = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #drawn = 0;
  #frame = 0;
  #quiet = false;
  #live;

  /**
   * @param {NodeJS.WriteStream} out
   * @param {{ live?: boolean }} [options] `live` overrules what the stream says of itself
   */
  constructor(out = process.stdout, options = {}) {
    this.#out = out;
    this.#live = options.live ?? (out.isTTY === true && process.env['CI'] === undefined);
  }

  /**
   * Runs one step and shows how it goes and ends. An error is shown in one line and thrown on.
   * @template T
   * @param {string} title
   * @param {(note: (text: string) => void) => Promise<T>} work  `note` says what it is doing now
   * @returns {Promise<T>}
   */
  async run(title, work) {
    /** @type {Step} */
    const step = { title, note: '', startedAt: performance.now() };
    this.#running.add(step);
    if (!this.#live) this.#print(`… ${title}`);
    this.#timer ??= setInterval(() => this.#tick(), this.#live ? FRAME : REMINDER).unref();
    let mark = '✗';
    try {
      const result = await work((text) => void (step.note = text));
      mark = '✓';
      return result;
    } finally {
      this.#running.delete(step);
      if (this.#running.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
      if (!this.#quiet) this.print(`${mark} ${title} (${durationText(performance.now() - step.startedAt)})`);
    }
  }

  /**
   * Prints lines above the running steps.
   * @param {string} text
   */
  print(text) {
    this.#erase();
    this.#print(text);
    this.#draw();
  }

  /** From now on the ends of steps are not shown: they end because they are made to. */
  quiet() {
    this.#quiet = true;
    this.#erase();
    clearInterval(this.#timer);
  }

  #tick() {
    if (this.#quiet) return;
    if (this.#live) {
      this.#frame += 1;
      this.#erase();
      this.#draw();
    } else {
      const now = performance.now();
      const states = [...this.#running].map(
        ({ title, note, startedAt }) => `${title}${note && ` (${note})`} ${durationText(now - startedAt)}`,
      );
      this.#print(`… still: ${states.join(', ')}`);
    }
  }

  #draw() {
    if (!this.#live || this.#quiet) return;
    const width = this.#out.columns || 80;
    for (const { title, note, startedAt } of this.#running) {
      const time = durationText(performance.now() - startedAt);
      const line = `${SPINNER[this.#frame % SPINNER.length]} ${title} ${time}${note && `  ${note}`}`;
      this.#print(line.slice(0, width - 1));
    }
    this.#drawn = this.#running.size;
  }

  #erase() {
    if (this.#drawn > 0) this.#out.write(`\x1b[${this.#drawn}A\x1b[0J`);
    this.#drawn = 0;
  }

  /** @param {string} text */
  #print(text) {
    this.#out.write(`${text}\n`);
  }
}
