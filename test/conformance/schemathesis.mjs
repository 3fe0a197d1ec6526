// What the OpenAPI document says is what the API does, judged by another program: runs schemathesis, with all of its
// checks, against an API of its own. How to get it and what came of it: docs/api-conformance.md.
//   node test/conformance/schemathesis.mjs [more arguments for `schemathesis run`]       (after npm run build)
// Needs AMQP_URL, RABBITMQ_MANAGEMENT_URL and MONGODB_URI; SCHEMATHESIS is the program, if it is not on PATH.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownSystem } from './own-system.mjs';

const program = process.env.SCHEMATHESIS ?? 'schemathesis';
const config = fileURLToPath(new URL('schemathesis.toml', import.meta.url));
/** What it may cost; arguments given by hand come after them and win. */
const BOUNDS = ['--max-examples', '30', '--max-failures', '50'];

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());
/** Takes what it writes down for later runs. */
const folder = await mkdtemp(join(tmpdir(), 'offload-conformance-'));
const system = await ownSystem('conformance');
try {
  const key = await system.key('ann', 'admin');
  await system.addEntries('ann', key);
  const args = ['--config-file', config, 'run', `${system.url}/openapi.json`, '--no-color', ...BOUNDS];
  process.exitCode = await run([...args, ...process.argv.slice(2)], key);
} finally {
  const failures = system.log.filter((line) => line.includes('a request failed'));
  if (failures.length > 0) process.stderr.write(`The API's log:\n${failures.slice(0, 20).join('\n')}\n`);
  await system.stop();
  await rm(folder, { recursive: true });
}

/** @param {string[]} args @param {string} key @returns {Promise<number>} the exit code */
async function run(args, key) {
  const child = spawn(program, args, {
    cwd: folder,
    env: {
      ...process.env,
      OFFLOAD_KEY: key,
      PYTHONPATH: dirname(config),
      PYTHONDONTWRITEBYTECODE: '1',
      SCHEMATHESIS_HOOKS: 'schemathesis_hooks',
    },
    stdio: 'inherit',
    signal: stop.signal,
  });
  const failed = once(child, 'error').then(([error]) => {
    if (error.name !== 'AbortError')
      process.stderr.write(`${program} cannot be run: ${error.message}. See docs/api-conformance.md.\n`);
    return 1;
  });
  return Promise.race([once(child, 'exit').then(([code]) => code ?? 1), failed]);
}
