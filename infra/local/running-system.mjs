// @ts-check
// What runs under a base folder: `env.json` tells other commands (worker, demo, scripts) how to reach it.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SetupFailure } from './failure.mjs';
import { lockHolder, tryLock, unlock } from './lock.mjs';
import { writePrivateJson } from './secrets.mjs';

/** @param {string} base */
const lockFile = (base) => join(base, 'start.lock');
/** @param {string} base */
const envFile = (base) => join(base, 'env.json');

/**
 * Makes this process the one that runs the system of a base folder.
 * @param {string} base
 * @throws {SetupFailure} when another one does
 */
export function claimBase(base) {
  const holder = tryLock(lockFile(base));
  if (!holder) return;
  const env = runningEnvironment(base);
  throw new SetupFailure(
    'It is running already',
    `Process ${holder.pid} runs it from ${base}${env?.['API_URL'] ? `, at ${env['API_URL']}` : ''}.`,
    [
      'use it as it is; `npm run worker -- TYPE` adds workers to it',
      `or stop it first: Ctrl-C in its terminal, or \`kill ${holder.pid}\``,
    ],
  );
}

/** @param {string} base */
export function releaseBase(base) {
  unlock(lockFile(base));
}

/**
 * @param {string} base
 * @returns {number | undefined} the pid of the process that runs the system
 */
export function systemPid(base) {
  return lockHolder(lockFile(base))?.pid;
}

/**
 * @param {string} base
 * @param {NodeJS.ProcessEnv} env  the variables of the system
 * @param {Record<string, number | undefined>} pids
 */
export function publishEnvironment(base, env, pids) {
  writePrivateJson(envFile(base), { ...env, pids });
}

/** @param {string} base */
export function withdrawEnvironment(base) {
  rmSync(envFile(base), { force: true });
}

/**
 * @param {string} base
 * @returns {Record<string, string> | undefined} the variables of the running system; undefined when none is ready
 */
export function runningEnvironment(base) {
  if (systemPid(base) === undefined || !existsSync(envFile(base))) return undefined;
  const all = JSON.parse(readFileSync(envFile(base), 'utf8'));
  delete all.pids;
  return all;
}

/**
 * @param {string} base
 * @returns {Record<string, number>} the pids of the running system's servers and processes, by their names
 */
export function runningPids(base) {
  return JSON.parse(readFileSync(envFile(base), 'utf8')).pids;
}
