// Express that adds a job to BullMQ for each request. PEERS is the folder with its packages.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import express from 'express';

const require = createRequire(join(process.env.PEERS, 'package.json'));
const { Queue } = require('bullmq');

const [name] = process.argv.slice(2);
const { hostname: host, port } = new URL(process.env.REDIS_URL);
const connection = { host, port: Number(port), maxRetriesPerRequest: null };
const queue = new Queue(name, { connection });

const app = express();
app.use(express.json());
app.post('/v1/tasks', async (request, response) => {
  const { type, input } = request.body;
  const { id } = await queue.add(type, input);
  response.status(202).location(`/v1/tasks/${id}`).json({ id, state: 'queued' });
});
const server = app.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.once('disconnect', () => process.exit());
