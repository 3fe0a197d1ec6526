// @ts-check
// Runs the compiler and the web app's bundler in watch mode and restarts what the compiler changed, and only that.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, watch } from 'node:fs';
import { join, relative } from 'node:path';
import { ManagedProcess } from './managed-process.mjs';
import { dependents, readWorkspaces } from './workspace-graph.mjs';

/** A compiler writes many files one after the other: how long (ms) to wait for the last one. */
const SETTLE = 300;

/**
 * @typedef {object} WatcherContext
 * @property {string} root   the checkout
 * @property {string} base
 * @property {import('./procfile.mjs').ProcessType[]} types
 * @property {import('./supervisor.mjs').Supervisor} supervisor
 * @property {(name: string, line: string) => void} output
 */

/** See the top of this file. */
export class CodeWatcher {
  #context;
  #compiler;
  #bundler;
  /** @type {import('node:fs').FSWatcher[]} */
  #watchers = [];
  /** Content of each compiled file; the compiler also writes files whose content stays. @type {Map<string, string>} */
  #digests = new Map();
  /** @type {Set<string>} */
  #changed = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  /** @type {Promise<void>} */
  #restarting = Promise.resolve();
  #workspaces;

  /** @param {WatcherContext} context */
  constructor(context) {
    this.#context = context;
    this.#workspaces = readWorkspaces(context.root);
    this.#compiler = this.#program('tsc', 'typescript/bin/tsc', ['-b', '--watch', '--preserveWatchOutput']);
    // The API serves what it writes; nothing has to be restarted.
    this.#bundler = this.#program('vite', 'vite/bin/vite.js', [
      ...['build', 'services/pages', '--watch', '--clearScreen', 'false', '--logLevel', 'warn'],
    ]);
  }

  /**
   * @param {string} name
   * @param {string} script  below node_modules
   * @param {string[]} args
   */
  #program(name, script, args) {
    const { root, base, output } = this.#context;
    return new ManagedProcess({
      name,
      file: process.execPath,
      args: [join(root, 'node_modules', script), ...args],
      env: process.env,
      cwd: root,
      base,
      logFile: join(base, 'log', `${name}.log`),
      onLine: (line) => line.trim() && output(name, line),
      patience: 5_000,
      say: (text) => output(name, `! ${text}`),
    });
  }

  start() {
    for (const { folder } of this.#workspaces) this.#watch(folder);
    this.#compiler.start();
    this.#bundler.start();
  }

  async stop() {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
    await Promise.all([this.#compiler.stop(), this.#bundler.stop()]);
    await this.#restarting;
  }

  /** @param {string} folder of a workspace */
  #watch(folder) {
    const dist = join(this.#context.root, folder, 'dist');
    if (!existsSync(join(this.#context.root, folder, 'tsconfig.json'))) return; // nothing is compiled there
    mkdirSync(dist, { recursive: true });
    for (const entry of readdirSync(dist, { withFileTypes: true, recursive: true })) {
      if (entry.isFile()) this.#isNew(join(entry.parentPath ?? entry.path, entry.name));
    }
    const onChange = (/** @type {unknown} */ _event, /** @type {string | null} */ name) => {
      if (!name || !/\.(js|json)$/.test(name) || !this.#isNew(join(dist, name))) return;
      this.#changed.add(folder);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#restartChanged(), SETTLE);
    };
    this.#watchers.push(watch(dist, { recursive: true }, onChange));
  }

  /**
   * @param {string} file
   * @returns {boolean} whether its content differs from the last time
   */
  #isNew(file) {
    if (!/\.(js|json)$/.test(file)) return false;
    const digest = existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : '';
    if (this.#digests.get(file) === digest) return false;
    this.#digests.set(file, digest);
    return true;
  }

  #restartChanged() {
    const { types, supervisor, output, root } = this.#context;
    const changed = [...this.#changed];
    this.#changed.clear();
    const folders = new Set(changed.flatMap((folder) => [...dependents(this.#workspaces, folder)]));
    const names = types
      .filter(({ script }) =>
        folders.has(relative(root, join(root, script)).split('/').slice(0, 2).join('/')),
      )
      .map(({ name }) => name);
    if (names.length === 0) return;
    output('dev', `${changed.join(', ')} changed: restarting ${names.join(', ')}`);
    // One after the other: a restart that is under way must not be joined by another of the same process.
    this.#restarting = this.#restarting.then(() => supervisor.restart(names));
  }
}
