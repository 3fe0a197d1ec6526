// A BullMQ worker whose jobs do nothing. PEERS is the folder with its packages.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.env.PEERS, 'package.json'));
const { Worker } = require('bullmq');

const [name] = process.argv.slice(2);
const { hostname: host, port } = new URL(process.env.REDIS_URL);
const connection = { host, port: Number(port), maxRetriesPerRequest: null };
let done = 0;
const worker = new Worker(name, async ({ data }) => data, { connection, concurrency: 100 });
worker.on('completed', () => (done += 1));
await worker.waitUntilReady();
setInterval(() => process.connected && process.send({ done }), 20);
process.once('disconnect', () => process.exit());
