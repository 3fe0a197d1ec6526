// @ts-check
// Runs the processes of the Procfile: any number of each, restarted when they crash, stopped in the order that
// loses nothing: workers first, then what feeds them.

import { join } from 'node:path';
import { ManagedProcess } from './managed-process.mjs';

/** They go last: the workers' last results still pass through them. */
const STOPPED_LAST = ['web', 'clock'];

/** Milliseconds from SIGTERM to SIGKILL; a worker hands back its tasks well within. */
const PATIENCE = 30_000;

/** @typedef {import('./procfile.mjs').ProcessType} ProcessType */

/**
 * @typedef {object} SupervisorOptions
 * @property {string} root   the checkout
 * @property {string} base
 * @property {(name: string, line: string) => void} output  gets each line that a process prints
 * @property {(name: string, text: string) => void} say     tells about crashes, restarts and kills
 * @property {string} [suffix]  makes names differ from those of another supervisor on the same base
 */

/** See the top of this file. */
export class Supervisor {
  #options;
  /** @type {Map<string, ManagedProcess[]>} */
  #processes = new Map();

  /** @param {SupervisorOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** All processes, for `env.json`. */
  get processes() {
    return [...this.#processes.values()].flat();
  }

  /**
   * Starts `count` processes of a type.
   * @param {ProcessType} type
   * @param {number} count
   * @param {NodeJS.ProcessEnv} env
   */
  start(type, count, env) {
    const { root, base, output, say, suffix = '' } = this.#options;
    const group = this.#processes.get(type.name) ?? [];
    this.#processes.set(type.name, group);
    for (let n = 0; n < count; n++) {
      const name = `${type.name}.${suffix}${group.length + 1}`;
      const managed = new ManagedProcess({
        name,
        file: process.execPath,
        args: [join(root, type.script), ...type.args],
        env: { ...type.env, ...env },
        cwd: root,
        base,
        logFile: join(base, 'log', `${name}.log`),
        onLine: (line) => output(name, line),
        patience: PATIENCE,
        say: (text) => say(name, text),
      });
      group.push(managed);
      managed.start();
    }
  }

  /**
   * Restarts the processes of some types; their workers hand back what they hold.
   * @param {string[]} types
   */
  async restart(types) {
    await Promise.all(types.flatMap((type) => this.#processes.get(type) ?? []).map((one) => one.restart()));
  }

  /** Stops all: workers, then web and clock. */
  async stop() {
    const isLast = (/** @type {string} */ type) => STOPPED_LAST.includes(type);
    const types = [...this.#processes.keys()];
    await this.#stopTypes(types.filter((type) => !isLast(type)));
    await this.#stopTypes(types.filter(isLast));
  }

  /** Ends all at once. */
  kill() {
    for (const managed of this.processes) managed.kill();
  }

  /** @param {string[]} types */
  async #stopTypes(types) {
    await Promise.all(
      types.flatMap((type) => this.#processes.get(type) ?? []).map((managed) => managed.stop()),
    );
  }
}
