// @ts-check
// One process that we keep running: started in a session of its own (so that Ctrl-C at the terminal reaches only
// us), restarted with growing pauses when it crashes, stopped politely and then not.

import { spawn } from 'node:child_process';
import { closeSync, createWriteStream, openSync } from 'node:fs';
import { sendSignal } from './process-identity.mjs';
import { recordProcess, removeRecord } from './process-record.mjs';

/** Pauses before a restart, in milliseconds; the last one repeats. */
const PAUSES = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

/** A process that ran this long (ms) had not crashed at its start: its pauses begin anew. */
const SETTLED = 20_000;

/**
 * @typedef {object} ProcessSpec
 * @property {string} name
 * @property {string} file
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} env      the whole environment
 * @property {string} cwd
 * @property {string} base               where its pid file goes
 * @property {string} [logFile]          what it prints is appended here; its folder exists
 * @property {(line: string) => void} [onLine]  called with each line it prints
 * @property {NodeJS.Signals} [stopSignal]  default SIGTERM
 * @property {number} [patience]         milliseconds from the stop signal to SIGKILL; default 30,000
 * @property {(text: string) => void} say  tells the person about crashes, restarts and kills
 * @property {() => void} [beforeStart]  called before each start, restarts included
 */

/** See the top of this file. */
export class ManagedProcess {
  /** @type {ProcessSpec} */
  #spec;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  /** @type {Promise<void>} */
  #ended = Promise.resolve();
  /** @type {NodeJS.Timeout | undefined} */
  #restartTimer;
  #crashes = 0;
  #wanted = false;
  /** @type {string} */
  #lastEnding = '';

  /** @param {ProcessSpec} spec */
  constructor(spec) {
    this.#spec = spec;
  }

  get name() {
    return this.#spec.name;
  }

  /** The pid, undefined between a crash and the restart. */
  get pid() {
    return this.#child?.pid;
  }

  /** How often it crashed since it last ran for a while. */
  get crashes() {
    return this.#crashes;
  }

  /** How it ended the last time, for error messages; '' when it never did. */
  get lastEnding() {
    return this.#lastEnding;
  }

  start() {
    this.#wanted = true;
    this.#spawn();
  }

  /** Stops it and starts it again, without counting a crash. */
  async restart() {
    await this.stop();
    this.#crashes = 0;
    this.start();
  }

  /**
   * Asks it to end and waits for that; kills it when its patience is over.
   * @param {number} [patience] milliseconds
   * @returns {Promise<void>}
   */
  async stop(patience = this.#spec.patience ?? 30_000) {
    this.#wanted = false;
    clearTimeout(this.#restartTimer);
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    sendSignal(pid, this.#spec.stopSignal ?? 'SIGTERM');
    const timer = setTimeout(() => {
      this.#spec.say(`did not stop within ${patience / 1_000} s: KILLED (SIGKILL)`);
      sendSignal(-pid, 'SIGKILL');
    }, patience);
    await this.#ended;
    clearTimeout(timer);
  }

  /** Ends it and everything in its session's process group at once. */
  kill() {
    this.#wanted = false;
    clearTimeout(this.#restartTimer);
    if (this.#child?.pid !== undefined) sendSignal(-this.#child.pid, 'SIGKILL');
  }

  #spawn() {
    const spec = this.#spec;
    spec.beforeStart?.();
    // A process whose lines nobody watches writes to its log directly: it must be able to outlive us.
    const direct = spec.onLine || !spec.logFile ? undefined : openSync(spec.logFile, 'a', 0o600);
    const child = spawn(spec.file, spec.args, {
      cwd: spec.cwd,
      env: spec.env,
      stdio: ['ignore', direct ?? 'pipe', direct ?? 'pipe'],
      detached: true,
    });
    if (direct !== undefined) closeSync(direct);
    else this.#connectOutput(child);
    this.#child = child;
    const startedAt = performance.now();
    if (child.pid !== undefined) recordProcess(spec.base, spec.name, child.pid, spec.stopSignal);
    this.#ended = new Promise((resolve) => {
      /** @param {string} ending */
      const end = (ending) => {
        if (this.#child !== child) return; // `error` and `exit` may both come
        this.#child = undefined;
        removeRecord(spec.base, spec.name);
        this.#lastEnding = ending;
        if (this.#wanted) this.#restartLater(ending, performance.now() - startedAt);
        resolve();
      };
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) => end(signal ? `ended by ${signal}` : `ended with code ${code}`));
    });
  }

  /**
   * @param {string} ending
   * @param {number} ran milliseconds
   */
  #restartLater(ending, ran) {
    if (ran > SETTLED) this.#crashes = 0;
    const pause = PAUSES[Math.min(this.#crashes, PAUSES.length - 1)] ?? 0;
    this.#crashes += 1;
    this.#spec.say(`${ending}; restarting in ${pause / 1_000} s`);
    this.#restartTimer = setTimeout(() => this.#spawn(), pause);
  }

  /** @param {import('node:child_process').ChildProcess} child */
  #connectOutput(child) {
    const { logFile, onLine } = this.#spec;
    const log = logFile ? createWriteStream(logFile, { flags: 'a', mode: 0o600 }) : undefined;
    let open = 2;
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream?.setEncoding('utf8');
      stream?.on('data', (/** @type {string} */ text) => {
        log?.write(text);
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) onLine?.(line);
      });
      stream?.on('close', () => {
        if (rest) onLine?.(rest);
        open -= 1;
        if (open === 0) log?.end();
      });
    }
  }
}
