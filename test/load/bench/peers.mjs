// What teams would use instead, under the same load on the same machine: Express + BullMQ + Redis, and Celery with
// RabbitMQ and results in Redis. Installed into the cache folder at the first time: Redis from Debian's packages, the others
// from npm and PyPI. Redis syncs its append-only file each second, as is usual; Offload has every task on disk before its 202.
import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { downloadPackages, unpackPackages } from '../../../infra/local/debian-packages.mjs';
import { cacheFolder } from '../../../infra/local/folders.mjs';
import { thisPlatform } from '../../../infra/local/platform.mjs';
import { runCommand } from '../../../infra/local/run-command.mjs';
import { underLoad } from './naive.mjs';

const FOLDER = join(cacheFolder(), 'bench-peers');
const NPM = ['bullmq@6.7.0', 'ioredis@6.0.0'];
const PYPI = ['celery[redis]==5.5.3'];
const here = (file) => fileURLToPath(new URL(file, import.meta.url));

async function install() {
  mkdirSync(FOLDER, { recursive: true });
  const options = { signal: new AbortController().signal, logFile: join(FOLDER, 'install.log') };
  const { codename, triplet } = thisPlatform();
  const redis = join(FOLDER, 'redis');
  if (!existsSync(redis)) {
    const context = { ...options, note: () => undefined };
    const wanted = { suite: codename, packages: ['redis-server'] };
    await unpackPackages(await downloadPackages(join(FOLDER, 'apt'), wanted, context), redis, context);
  }
  if (!existsSync(join(FOLDER, 'node_modules')))
    await runCommand(
      'npm',
      ['install', '--prefix', FOLDER, '--ignore-scripts', '--no-audit', ...NPM],
      options,
    );
  const python = join(FOLDER, 'venv/bin/python');
  if (!existsSync(python)) {
    await runCommand('python3', ['-m', 'venv', join(FOLDER, 'venv')], options);
    await runCommand(python, ['-m', 'pip', 'install', '--quiet', ...PYPI], options);
  }
  return { program: join(redis, 'usr/bin/redis-server'), libraries: join(redis, 'usr/lib', triplet), python };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function startRedis({ program, libraries }) {
  const folder = mkdtempSync(join(tmpdir(), 'offload-bench-redis-'));
  const port = await freePort();
  const settings = [
    '--port',
    port,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--save',
    '',
  ];
  const child = spawn(program, settings.map(String), {
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const chunk of child.stdout) if (String(chunk).includes('Ready to accept')) break;
  child.stdout.resume();
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

/** Tasks of an empty function, sent one by one from one process and collected; done a second. */
async function celery(redis, python, amqpUrl, count) {
  const env = {
    ...process.env,
    BROKER_URL: amqpUrl,
    RESULT_URL: redis.url,
    PYTHONPATH: here('.'),
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const args = ['-m', 'celery', '-A', 'celery_noop', 'worker', '--concurrency', '2', '--loglevel', 'WARNING'];
  const worker = spawn(python, args, { env, stdio: 'ignore' });
  try {
    await sleep(5_000);
    const sender = spawn(python, [here('celery_noop.py'), String(count)], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    sender.stdout.on('data', (chunk) => (printed += chunk));
    const [code] = await once(sender, 'close');
    if (code !== 0) throw new Error(`Celery's sender ended with ${code}.`);
    return { done: Number(printed) };
  } finally {
    worker.kill('SIGTERM');
    await once(worker, 'exit');
  }
}

export async function peers({ env, seconds, count }) {
  const { python, ...programs } = await install();
  const redis = await startRedis(programs);
  try {
    const files = ['bullmq-server.mjs', 'bullmq-worker.mjs'];
    const bullmqEnv = { REDIS_URL: redis.url, PEERS: FOLDER };
    const bullmq = await underLoad(files, { queue: `bench-${randomUUID()}`, env: bullmqEnv, seconds });
    return { bullmq, celery: await celery(redis, python, env.AMQP_URL, count / 2) };
  } finally {
    await redis.stop();
  }
}
