// Measures the naive design under the same load, on the same servers: its API and its worker are processes, too.
import { randomUUID } from 'node:crypto';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import amqp from 'amqplib';
import mongoose from 'mongoose';
import { hammer } from './hammer.mjs';

const start = (file, queue, env) => {
  const child = fork(new URL(file, import.meta.url), [queue], { env: { ...process.env, ...env } });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended with ${code}.`);
  });
  failed.catch(() => undefined); // seen below while somebody waits for its first message
  return { child, first: Promise.race([once(child, 'message').then(([message]) => message), failed]) };
};

/**
 * Another design under load: its API sends its port when it is ready, its worker now and then how many are done.
 * @param {[api: string, worker: string]} files
 * @returns {Promise<Record<string, number>>} accepted and done a second, p50 and p99 of POST in milliseconds
 */
export async function underLoad([api, work], { queue, env, seconds }) {
  const server = start(api, queue, env);
  const worker = start(work, queue, env);
  let done = 0;
  worker.child.on('message', (message) => (done = message.done));
  try {
    const [port] = await Promise.all([server.first, worker.first]);
    const began = performance.now();
    const { perSecond, accepted, p50, p99 } = await hammer(`http://127.0.0.1:${port}`, { seconds });
    while (done < accepted) await once(worker.child, 'message');
    return { accepted: perSecond, done: (done * 1_000) / (performance.now() - began), p50, p99 };
  } finally {
    for (const { child } of [server, worker]) child.disconnect();
  }
}

export async function naive({ env, seconds }) {
  const queue = `naive-${randomUUID()}`;
  const connection = await amqp.connect(env.AMQP_URL);
  const channel = await connection.createChannel();
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  try {
    return await underLoad(['naive-server.mjs', 'naive-worker.mjs'], { queue, env, seconds });
  } finally {
    await channel.deleteQueue(queue);
    await connection.close();
    const mongo = await mongoose.createConnection(env.MONGODB_URI).asPromise();
    await mongo.collection('naive').drop();
    await mongo.close();
  }
}
