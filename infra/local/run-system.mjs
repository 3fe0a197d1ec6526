// @ts-check
// The whole system: set-up, servers and processes, from nothing to ready, and back to nothing.

import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { buildServices } from './build.mjs';
import { installDependencies } from './dependencies.mjs';
import { FIRST_START_BYTES, requireDiskSpace } from './disk-space.mjs';
import { SetupFailure } from './failure.mjs';
import { cacheFolder, checkout } from './folders.mjs';
import { stopLeftovers } from './leftovers.mjs';
import { openLogFolder } from './log-folder.mjs';
import { LocalServers } from './local-servers.mjs';
import { choosePorts } from './ports.mjs';
import { runningRecords, stopRecorded } from './process-record.mjs';
import { claimBase, publishEnvironment, releaseBase, withdrawEnvironment } from './running-system.mjs';
import { readyBanner } from './ready-banner.mjs';
import { processEnvironment, serverSettings } from './server-settings.mjs';
import { Supervisor } from './supervisor.mjs';
import { lastLines } from './wait-until-ready.mjs';

/** How long the API may take to say that it is ready, in milliseconds. */
const WEB_PATIENCE = 60_000;

/** How long (ms) the supervisors of added workers may take to stop them: a little more than their own patience. */
const EXTRA_WORKER_PATIENCE = 35_000;

/** Names of processes that `npm run worker` added, see worker.mjs. */
export const EXTRA_WORKER = /\.extra-/;

/**
 * @typedef {object} SystemOptions
 * @property {string} base
 * @property {import('./procfile.mjs').ProcessType[]} types
 * @property {Map<string, number>} counts
 * @property {NodeJS.ProcessEnv} env   the user's
 * @property {import('./steps.mjs').Steps} steps
 * @property {(name: string, line: string) => void} output  gets the lines of the processes
 * @property {(name: string, text: string) => void} say
 * @property {AbortSignal} signal      ends the start
 */

/** One run of the system. */
export class System {
  #options;
  /** @type {LocalServers | undefined} */
  #servers;
  /** @type {Supervisor} */
  #supervisor;
  #claimed = false;

  /** @param {SystemOptions} options */
  constructor(options) {
    this.#options = options;
    const { base, output, say } = options;
    this.#supervisor = new Supervisor({ root: checkout, base, output, say });
  }

  get supervisor() {
    return this.#supervisor;
  }

  /** Whether there is something to stop. */
  get begun() {
    return this.#claimed;
  }

