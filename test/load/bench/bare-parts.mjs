// The parts that every task passes, each alone and one after the other: what the broker, the database and Express give
// when nothing of Offload is there. The harmonic sum of the first six is the most that a design without overlap reaches.
import { randomUUID } from 'node:crypto';
import amqp from 'amqplib';
import express from 'express';
import mongoose from 'mongoose';
import { hammer } from './hammer.mjs';

const GROUP = 500;
const WRITE_CONCERN = { writeConcern: { w: 'majority', journal: true } };

/** A task's document, about as large as ours of the same task. */
export const bareTask = (n) => ({
  _id: randomUUID(),
  n,
  owner: 'bench',
  type: 'system.echo',
  lane: 'interactive',
  input: { message: `hello ${n}`, delayMs: 0 },
  state: 'scheduled',
  seq: 0,
  attempt: 0,
  attemptLimit: 5,
  createdAt: new Date(),
  changedAt: new Date(),
  dueAt: new Date(),
  tags: [],
  waitsFor: [],
});

const groupsOf = (items) =>
  Array.from({ length: Math.ceil(items.length / GROUP) }, (_, n) => items.slice(n * GROUP, (n + 1) * GROUP));

/** @returns {Promise<number>} items a second */
async function rate(count, work) {
  const began = performance.now();
  await work();
  return (count * 1_000) / (performance.now() - began);
}

async function database(uri, count) {
  const connection = await mongoose.createConnection(uri).asPromise();
  const tasks = connection.collection('bare');
  const docs = Array.from({ length: count }, (_, n) => bareTask(n));
  const groups = groupsOf(docs);
  const ids = groups.map((group) => group.map(({ _id }) => _id).sort());
  try {
    const insert = await rate(count, async () => {
      for (const group of groups) await tasks.insertMany(group, { ordered: false, ...WRITE_CONCERN });
    });
    const confirm = await rate(count, async () => {
      for (const some of ids)
        await tasks.updateMany(
          { _id: { $in: some }, state: 'scheduled', seq: 0 },
          { $set: { state: 'queued', queuedAt: new Date() } },
          WRITE_CONCERN,
        );
    });
    const claim = await rate(count, async () => {
      for (const some of ids) {
        const lease = { token: randomUUID(), worker: 'bench', beat: 0 };
        await tasks.updateMany(
          { _id: { $in: some }, state: 'queued', seq: 0 },
          { $set: { state: 'running', lease }, $inc: { attempt: 1 } },
          WRITE_CONCERN,
        );
        await tasks.find({ _id: { $in: some } }).toArray();
      }
    });
    const finish = await rate(count, async () => {
      for (const some of ids)
        await tasks.bulkWrite(
          some.map((_id) => ({
            updateOne: {
              filter: { _id, state: 'running' },
              update: { $set: { state: 'succeeded', result: { message: _id }, endedAt: new Date() } },
            },
          })),
          { ordered: false, ...WRITE_CONCERN },
        );
    });
    return { insert, confirm, claim, finish };
  } finally {
    await tasks.drop();
    await connection.close();
  }
}

async function broker(url, count) {
  const connection = await amqp.connect(url);
  const queue = `bare-${randomUUID()}`;
  const body = Buffer.from(JSON.stringify({ task: randomUUID(), seq: 0, version: 1 }));
  try {
    const sending = await connection.createConfirmChannel();
    await sending.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    const publish = await rate(count, async () => {
      for (let n = 0; n < count; n++) {
        const options = { persistent: true, mandatory: true, messageId: String(n), type: 'system.echo' };
        if (!sending.sendToQueue(queue, body, options))
          await new Promise((done) => sending.once('drain', done));
      }
      await sending.waitForConfirms();
    });
    const receiving = await connection.createChannel();
    await receiving.prefetch(200);
    const consume = await rate(count, async () => {
      let seen = 0;
      await new Promise((resolve, reject) => {
        receiving
          .consume(queue, (message) => {
            seen += 1;
            if (seen % 100 === 0 || seen === count) receiving.ack(message, true);
            if (seen === count) resolve();
          })
          .catch(reject);
      });
    });
    await receiving.deleteQueue(queue);
    return { publish, consume };
  } finally {
    await connection.close();
  }
}

/** Express that parses a task and answers 202, with nothing behind it. */
async function bareExpress(seconds) {
  const app = express();
  app.use(express.json());
  app.post('/v1/tasks', (request, response) => {
    response.status(202).json({ ...request.body, id: randomUUID() });
  });
  const server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  try {
    return await hammer(`http://127.0.0.1:${server.address().port}`, { seconds });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** @returns {Promise<Record<string, number>>} items a second of each part, and their harmonic sum */
export async function bareParts({ env, count, seconds }) {
  const parts = { ...(await broker(env.AMQP_URL, count)), ...(await database(env.MONGODB_URI, count)) };
  const sum = 1 / Object.values(parts).reduce((total, each) => total + 1 / each, 0);
  const answered = await bareExpress(seconds);
  return { ...parts, sum, express: answered.perSecond };
}
