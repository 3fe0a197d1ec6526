// @ts-check
// `node infra/local/servers.mjs [BASE]`: only the servers, on free ports, until Ctrl-C or SIGTERM; their URLs in
// BASE/env.json. For work on the project itself: start once, then run single services or tests against it.

import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { failureText } from './failure.mjs';
import { defaultBase } from './folders.mjs';
import { claimBase, releaseBase } from './running-system.mjs';
import { LocalServers } from './local-servers.mjs';
import { stopLeftovers } from './leftovers.mjs';
import { writePrivateJson } from './secrets.mjs';
import { processEnvironment } from './server-settings.mjs';
import { Steps } from './steps.mjs';

const base = resolve(process.argv[2] ?? join(defaultBase, 'servers'));
const envFile = join(base, 'env.json');
mkdirSync(join(base, 'log'), { recursive: true, mode: 0o700 });
const steps = new Steps();
const stopped = new AbortController();
const servers = new LocalServers({
  base,
  settings: { startRabbitmq: true, startDatabase: true, startS3: true },
  usualPorts: false,
  env: process.env,
  signal: stopped.signal,
  steps,
  say: (name, text) => steps.print(`${name}: ${text}`),
});

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => stopped.abort(new Error(`stopped by ${signal}`)));
}

let claimed = false;
try {
  claimBase(base);
  claimed = true;
  await stopLeftovers(base, (text) => steps.print(text));
  const { broker, database, s3 } = await servers.start();
  await Promise.all([broker, database, s3]);
  const keep = setInterval(() => undefined, 60_000);
  const env = processEnvironment({}, servers.variables);
  const pids = Object.fromEntries(servers.processes.map(({ name, pid }) => [name, pid]));
  writePrivateJson(envFile, { ...env, pids: { supervisor: process.pid, ...pids } });
  steps.print(`The servers run; their URLs are in ${envFile}. Ctrl-C stops them.`);
  await new Promise((resolve) => stopped.signal.addEventListener('abort', resolve, { once: true }));
  clearInterval(keep);
} catch (error) {
  if (!stopped.signal.aborted) {
    steps.print(failureText(error));
    process.exitCode = 1;
    stopped.abort(error);
  }
} finally {
  if (claimed) {
    rmSync(envFile, { force: true });
    await servers.stop();
    releaseBase(base);
    steps.print('The servers are stopped.');
  }
}
