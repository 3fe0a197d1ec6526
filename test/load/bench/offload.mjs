// Offload as its users meet it: HTTP in, event stream out.
import { setTimeout as sleep } from 'node:timers/promises';
import { hammer, NO_OP } from './hammer.mjs';
import { cpuSeconds } from './processes.mjs';
import { watchEnds } from './ends.mjs';

const BATCH = 500;
const BATCHES_AT_ONCE = 4;

export async function post(url, path, body) {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** What each process has used meanwhile, in CPU seconds for 10,000 tasks. */
async function costing(pids, count, work) {
  const before = cpuSeconds(pids);
  await work();
  const after = cpuSeconds(pids);
  const tasks = count();
  return Object.fromEntries(
    Object.keys(pids).map((name) => [name, ((after[name] - before[name]) * 10_000) / tasks]),
  );
}

/** POST one by one from 64 connections, flat out; until the last has ended. */
export async function oneByOne({ url, pids, seconds }) {
  const ends = await watchEnds(url);
  try {
    let load;
    const began = performance.now();
    const cpu = await costing(
      pids,
      () => load.accepted,
      async () => {
        load = await hammer(url, { seconds });
        await ends.count(load.accepted);
      },
    );
    const done = (load.accepted * 1_000) / (performance.now() - began);
    return { accepted: load.perSecond, p50: load.p50, p99: load.p99, done, cpu };
  } finally {
    ends.close();
  }
}

/** The same at a rate: p50 and p99 of POST in milliseconds. */
export async function atRate({ url, seconds, perSecond }) {
  const ends = await watchEnds(url);
  try {
    const load = await hammer(url, { seconds, perSecond });
    await ends.count(load.accepted);
    return { perSecond: load.perSecond, p50: load.p50, p99: load.p99 };
  } finally {
    ends.close();
  }
}

/** Batches of 500, four at once; until the last task has ended. */
export async function inBatches({ url, pids, count }) {
  const ends = await watchEnds(url);
  try {
    const began = performance.now();
    let left = Math.ceil(count / BATCH);
    const total = left * BATCH;
    let acceptedMs = 0;
    const submit = async () => {
      while (left-- > 0) await post(url, '/v1/batches', { tasks: Array(BATCH).fill(NO_OP) });
    };
    const cpu = await costing(
      pids,
      () => total,
      async () => {
        await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, submit));
        acceptedMs = performance.now() - began;
        await ends.count(total);
      },
    );
    const seconds = (performance.now() - began) / 1_000;
    return { accepted: (total * 1_000) / acceptedMs, done: total / seconds, cpu };
  } finally {
    ends.close();
  }
}

/** One task after the other on an idle system: milliseconds from POST until the event stream tells its end. */
export async function idleLatency({ url, samples }) {
  const ends = await watchEnds(url);
  try {
    const times = [];
    for (let n = 0; n < samples; n++) {
      const began = performance.now();
      const { id } = await post(url, '/v1/tasks', NO_OP);
      await ends.seen(id);
      times.push(performance.now() - began);
      await sleep(20);
    }
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.min(samples - 1, Math.floor(samples * share))];
    return { p50: at(0.5), p99: at(0.99) };
  } finally {
    ends.close();
  }
}
