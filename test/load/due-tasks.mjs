// How long the relay's readings take with 100,000 tasks waiting for later, and whether an index serves them.
// Needs MONGODB_URI; works in a database of its own and removes it:  node test/load/due-tasks.mjs [tasks]
import { systemEcho } from '@offload/contracts/system-echo';
import { takeDueTasks } from '@offload/store/due-tasks';
import { sweepIdempotencyKeys } from '@offload/store/idempotency';
import { newTask } from '@offload/store/new-task';
import { countOpenTasks } from '@offload/store/open-tasks';
import { openStore } from '@offload/store/open-store';
import { failOverdueTasks } from '@offload/store/overdue-tasks';

const COUNT = Number(process.argv[2] ?? 100_000);
const DUE = 1_000;
const ROUNDS = 50;
const DAY = 24 * 3_600_000;

const uri = new URL(process.env.MONGODB_URI);
uri.pathname = `/load-due-tasks-${process.pid}`;
const store = openStore({ uri: uri.href, name: 'load', log: { info() {}, warn: console.warn } });
const { connection } = store;
await connection.ready();
const tasks = connection.mongo.collection('tasks');

const now = () => connection.clock.now().getTime();
const make = (runAt, extra) =>
  newTask(systemEcho, systemEcho.input.parse({}), {
    owner: 'load',
    lane: 'bulk',
    now: new Date(now()),
    runAt: new Date(runAt),
    extra,
  });

async function insert(count, runAt, extra = () => ({})) {
  for (let done = 0; done < count; done += 1_000)
    await tasks.insertMany(
      Array.from({ length: Math.min(1_000, count - done) }, (_, n) => make(runAt(done + n), extra(done + n))),
    );
}

async function measure(what, work) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.floor(share * (times.length - 1))].toFixed(1);
  console.log(`${what}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
}

try {
  let began = performance.now();
  const time = now();
  // Each waits for a time of its own within a year; half of them have a deadline and a key, too.
  await insert(
    COUNT,
    (n) => time + DAY + (n * 364 * DAY) / COUNT,
    (n) =>
      n % 2 === 0
        ? {}
        : {
            expiresAt: new Date(time + 400 * DAY),
            idempotencyKey: `load-${n}`,
            idempotencyUntil: new Date(time + DAY),
            bodyHash: 'x',
          },
  );
  console.log(`${COUNT} waiting tasks inserted in ${((performance.now() - began) / 1_000).toFixed(1)} s`);

  await measure('relay, nothing due', () => takeDueTasks(connection, DUE, (task) => task.queue));
  await measure('overdue sweep, nothing due', () => failOverdueTasks(connection, store.dependencies, 500));
  await measure('idempotency sweep, nothing due', () => sweepIdempotencyKeys(connection, 500));
  await measure('one key looked up', () =>
    tasks.findOne({ owner: 'load', idempotencyKey: { $eq: `load-${COUNT / 2 + 1}`, $exists: true } }),
  );
  began = performance.now();
  const open = await countOpenTasks(connection, 'load', 1_000_000);
  console.log(`count of ${open} open tasks for the quota: ${(performance.now() - began).toFixed(0)} ms`);

  await insert(DUE, (n) => now() - n);
  began = performance.now();
  const taken = await takeDueTasks(connection, DUE, (task) => task.queue);
  console.log(`relay takes ${taken.length} due among ${COUNT}: ${(performance.now() - began).toFixed(0)} ms`);

  const plan = await tasks
    .find({ state: 'scheduled', lane: 'bulk', dueAt: { $lte: new Date() } })
    .sort({ dueAt: 1 })
    .limit(DUE)
    .explain();
  // MongoDB says indexName, the local default "Index Name".
  const index = /"(?:Index Name|indexName)":"([^"]+)"/.exec(JSON.stringify(plan))?.[1];
  console.log(`the relay's query goes by the index ${index}`);
  if (index !== 'lane_1_dueAt_1') process.exitCode = 1;
} finally {
  await connection.mongo.dropDatabase();
  await connection.close();
}
