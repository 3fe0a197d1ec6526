// The design that one would write first: an insert and a confirmed publish for each request.
import { randomUUID } from 'node:crypto';
import amqp from 'amqplib';
import express from 'express';
import mongoose from 'mongoose';
import { bareTask } from './bare-parts.mjs';

const [queue] = process.argv.slice(2);
const mongo = await mongoose.createConnection(process.env.MONGODB_URI).asPromise();
const tasks = mongo.collection('naive');
const connection = await amqp.connect(process.env.AMQP_URL);
const channel = await connection.createConfirmChannel();

const publish = (id) =>
  new Promise((resolve, reject) => {
    const options = { persistent: true, mandatory: true, messageId: id };
    channel.sendToQueue(queue, Buffer.from(id), options, (error) => (error ? reject(error) : resolve()));
  });

const app = express();
app.use(express.json());
app.post('/v1/tasks', async (request, response) => {
  const { type, input } = request.body;
  const task = { ...bareTask(0), _id: randomUUID(), type, input };
  await tasks.insertOne(task, { writeConcern: { w: 'majority', journal: true } });
  await publish(task._id);
  response.status(202).location(`/v1/tasks/${task._id}`).json({ id: task._id, state: 'queued' });
});
const server = app.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.once('disconnect', () => process.exit());
