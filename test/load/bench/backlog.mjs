// What a backlog costs others: the same figures on an empty system and while tasks wait that nobody takes.
import { atRate, idleLatency, post } from './offload.mjs';
import { memoryMb } from './processes.mjs';

const BATCH = 1_000;
/** Of a type whose workers do not run here. */
const WAITING = {
  type: 'http.fetch',
  input: { url: 'http://127.0.0.1:9/' },
  lane: 'bulk',
  tags: ['backlog'],
};
const PER_SECOND = 200;
const LISTS = ['/v1/tasks', '/v1/tasks?state=queued', '/v1/tasks?type=http.fetch', '/v1/tasks?tag=backlog'];

/** Median milliseconds of a list's first page. */
async function listMs(url, path) {
  const times = [];
  for (let n = 0; n < 20; n++) {
    const began = performance.now();
    const response = await fetch(url + path);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`GET ${path}: ${response.status}`);
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[10];
}

async function measure({ url, pids, seconds, samples }) {
  const load = await atRate({ url, seconds, perSecond: PER_SECOND });
  const task = await idleLatency({ url, samples });
  const lists = [];
  for (const path of LISTS) lists.push(await listMs(url, path));
  return {
    postP99: load.p99,
    taskP50: task.p50,
    taskP99: task.p99,
    listMs: Math.max(...lists),
    webMb: memoryMb(pids['web.1']).now,
    clockMb: memoryMb(pids['clock.1']).now,
  };
}

/** @returns {Promise<{ empty: Record<string, number>, full: Record<string, number> }>} milliseconds and megabytes */
export async function backlog(context) {
  const { url, waiting } = context;
  const empty = await measure(context);
  for (let left = waiting; left > 0; left -= BATCH)
    await post(url, '/v1/batches', { tasks: Array(Math.min(BATCH, left)).fill(WAITING) });
  const full = await measure(context);
  for (let more = true; more;) ({ more } = await post(url, '/v1/tasks/cancel', { tag: 'backlog' }));
  return { empty, full };
}
