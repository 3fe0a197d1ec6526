// @ts-check
// Runs the `mongod` that is on PATH, below a base folder, with a user and a password.

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupFailure } from './failure.mjs';
import { ManagedProcess } from './managed-process.mjs';
import { isOk, probeMongodb, runMongoCommand } from './probe-mongodb.mjs';
import { writePrivateJson } from './secrets.mjs';
import { waitUntilReady } from './wait-until-ready.mjs';

/**
 * @param {string | undefined} path  a PATH
 * @returns {string | undefined} where mongod is
 */
export function findMongod(path) {
  return (path ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, 'mongod'))
    .find((file) => existsSync(file));
}

/**
 * @param {string} program
 * @param {{ port: number }} at
 * @param {import('./rabbitmq.mjs').ServerContext} context
 * @returns {import('./rabbitmq.mjs').Server & { user: string, password: string }}
 */
export function startMongod(program, at, { base, say, signal }) {
  const folder = join(base, 'mongod');
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  // Beside the data, since it is stored in them: whoever keeps one keeps the other.
  const loginFile = join(folder, 'login.json');
  const login = readLogin(loginFile);
  const logFile = join(base, 'log', 'mongod.log');
  const server = new ManagedProcess({
    name: 'mongod',
    file: program,
    args: ['--dbpath', data, '--bind_ip', '127.0.0.1', '--port', String(at.port), '--auth', '--nounixsocket'],
    env: { PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C.UTF-8' },
    cwd: folder,
    base,
    logFile,
    patience: 60_000,
    say: (text) => say('mongod', text),
  });
  server.start();
  const ready = async () => {
    const probe = () => probeMongodb(at.port);
    await waitUntilReady({ process: server, logFile, variable: 'MONGODB_URI', signal, probe });
    if (!login.created) {
      await createFirstUser(at.port, login, logFile);
      writePrivateJson(loginFile, { ...login, created: true });
    }
  };
  return {
    processes: [server],
    ready,
    stop: () => server.stop(),
    user: login.user,
    password: login.password,
  };
}

/** @typedef {{ user: string, password: string, created: boolean }} Login */

/**
 * @param {string} file
 * @returns {Login}
 */
function readLogin(file) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const login = { user: 'offload', password: randomBytes(18).toString('hex'), created: false };
  writePrivateJson(file, login); // before the user is made: a crash in between must not lock us out
  return login;
}

/**
 * The first user may be made without one, from this machine (MongoDB manual, "Localhost Exception").
 * @param {number} port
 * @param {Login} login
 * @param {string} logFile
 */
async function createFirstUser(port, login, logFile) {
  const answer = await runMongoCommand(port, {
    createUser: login.user,
    pwd: login.password,
    roles: [{ role: 'root', db: 'admin' }],
    $db: 'admin',
  });
  // Made in an earlier start that ended before it could be written down: the password is the same.
  if (isOk(answer) || answer.includes('already exists') || answer.includes('requires authentication')) return;
  throw new SetupFailure(
    'mongod did not accept its first user',
    answer.toString('latin1').replace(/[^ -~]+/g, ' '),
    [`see ${logFile}`, 'or set MONGODB_URI to a database that runs already'],
  );
}
