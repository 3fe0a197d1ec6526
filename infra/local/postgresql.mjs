// @ts-check
// Runs PostgreSQL with the DocumentDB extension below a base folder, on a private Unix socket: no TCP port.

import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ordinaryUser } from './ordinary-user.mjs';
import { ManagedProcess } from './managed-process.mjs';
import { runCommand } from './run-command.mjs';
import { SetupFailure } from './failure.mjs';
import { waitUntilReady } from './wait-until-ready.mjs';

/** @typedef {import('./rabbitmq.mjs').ServerContext} ServerContext */
/** @typedef {import('./rabbitmq.mjs').Server} Server */

export const databaseUser = 'offload';
const MAJOR = '18';

/** Names only the socket's file: nothing listens on TCP. */
export const socketPort = 5432;

/** unix(7): 108 bytes with the closing zero, and PostgreSQL appends its file's name. */
const SOCKET_FOLDER_LIMIT = 107 - '/.s.PGSQL.5432.lock'.length;

/**
 * Makes the data folder if there is none and starts the server. Resolves once it accepts commands and
 * the extension and the user's password are in place.
 * @param {string} root  where PostgreSQL was unpacked
 * @param {string} password
 * @param {ServerContext} context
 * @returns {Promise<Server & { socket: string }>}
 */
