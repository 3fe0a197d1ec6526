// @ts-check
// Runs versitygw, an S3 server over a folder: a bucket is a folder in it, an object is a file.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { goRecipe } from './go-install.mjs';
import { ManagedProcess } from './managed-process.mjs';
import { waitUntilReady } from './wait-until-ready.mjs';

export const versitygwRecipe = goRecipe({
  name: 'versitygw',
  version: '1.8.0',
  module: 'github.com/versity/versitygw/cmd/versitygw',
  variable: 'S3_ENDPOINT (with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)',
  ldflags: '-s -w',
});

/**
 * @param {string} program
 * @param {{ port: number, accessKey: string, secretKey: string, buckets: string[] }} settings
 * @param {import('./rabbitmq.mjs').ServerContext} context
 * @returns {import('./rabbitmq.mjs').Server}
 */
export function startVersitygw(program, settings, { base, say, signal }) {
  const folder = join(base, 'versitygw');
  const data = join(folder, 'data');
  for (const bucket of settings.buckets) mkdirSync(join(data, bucket), { recursive: true, mode: 0o700 });
  const logFile = join(base, 'log', 'versitygw.log');
  const server = new ManagedProcess({
    name: 'versitygw',
    file: program,
    args: ['--port', `127.0.0.1:${settings.port}`, '--region', 'us-east-1', '--quiet', 'posix', data],
    env: {
      // Its own settings can be given, for example VGW_META_SIDECAR for a file system without extended attributes.
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('VGW_'))),
      PATH: process.env['PATH'],
      HOME: folder,
      ROOT_ACCESS_KEY: settings.accessKey,
      ROOT_SECRET_KEY: settings.secretKey,
    },
    cwd: folder,
    base,
    logFile,
    say: (text) => say('versitygw', text),
  });
  server.start();
  const ready = () =>
    waitUntilReady({
      process: server,
      logFile,
      variable: 'S3_ENDPOINT',
      signal,
      probe: () => probeS3(settings.port),
    });
  return { processes: [server], ready, stop: () => server.stop() };
}

/**
 * Any answer in HTTP will do: without a signature it is a refusal.
 * @param {number} port
 */
async function probeS3(port) {
  const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5_000) });
  await response.arrayBuffer();
}
