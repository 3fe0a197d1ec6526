// @ts-check
// Runs FerretDB, which speaks MongoDB's protocol and stores in PostgreSQL with DocumentDB.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { goRecipe } from './go-install.mjs';
import { ManagedProcess } from './managed-process.mjs';
import { databaseUser, socketPort } from './postgresql.mjs';
import { probeMongodb } from './probe-mongodb.mjs';
import { waitUntilReady } from './wait-until-ready.mjs';

export const ferretdbRecipe = goRecipe({
  name: 'ferretdb',
  version: '2.7.0',
  module: 'github.com/FerretDB/FerretDB/v2/cmd/ferretdb',
  variable: 'MONGODB_URI',
  asTool: true,
});

/**
 * @param {string} program
 * @param {{ port: number, socket: string }} at  its own port; the folder of PostgreSQL's socket
 * @param {import('./rabbitmq.mjs').ServerContext} context
 * @returns {import('./rabbitmq.mjs').Server}
 */
export function startFerretdb(program, at, { base, say, signal }) {
  const folder = join(base, 'ferretdb');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const logFile = join(base, 'log', 'ferretdb.log');
  const host = encodeURIComponent(at.socket);
  const server = new ManagedProcess({
    name: 'ferretdb',
    file: program,
    args: [
      `--postgresql-url=postgres://${databaseUser}@/postgres?host=${host}&port=${socketPort}`,
      `--listen-addr=127.0.0.1:${at.port}`,
      '--debug-addr=-',
      `--state-dir=${folder}`,
      '--telemetry=disable',
      '--log-level=WARN',
    ],
    env: { PATH: process.env['PATH'], HOME: folder, DO_NOT_TRACK: 'true' },
    cwd: folder,
    base,
    logFile,
    say: (text) => say('ferretdb', text),
  });
  server.start();
  const probe = () => probeMongodb(at.port);
  const ready = () => waitUntilReady({ process: server, logFile, variable: 'MONGODB_URI', signal, probe });
  return { processes: [server], ready, stop: () => server.stop() };
}