  /**
   * Starts everything; resolves when the last part runs. `onReady` is called as soon as the system can be used,
   * which may be before the S3 server has been built.
   * @param {(banner: string) => void} onReady
   */
  async start(onReady) {
    const { base, env: userEnv, steps, say, signal, types, counts } = this.#options;
    const startedAt = performance.now();
    const settings = serverSettings(userEnv);
    claimBase(base);
    this.#claimed = true;
    openLogFolder(base);
    withdrawEnvironment(base);
    await stopLeftovers(base, (text) => steps.print(text));
    const servers = new LocalServers({ base, settings, usualPorts: true, env: userEnv, signal, steps, say });
    if (servers.mustInstall()) requireDiskSpace(cacheFolder(), FIRST_START_BYTES, 'First start');
    this.#servers = servers;
    const port = await this.#choosePort();

    const { broker, database, s3 } = await servers.start();
    const built = this.#build();
    const core = Promise.all([built, broker, database]);
    core.catch(() => undefined); // it is awaited below, and its rejection seen there
    await Promise.race([core, failureOf(s3)]);

    /** @returns {NodeJS.ProcessEnv} */
    const environment = () => ({
      ...processEnvironment(userEnv, servers.variables),
      ...(counts.get('web') ? { API_URL: `http://127.0.0.1:${port}` } : {}),
    });
    /** @param {(type: import('./procfile.mjs').ProcessType) => boolean} chosen */
    const launch = (chosen) => {
      for (const type of types.filter(chosen)) {
        // The port is the API's alone: another process that read it would fail to listen.
        const own = { ...environment(), PORT: type.name === 'web' ? String(port) : undefined };
        this.#supervisor.start(type, counts.get(type.name) ?? 0, own);
      }
    };
    const needsS3 = (/** @type {{ needs: string[] }} */ type) => type.needs.includes('s3');
    launch((type) => !needsS3(type));
    if (counts.get('web')) await steps.run('API gets ready', () => this.#waitForWeb(port));
    const s3Done = await isSettled(s3);
    if (s3Done) launch(needsS3);
    this.#publish(environment());
    const waiting = types.filter((type) => needsS3(type) && counts.get(type.name)).map(({ name }) => name);
    const milliseconds = performance.now() - startedAt;
    onReady(readyBanner(environment(), { base, milliseconds, waitingForS3: s3Done ? [] : waiting }));
    if (s3Done) return;
    await s3;
    launch(needsS3);
    this.#publish(environment());
    say('s3', `the S3 server runs at ${environment()['S3_ENDPOINT']}; started ${waiting.join(', ')}`);
  }

  /** Stops everything: workers, web and clock, S3 and broker, database. Safe at any moment of the start. */
  async stop() {
    const { base } = this.#options;
    if (!this.#claimed) return;
    withdrawEnvironment(base); // tells `npm run worker` in other terminals to stop
    await Promise.all([this.#supervisor.stop(), waitForExtraWorkers(base)]);
    await this.#servers?.stop();
    releaseBase(base);
  }

  /** Ends everything at once. */
  kill() {
    this.#supervisor.kill();
    this.#servers?.kill();
  }

  async #build() {
    const { base, steps, signal } = this.#options;
    const log = (/** @type {string} */ name) => join(base, 'log', `${name}.log`);
    await steps.run('npm dependencies', (note) =>
      installDependencies({ base, signal, note, logFile: log('npm-ci') }),
    );
    await steps.run('build', (note) => buildServices({ base, signal, note, logFile: log('build') }));
  }

  async #choosePort() {
    const { env, say } = this.#options;
    const wanted = Number(env['PORT'] || 3000);
    if (!Number.isInteger(wanted) || wanted < 1 || wanted > 65_535) {
      throw new SetupFailure(`PORT is not a port: ${env['PORT']}`, 'It is the port of the API.', [
        'set PORT to a number from 1 to 65535, or unset it to have 3000',
      ]);
    }
    const { API } = await choosePorts({ API: wanted });
    if (API.instead) say('ports', `${API.instead} (API) is taken; using ${API.port}`);
    return API.port;
  }

  /** @param {NodeJS.ProcessEnv} env */
  #publish(env) {
    const all = [...(this.#servers?.processes ?? []), ...this.#supervisor.processes];
    const pids = Object.fromEntries(all.map(({ name, pid }) => [name, pid]));
    publishEnvironment(this.#options.base, ownVariables(env), { supervisor: process.pid, ...pids });
  }

  /** @param {number} port */
  async #waitForWeb(port) {
    const { base, signal } = this.#options;
    const deadline = performance.now() + WEB_PATIENCE;
    for (;;) {
      signal.throwIfAborted();
      if (await isReady(port)) return;
      if (performance.now() > deadline) {
        const logFile = join(base, 'log', 'web.1.log');
        throw new SetupFailure('The API does not get ready', lastLines(logFile, 15).join('\n'), [
          `see ${logFile}`,
          'it waits for the broker and the database: their logs are beside it',
        ]);
      }
      await sleep(100, undefined, { signal });
    }
  }
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
async function isReady(port) {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(3_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false; // not listening yet
  }
}

/**
 * @param {Promise<unknown>} promise
 * @returns {Promise<never>} rejects when the promise does; never settles otherwise
 */
function failureOf(promise) {
  return new Promise((_resolve, reject) => void promise.catch(reject));
}

/**
 * @param {Promise<unknown>} promise
 * @returns {Promise<boolean>} whether it is fulfilled already; a rejection is thrown
 */
async function isSettled(promise) {
  const pending = Symbol('pending');
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

/**
 * Their own supervisors stop them when `env.json` is gone; those whose supervisor was killed are stopped here.
 * @param {string} base
 */
async function waitForExtraWorkers(base) {
  const extra = () => runningRecords(base).filter(({ name }) => EXTRA_WORKER.test(name));
  const deadline = performance.now() + EXTRA_WORKER_PATIENCE;
  while (extra().length > 0 && performance.now() < deadline) await sleep(100);
  await Promise.all(extra().map((record) => stopRecorded(record)));
}

/**
 * The variables that another command needs; not the rest of the user's environment.
 * @param {NodeJS.ProcessEnv} env
 */
function ownVariables(env) {
  const names =
    /^(AMQP_URL|RABBITMQ_MANAGEMENT_URL|MONGODB_URI|API_URL|HOST|HEALTH_PORT|NODE_ENV)$|^(S3|AWS|OUTBOUND)_/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => names.test(name)));
}
