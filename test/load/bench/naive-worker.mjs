// The other half of the naive design: a findOneAndUpdate before the work, an updateOne after it, an ack for each.
import { randomUUID } from 'node:crypto';
import amqp from 'amqplib';
import mongoose from 'mongoose';

const [queue] = process.argv.slice(2);
const writeConcern = { w: 'majority', journal: true };
const mongo = await mongoose.createConnection(process.env.MONGODB_URI).asPromise();
const tasks = mongo.collection('naive');
const connection = await amqp.connect(process.env.AMQP_URL);
const channel = await connection.createChannel();
await channel.prefetch(200);

let done = 0;
await channel.consume(queue, async (message) => {
  const _id = message.content.toString();
  const lease = { token: randomUUID(), worker: 'naive' };
  const task = await tasks.findOneAndUpdate(
    { _id, state: 'scheduled' },
    { $set: { state: 'running', lease }, $inc: { attempt: 1 } },
    { writeConcern },
  );
  await tasks.updateOne(
    { _id, state: 'running', 'lease.token': lease.token },
    { $set: { state: 'succeeded', result: task.input, endedAt: new Date() } },
    { writeConcern },
  );
  channel.ack(message);
  done += 1;
});
// Not for each: the measurement must not be what is measured.
setInterval(() => process.connected && process.send({ done }), 20);
process.once('disconnect', () => process.exit());
