// @ts-check
// Runs Jest's projects one after the other against servers of their own.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './chromium.mjs';
import { explainFailure } from './explain-failure.mjs';
import { failureText } from './failure.mjs';
import { checkout } from './folders.mjs';
import { LocalServers } from './local-servers.mjs';
import { killMarkedProcesses, newMark } from './marked-processes.mjs';
import { CommandFailed } from './run-command.mjs';
import { runToResults } from './run-to-results.mjs';
import { processEnvironment, serverSettings } from './server-settings.mjs';
import { readJestResults } from './test-results.mjs';

/**
 * @typedef {object} TestRunOptions
 * @property {string} base
 * @property {import('./test-arguments.mjs').Wanted} wanted
 * @property {import('./steps.mjs').Steps} steps
 * @property {AbortSignal} signal
 * @property {import('./test-results.mjs').Result[]} results  gets one entry a project
 */

/** See the top of this file. */
export class TestRun {
  #options;
  /** @type {LocalServers | undefined} */
  #servers;
  /** What the servers' start came to: undefined when they are ready. @type {Promise<unknown>} */
  #serversFailure = Promise.resolve(undefined);
  /** @type {Promise<string>} */
  #chromium = Promise.resolve('');
  #mark = newMark();
  /** Of the Jest processes. @type {Set<number>} */
  #sessions = new Set();
  #failed = new AbortController();

  /** @param {TestRunOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** Begins to start the servers and to fetch the browser, if a part needs them; checks and unit tests run meanwhile. */
  prepareServers() {
    const { base, wanted, steps, signal } = this.#options;
    const either = AbortSignal.any([signal, this.#failed.signal]);
    if (wanted.servers) {
      const settings = serverSettings(process.env);
      const say = (/** @type {string} */ name, /** @type {string} */ text) => steps.print(`${name}: ${text}`);
      const servers = new LocalServers({
        base,
        settings,
        usualPorts: false,
        env: process.env,
        signal: either,
        steps,
        say,
      });
      this.#servers = servers;
      this.#serversFailure = this.#startServers(servers);
    }
    if (wanted.browser) {
      const logFile = join(base, 'log', 'install-chromium.log');
      const step = 'Chromium';
      this.#chromium = steps.run(step, async (note) => {
        try {
          return await findChromium(process.env, { signal: either, note, logFile });
        } catch (error) {
          throw explainFailure(error, { step, variable: 'CHROMIUM_PATH', logFile });
        }
      });
      this.#chromium.catch(() => undefined); // it is awaited, and its rejection seen, by the browser project
    }
  }

  /**
   * @param {boolean} built  whether the code compiled; what runs compiled code fails otherwise
   */
  async runProjects(built) {
    const { wanted } = this.#options;
    for (const project of wanted.projects) {
      this.#options.signal.throwIfAborted();
      if (project === 'unit') {
        await this.#runProject(project, {});
        continue;
      }
      if (!built) {
        this.#notRun(project, 'the code does not compile');
        continue;
      }
      const failure = await this.#serversFailure;
      if (failure !== undefined) {
        this.#notRun(project, failureText(failure));
        continue;
      }
      await this.#runServerProject(project);
    }
  }

  /** Stops the servers; kills what tests may have left behind. */
  async stop() {
    this.#failed.abort(new Error('the tests have ended'));
    const left = await killMarkedProcesses(this.#mark, this.#sessions);
    if (left.length > 0) {
      const title = 'no process is left behind';
      this.#options.steps.print(`✗ ${title}; killed:\n${left.map((command) => `    ${command}`).join('\n')}`);
      this.#options.results.push({ title, passed: 0, failed: 1, milliseconds: 0 });
    }
    await this.#servers?.stop();
  }

  /** Ends the servers at once. */
  kill() {
    this.#servers?.kill();
  }

  /**
   * @param {LocalServers} servers
   * @returns {Promise<unknown>} the failure, or undefined
   */
  async #startServers(servers) {
    try {
      const { broker, database, s3 } = await servers.start();
      await Promise.all([broker, database, s3]);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** @param {string} project */
  async #runServerProject(project) {
    /** @type {Record<string, string>} */
    const browser = {};
    if (project === 'browser') {
      try {
        browser['CHROMIUM_PATH'] = await this.#chromium;
      } catch (error) {
        this.#notRun(project, failureText(error));
        return;
      }
    }
    await this.#runProject(project, {
      ...processEnvironment(process.env, this.#servers?.variables ?? {}),
      PORT: undefined, // each service under test chooses its own
      // Where the servers' pid files are, for tests that kill one.
      OFFLOAD_BASE: this.#options.base,
      ...browser,
    });
  }

  /**
   * @param {string} project
   * @param {NodeJS.ProcessEnv} env
   */
  async #runProject(project, env) {
    const { base, steps, signal, wanted, results } = this.#options;
    const startedAt = performance.now();
    mkdirSync(join(base, 'results'), { recursive: true });
    const outputFile = join(base, 'results', `${project}.json`);
    steps.print(`\n… Jest: ${project}`);
    // Tests that end servers would end those of the others.
    const alone = project === 'chaos' || project === 'long' ? ['--runInBand'] : [];
    const args = [
      '--selectProjects',
      project,
      ...alone,
      '--json',
      `--outputFile=${outputFile}`,
      ...wanted.jestArgs,
    ];
    let exited = true;
    let exitedWell = true;
    try {
      exited = await runToResults(
        process.execPath,
        [join(checkout, 'node_modules/jest/bin/jest.js'), ...args],
        {
          resultsFile: outputFile,
          cwd: checkout,
          signal,
          output: 'inherit',
          onStart: (pid) => this.#sessions.add(pid),
          env: {
            ...process.env,
            ...env,
            ...this.#mark,
            NODE_OPTIONS: nodeOptions(process.env['NODE_OPTIONS']),
          },
        },
      );
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof CommandFailed)) throw error;
      exitedWell = false;
    }
    const counts = readJestResults(outputFile, exitedWell);
    results.push({ title: `Jest: ${project}`, ...counts, milliseconds: performance.now() - startedAt });
    if (exited) return;
    const title = `Jest: ${project} did not exit`;
    steps.print(`✗ ${title}: a test has left something open (jest --detectOpenHandles); it was killed`);
    results.push({ title, passed: 0, failed: 1, milliseconds: 0 });
  }

  /**
   * @param {string} project
   * @param {string} why
   */
  #notRun(project, why) {
    this.#options.steps.print(`\n✗ Jest: ${project} was not run: ${why}`);
    this.#options.results.push({
      title: `Jest: ${project} (not run)`,
      passed: 0,
      failed: 1,
      milliseconds: 0,
    });
  }
}

/**
 * @param {string | undefined} given
 * @returns {string}
 */
function nodeOptions(given) {
  // Jest's ES modules need it, and warn about it.
  return [given, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
    .filter(Boolean)
    .join(' ');
}
