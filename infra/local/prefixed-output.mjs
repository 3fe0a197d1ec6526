// @ts-check
// Lines of many processes in one terminal: each begins with the name of its process, in a colour of its own.

/** SGR codes of colours that are readable on dark and on light ground (ECMA-48, 8.3.117). */
const COLOURS = [36, 33, 32, 35, 34, 31, 96, 93, 92, 95];

/** Prints lines of processes. */
export class PrefixedOutput {
  #print;
  #coloured;
  #width;
  /** @type {Map<string, number>} */
  #colours = new Map();

  /**
   * @param {(line: string) => void} print
   * @param {{ coloured: boolean, width: number }} options  `width` of the longest name
   */
  constructor(print, { coloured, width }) {
    this.#print = print;
    this.#coloured = coloured;
    this.#width = width;
  }

  /**
   * @param {string} name of the process; `feed-fetcher.2` has the colour of `feed-fetcher.1`
   * @param {string} line
   */
  line(name, line) {
    const label = `${name.padEnd(this.#width)} |`;
    if (!this.#coloured) return this.#print(`${label} ${line}`);
    const type = name.split('.')[0] ?? name;
    const colour = this.#colours.get(type) ?? COLOURS[this.#colours.size % COLOURS.length] ?? 36;
    this.#colours.set(type, colour);
    this.#print(`\x1b[${colour}m${label}\x1b[0m ${line}`);
  }
}

/**
 * Whether to use colours: not for a pipe, and not when the user says so (no-color.org).
 * @param {NodeJS.WriteStream} stream
 * @param {NodeJS.ProcessEnv} env
 */
export function wantsColours(stream, env) {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
