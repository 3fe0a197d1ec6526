// Memory of a feed-fetcher that waits for origins which never answer.
// Needs MONGODB_URI (works in a database of its own and removes it) and AMQP_URL (with a vhost that nothing else uses):
//   node test/load/hanging-origins.mjs [origins]
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { feedFetch } from '@offload/contracts/feed-fetch';
import { newTask } from '@offload/store/new-task';
import { openStore } from '@offload/store/open-store';

const ORIGINS = Number(process.argv[2] ?? 500);
const uri = new URL(process.env.MONGODB_URI);
uri.pathname = `/load-hanging-${process.pid}`;
uri.searchParams.set('authSource', 'admin');
const env = {
  ...process.env,
  MONGODB_URI: uri.href,
  NODE_ENV: 'test',
  OUTBOUND_ALLOW: 'loopback',
  LOG_LEVEL: 'error',
};
delete env.NODE_OPTIONS;

let open = 0;
// Some addresses, since connections to one are limited.
const origins = await Promise.all(
  Array.from({ length: 10 }, async () => {
    const origin = createServer(() => {}).on('connection', (socket) => {
      open += 1;
      socket.on('close', () => (open -= 1)).on('error', () => {});
    });
    await new Promise((resolve) => origin.listen(0, '127.0.0.1', resolve));
    return origin;
  }),
);

const store = openStore({
  uri: uri.href,
  name: 'load',
  log: { info() {}, warn: console.warn, error: console.error },
});
await store.connection.ready();
const processes = ['clock', 'feed-fetcher'].map((name) =>
  spawn(process.execPath, [`services/${name}/dist/main.js`], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  }),
);
const [, fetcher] = processes;
const memory = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${fetcher.pid}/status`, 'utf8'))[1]) / 1024;
const most = async (seconds) => {
  let peak = 0;
  for (let n = 0; n < seconds * 4; n++) {
    peak = Math.max(peak, memory());
    await sleep(250);
  }
  return peak.toFixed(0);
};
const until = async (what, holds) => {
  for (let n = 0; n < 240; n++) {
    if (await holds()) return;
    await sleep(250);
  }
  throw new Error(`waited in vain for ${what}; ${open} connections`);
};

try {
  await sleep(5_000);
  console.log(`idle: ${await most(5)} MB`);
  const now = store.tasks.now();
  const task = (n) =>
    newTask(
      feedFetch,
      { url: `http://127.0.0.1:${origins[n % origins.length].address().port}/${n}` },
      { owner: 'load', lane: 'interactive', now, runAt: now },
    );
  await Promise.all(Array.from({ length: ORIGINS }, (_, n) => store.tasks.create(task(n))));
  await until(`${ORIGINS} origins to hang`, () => open >= ORIGINS);
  console.log(`${open} origins hang: ${await most(10)} MB`);
} finally {
  for (const each of processes) each.kill('SIGTERM');
  await Promise.all(processes.map((each) => new Promise((resolve) => each.once('exit', resolve))));
  for (const origin of origins) {
    origin.closeAllConnections();
    origin.close();
  }
  await store.connection.mongo.dropDatabase();
  await store.connection.close();
}
