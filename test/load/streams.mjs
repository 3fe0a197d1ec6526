// Memory and delay of one API process with many open event streams, and how it ends them.
// Needs MONGODB_URI (works in a database of its own and removes it) and AMQP_URL (with a vhost that nothing else uses):
//   node test/load/streams.mjs [streams] [seconds]
// One stream in fifty is of all tasks, the others of one task each; two file descriptors a stream, see ulimit -n.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '@offload/store/open-store';

const STREAMS = Number(process.argv[2] ?? 5_000);
const SECONDS = Number(process.argv[3] ?? 120);
const TASKS = 500;
const PORT = 20_000 + (process.pid % 10_000);
const API = `http://127.0.0.1:${PORT}`;
const uri = new URL(process.env.MONGODB_URI);
uri.pathname = `/load-streams-${process.pid}`;
uri.searchParams.set('authSource', 'admin');
const env = {
  ...process.env,
  MONGODB_URI: uri.href,
  NODE_ENV: 'test',
  PORT: String(PORT),
  HOST: '127.0.0.1',
  LOG_LEVEL: 'warn',
  MAX_STREAMS: String(STREAMS),
  MAX_STREAMS_PER_KEY: String(STREAMS),
  MAX_CONNECTIONS: String(2 * STREAMS + 100),
  SHED_LOOP_MS: '0',
  SHED_STORE_MS: '0',
  WATCHDOG_MS: '120000',
};
delete env.NODE_OPTIONS;

const api = spawn(process.execPath, ['services/api/dist/main.js'], {
  env,
  stdio: ['ignore', 'inherit', 'inherit'],
});
const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${api.pid}/status`, 'utf8'))[1]) / 1024;
const until = async (what, holds, seconds = 120) => {
  for (let n = 0; n < seconds * 10; n++) {
    if (await holds()) return;
    await sleep(100);
  }
  throw new Error(`waited in vain for ${what}`);
};
const post = async (path, body) => {
  const answer = await fetch(API + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};
const later = { type: 'system.echo', input: {}, delayMs: 24 * 3_600_000 };

/** Streams by what became of them, and when the events of new tasks came. */
const seen = { answered: 0, ended: 0, refused: 0, bytes: 0, beats: 0 };
const delays = [];
const posted = new Map();

/** Opens a stream, and again where it is refused, as clients do. */
function watch(path, onText = () => {}) {
  const held = { destroy: () => held.socket.destroy() };
  const connect = () => {
    const socket = net.connect(PORT, '127.0.0.1');
    held.socket = socket;
    let first = true;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      seen.bytes += chunk.length;
      if (first && !text.startsWith('HTTP/1.1 200')) {
        seen.refused += 1;
        socket.destroy();
        setTimeout(connect, 1_000);
        return;
      }
      if (first) seen.answered += 1;
      first = false;
      if (text.includes('\n:\n')) seen.beats += 1;
      // The last chunk of chunked transfer coding.
      if (text.endsWith('0\r\n\r\n')) seen.ended += 1;
      onText(text);
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`);
  };
  connect();
  return held;
}
const noteDelays = (text) => {
  for (const [, id] of text.matchAll(/"id":"([0-9a-f-]{36})"/g)) {
    const at = posted.get(id);
    if (at === undefined) continue;
    delays.push(performance.now() - at);
    posted.delete(id);
  }
};
const percentile = (share) =>
  delays.toSorted((a, b) => a - b)[Math.floor(share * (delays.length - 1))]?.toFixed(0);

try {
  await until('the API', () =>
    fetch(`${API}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  await sleep(3_000);
  console.log(`idle: ${memory().toFixed(0)} MB`);
  const { tasks } = await post('/v1/batches', { tasks: Array.from({ length: TASKS }, () => later) });
  const sockets = [];
  let began = performance.now();
  for (let n = 0; n < STREAMS; n++) {
    // What a busy machine answers in time.
    if (seen.answered <= n - 100) await until('streams to open', () => seen.answered > n - 100, 300);
    const path = n % 50 === 0 ? '/v1/events' : `/v1/tasks/${tasks[n % TASKS].id}/events`;
    sockets.push(watch(path, n === 0 ? noteDelays : undefined));
  }
  await until('all streams to open', () => seen.answered === STREAMS);
  console.log(
    `${seen.answered} open, ${seen.refused} were refused at first, in ${((performance.now() - began) / 1_000).toFixed(1)} s`,
  );
  const samples = [];
  for (began = performance.now(); performance.now() - began < SECONDS * 1_000;) {
    const asked = performance.now();
    const { id } = await post('/v1/tasks', later);
    posted.set(id, asked);
    samples.push(memory());
    await sleep(1_000);
  }
  const part = (from, to) => Math.max(...samples.slice(from, to)).toFixed(0);
  const third = Math.floor(samples.length / 3);
  console.log(
    `highest RSS in the thirds of ${SECONDS} s: ${part(0, third)}, ${part(third, 2 * third)}, ${part(2 * third)} MB`,
  );
  console.log(
    `from POST to event: p50 ${percentile(0.5)} ms, p95 ${percentile(0.95)} ms (${delays.length} of ${samples.length})`,
  );
  console.log(
    `heartbeats: ${(seen.beats / seen.answered).toFixed(1)} a stream; ${(seen.bytes / 1024 ** 2).toFixed(1)} MB sent`,
  );
  const ofTasks = sockets.filter((_, n) => n % 50 !== 0).length;
  seen.ended = 0;
  began = performance.now();
  await post('/v1/tasks/cancel', { type: 'system.echo', state: 'scheduled' });
  await until('the streams of cancelled tasks to end', () => seen.ended >= ofTasks);
  console.log(
    `${seen.ended} ended with their tasks in ${((performance.now() - began) / 1_000).toFixed(1)} s`,
  );
  sockets.forEach((socket) => socket.destroy());
  await sleep(5_000);
  console.log(
    `closed: ${memory().toFixed(0)} MB; load average ${readFileSync('/proc/loadavg', 'utf8').slice(0, 14)}`,
  );
} finally {
  api.kill('SIGTERM');
  const store = openStore({
    uri: uri.href,
    name: 'load',
    log: { info() {}, warn: console.warn, error: console.error },
  });
  await store.connection.ready();
  await store.connection.mongo.dropDatabase();
  await store.connection.close();
}