export async function startPostgresql(root, password, { base, say, signal }) {
  const folder = join(base, 'postgresql');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const data = join(folder, 'data');
  const socket = socketFolder(folder);
  const bin = join(root, 'usr/lib/postgresql', MAJOR, 'bin');
  const setupLog = join(base, 'log', 'postgresql-setup.log');
  mkdirSync(join(base, 'log'), { recursive: true });
  const user = await ordinaryUser(join(bin, 'postgres'), [folder], signal);
  const env = { PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  const run = { env, cwd: folder, signal, logFile: setupLog };

  if (existsSync(data)) requireSameMajor(data);
  else await initialise(join(bin, 'initdb'), folder, data, password, user, run);
  writeFileSync(join(data, 'postgresql.conf'), configuration(socket));
  // The socket's folder is open to its owner alone; the password is for FerretDB's clients.
  writeFileSync(join(data, 'pg_hba.conf'), 'local all all trust\n');
  user.own(folder);
  user.own(socket);

  const [file, args] = user.command(join(bin, 'postgres'), ['-D', data]);
  const logFile = join(base, 'log', 'postgresql.log');
  const server = new ManagedProcess({
    name: 'postgresql',
    file,
    args,
    env,
    cwd: folder,
    base,
    logFile,
    stopSignal: 'SIGINT', // fast shutdown: ends sessions, writes a checkpoint (PostgreSQL, "Shutting Down the Server")
    patience: 60_000,
    say: (text) => say('postgresql', text),
    beforeStart: () => removeForeignPidFile(data),
  });
  server.start();
  const psql = ['-h', socket, '-p', String(socketPort), '-U', databaseUser, '-d', 'postgres', '-X', '-q'];
  const query = (/** @type {string[]} */ more) =>
    runCommand(join(bin, 'psql'), [...psql, '-v', 'ON_ERROR_STOP=1', ...more], { env, cwd: folder, signal });
  const ready = async () => {
    await waitUntilReady({
      process: server,
      logFile,
      variable: 'MONGODB_URI',
      signal,
      probe: async () => void (await query(['-c', 'select 1'])),
    });
    await applySql(folder, password, query);
  };
  const stop = async () => {
    await server.stop();
    if (!socket.startsWith(folder)) rmSync(socket, { recursive: true, force: true });
  };
  return { processes: [server], socket, ready, stop };
}

/**
 * Statements go through a file, since a password on a command line is seen by every user of the machine.
 * @param {string} folder
 * @param {string} password hexadecimal
 * @param {(more: string[]) => Promise<string>} query
 */
async function applySql(folder, password, query) {
  const file = join(folder, 'setup.sql');
  const sql = [
    'set client_min_messages = warning;',
    'create extension if not exists documentdb cascade;',
    `alter user ${databaseUser} password '${password}';`,
    '',
  ];
  writeFileSync(file, sql.join('\n'), { mode: 0o600 });
  try {
    await query(['-f', file]);
  } finally {
    rmSync(file);
  }
}

/**
 * @param {string} initdb
 * @param {string} folder
 * @param {string} data
 * @param {string} password
 * @param {import('./ordinary-user.mjs').OrdinaryUser} user
 * @param {import('./run-command.mjs').CommandOptions} run
 */
async function initialise(initdb, folder, data, password, user, run) {
  const unfinished = join(folder, 'data.new'); // renamed when complete: a crash here must not look like data
  rmSync(unfinished, { recursive: true, force: true });
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password + '\n', { mode: 0o600 });
  user.own(folder);
  try {
    const options = ['-D', unfinished, '-U', databaseUser, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
    const [file, args] = user.command(initdb, [...options, '--locale=C.UTF-8', '-E', 'UTF8']);
    await runCommand(file, args, run);
  } finally {
    rmSync(passwordFile);
  }
  renameSync(unfinished, data);
}

/**
 * @param {string} data
 * @throws {SetupFailure} when another major version made it: PostgreSQL cannot read that
 */
export function requireSameMajor(data) {
  const file = join(data, 'PG_VERSION');
  const found = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (found === MAJOR) return;
  const by = found ? `by PostgreSQL ${found}` : 'by something else than PostgreSQL (PG_VERSION is missing)';
  throw new SetupFailure(
    `The database's data cannot be used with PostgreSQL ${MAJOR}`,
    `${data} was made ${by}. It was left as it is.`,
    [
      'if you can do without the data: `npm run reset`, then start again',
      'if you need it: check out the commit that made it, and export the data there with mongodump',
      'or set MONGODB_URI to another database',
    ],
  );
}

/**
 * PostgreSQL refuses to start when the pid in a stale postmaster.pid belongs to any living process of the same
 * user. One that does not run on this data is not the server that wrote the file.
 * @param {string} data
 */
function removeForeignPidFile(data) {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const commandLine = `/proc/${pid}/cmdline`;
  // A pid of nobody is left to PostgreSQL, which then looks for surviving children of that server.
  if (existsSync(commandLine) && !readFileSync(commandLine, 'utf8').includes(data)) rmSync(file);
}

/**
 * A folder for the socket: inside our own, or a private one in the temporary folder when that path is too long.
 * @param {string} folder
 * @returns {string}
 */
export function socketFolder(folder) {
  const own = join(folder, 'socket');
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  const uid = process.getuid?.() ?? 0;
  const path =
    Buffer.byteLength(own) <= SOCKET_FOLDER_LIMIT ? own : join(tmpdir(), `offload-${uid}-${digest}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stat = lstatSync(path);
  // Someone else may have made it first in a shared temporary folder, to read along.
  if (!stat.isDirectory() || (stat.uid !== uid && uid !== 0)) {
    throw new SetupFailure('The database cannot have a private socket', `${path} belongs to someone else.`, [
      'remove that folder, or set TMPDIR to a folder of your own',
    ]);
  }
  chmodSync(path, 0o700);
  return path;
}

/**
 * @param {string} socket
 * @returns {string} postgresql.conf
 */
function configuration(socket) {
  const quoted = socket.replaceAll("'", "''");
  return `listen_addresses = ''
port = ${socketPort}
unix_socket_directories = '${quoted}'
unix_socket_permissions = 0700
shared_preload_libraries = 'pg_cron, pg_documentdb_core, pg_documentdb'
cron.database_name = 'postgres'
cron.use_background_workers = on
cron.host = '${quoted}'
# Without this, creating a collection fails: the extension calls itself over TCP.
documentdb.localhost_connection_string = 'host=${quoted} port=${socketPort}'
max_connections = 200
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
wal_compression = on
random_page_cost = 1.1
jit = off
# What was acknowledged is on disk: tasks are promised not to be lost.
fsync = on
synchronous_commit = on
log_timezone = 'UTC'
timezone = 'UTC'
`;
}
