// What counting costs the way of a task: 2,000 tasks, 200 at once, are created, confirmed, claimed and finished in the store, by
// turns with and without statistics. Needs MONGODB_URI; works in a database of its own and removes it:
//   node test/load/statistics.mjs
import { systemEcho } from '@offload/contracts/system-echo';
import { finish } from '@offload/store/moves';
import { messageOf, newTask } from '@offload/store/new-task';
import { openStore } from '@offload/store/open-store';
import { createTaskStore } from '@offload/store/tasks';

const TASKS = 2_000;
const AT_ONCE = 200;
const ROUNDS = 4;

const log = { info: () => {}, warn: console.warn, error: console.error };
const uri = new URL(process.env.MONGODB_URI);
uri.pathname = `/load-statistics-${process.pid}`;
const store = openStore({ uri: uri.href, name: 'load', log });
await store.connection.ready();
const nothing = { accepted() {}, started() {}, retried() {}, ended() {} };
const ways = {
  with: { tasks: store.tasks, stats: store.stats },
  without: { tasks: createTaskStore(store.connection, nothing), stats: nothing },
};

async function wayOfOne({ tasks, stats }) {
  const now = tasks.now();
  const task = newTask(systemEcho, { message: '' }, { owner: 'load', lane: 'interactive', now });
  await tasks.create(task);
  await tasks.confirmed(messageOf(task));
  const { token } = await tasks.claim(messageOf(task), 'a worker', new Set());
  const lease = { id: task._id, token };
  await tasks.settle(finish({ ...lease, result: {}, keepMs: 3_600_000, now: tasks.now() }), lease);
  stats.ended(task, 'succeeded', 5);
}

async function run(way) {
  const began = performance.now();
  const before = process.cpuUsage();
  let left = TASKS;
  const one = async () => {
    while (left-- > 0) await wayOfOne(way);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  const { user, system } = process.cpuUsage(before);
  const perSecond = Math.round((TASKS / (performance.now() - began)) * 1_000);
  return `${perSecond} tasks/s, ${Math.round((user + system) / TASKS)} µs of this process a task`;
}

const flushing = setInterval(() => void store.stats.flush(), 5_000);
for (let round = 0; round < ROUNDS; round++)
  for (const name of round % 2 === 0 ? ['without', 'with'] : ['with', 'without'])
    console.log(name.padEnd(8), await run(ways[name]));
clearInterval(flushing);

const before = process.cpuUsage();
for (let n = 0; n < 100_000; n++)
  store.stats.ended({ type: 'system.echo', lane: 'bulk' }, 'succeeded', n % 500);
const { user, system } = process.cpuUsage(before);
console.log(`one count: ${((user + system) / 100_000).toFixed(2)} µs`);
await store.stats.flush();
await store.connection.mongo.dropDatabase();
await store.connection.close();
