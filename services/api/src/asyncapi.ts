import { createSchema } from 'zod-openapi';
import { DEAD_QUEUE, DEAD_QUEUE_ARGUMENTS, EXCHANGES, TASK_QUEUE_ARGUMENTS } from '@offload/broker/topology';
import type { TaskContract } from '@offload/contracts/define-task';
import { contracts } from '@offload/contracts/registry';
import { lanes, queueName, taskStates } from '@offload/contracts/task';
import { schemaName } from './openapi-tasks.js';

type Json = Record<string, unknown>;

const ref = (path: string): Json => ({ $ref: `#/${path}` });

const exchangeBinding = ({ name, type }: { name: string; type: string }): Json => ({
  amqp: {
    is: 'routingKey',
    exchange: { name, type, durable: true, autoDelete: false },
    bindingVersion: '0.3.0',
  },
});

const queueBinding = (name: string): Json => ({
  amqp: {
    is: 'queue',
    queue: { name, durable: true, exclusive: false, autoDelete: false },
    bindingVersion: '0.3.0',
  },
});

const channelName = (queue: string): string => queue.replaceAll(/[^A-Za-z0-9]+/g, '_');

const headers = {
  type: 'object',
  properties: {
    'x-seq': { type: 'integer', description: 'Names the publication; a worker claims with it' },
    'x-version': { type: 'integer', description: "The contract's version" },
    'x-owner': { type: 'string' },
    traceparent: { type: 'string', description: 'W3C Trace Context' },
  },
  required: ['x-seq', 'x-version', 'x-owner'],
};

/** A task's message: the input as JSON, everything else in AMQP's own properties. */
function messageOf(contract: TaskContract, payload: object): Json {
  return {
    name: contract.type,
    title: contract.type,
    summary: contract.summary,
    contentType: 'application/json',
    correlationId: {
      description: "The task's id, in AMQP's correlation-id",
      location: '$message.header#/correlationId',
    },
    headers,
    payload,
    bindings: { amqp: { messageType: contract.type, bindingVersion: '0.3.0' } },
    examples: [{ payload: contract.input.parse(contract.example) }],
  };
}

const UUID: Json = { type: 'string', format: 'uuid' };
const TIME: Json = { type: 'string', format: 'date-time' };

/** JSON Schema of an object with these members, and perhaps those. */
const record = (members: Record<string, Json>, optional: Record<string, Json> = {}): Json => ({
  type: 'object',
  properties: { ...members, ...optional },
  required: Object.keys(members),
});

function eventMessage(): Json {
  return {
    name: 'task.event',
    title: 'A task changed',
    summary: 'A hint: whoever needs the truth reads the task.',
    contentType: 'application/json',
    payload: record(
      {
        task: UUID,
        type: { type: 'string' },
        owner: { type: 'string' },
        state: { enum: taskStates },
        attempt: { type: 'integer' },
        at: TIME,
      },
      { progress: { type: 'object' } },
    ),
  };
}

function batchEventMessage(): Json {
  return {
    name: 'batch.event',
    title: 'The last task of a batch has ended',
    summary: 'A hint, told at most once: whoever needs the truth reads the batch.',
    contentType: 'application/json',
    payload: record({
      batch: UUID,
      owner: { type: 'string' },
      state: { const: 'completed' },
      total: { type: 'integer', description: 'Tasks that were accepted' },
      at: TIME,
    }),
  };
}

const queuesOfContract = (contract: TaskContract) =>
  lanes.map((lane) => ({ lane, queue: queueName(contract.queue, lane) }));

function taskChannels(): Json {
  return Object.fromEntries(
    contracts.flatMap((contract) =>
      queuesOfContract(contract).map(({ lane, queue }) => [
        channelName(queue),
        {
          address: queue,
          title: `${contract.type}, lane ${lane}`,
          description: `Bound to the exchange ${EXCHANGES.tasks.name} by its own name.`,
          messages: { [schemaName(contract.type)]: ref(`components/messages/${schemaName(contract.type)}`) },
          bindings: queueBinding(queue),
          'x-queue-arguments': TASK_QUEUE_ARGUMENTS,
        },
      ]),
    ),
  );
}

function systemChannels(): Json {
  return {
    tasks_dead: {
      address: DEAD_QUEUE,
      title: "The clock's inbox",
      description:
        'Messages that the broker gave up on, and ones that nobody can read (header x-code says why).',
      messages: Object.fromEntries(
        contracts.map(({ type }) => [schemaName(type), ref(`components/messages/${schemaName(type)}`)]),
      ),
      bindings: queueBinding(DEAD_QUEUE),
      'x-queue-arguments': DEAD_QUEUE_ARGUMENTS,
    },
    tasks_events: {
      address: '{type}.{state}',
      title: 'What happens to tasks',
      parameters: {
        type: { description: 'Task type', enum: contracts.map(({ type }) => type) },
        state: { description: 'The state that it is in now', enum: taskStates },
      },
      messages: { TaskEvent: ref('components/messages/TaskEvent') },
      bindings: exchangeBinding(EXCHANGES.events),
    },
    batch_events: {
      address: 'batch.completed',
      title: 'What happens to batches',
      messages: { BatchEvent: ref('components/messages/BatchEvent') },
      bindings: exchangeBinding(EXCHANGES.events),
    },
  };
}

function operations(): Json {
  const ofTasks = contracts.flatMap((contract) =>
    queuesOfContract(contract).map(({ queue }): [string, Json] => [
      `work_${channelName(queue)}`,
      {
        action: 'receive',
        channel: ref(`channels/${channelName(queue)}`),
        summary: `${contract.summary} At least once; acked after the outcome is stored.`,
        bindings: { amqp: { ack: true, bindingVersion: '0.3.0' } },
      },
    ]),
  );
  return {
    ...Object.fromEntries(ofTasks),
    settle_dead: {
      action: 'receive',
      channel: ref('channels/tasks_dead'),
      summary: 'The clock settles each.',
    },
    tell_events: {
      action: 'send',
      channel: ref('channels/tasks_events'),
      summary: 'Workers tell what changed.',
    },
    tell_batch_events: {
      action: 'send',
      channel: ref('channels/batch_events'),
      summary: 'Whoever completes a batch tells it.',
    },
  };
}

/** The AsyncAPI 3 document: exchanges, queues and messages, made from the contracts and the topology. */
export function asyncApiDocument(): Json {
  const schemas: Json = {};
  const messages: Json = { TaskEvent: eventMessage(), BatchEvent: batchEventMessage() };
  for (const contract of contracts) {
    const { schema, components } = createSchema(contract.input, { io: 'output' });
    Object.assign(schemas, components, { [`${schemaName(contract.type)}Input`]: schema });
    messages[schemaName(contract.type)] = messageOf(
      contract,
      ref(`components/schemas/${schemaName(contract.type)}Input`),
    );
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Offload: exchanges, queues and messages',
      version: '1.0.0',
      description:
        'For operators and for authors of workers in other languages. Applications use the HTTP API: ' +
        'a message without a stored task is not worked on.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: { ...taskChannels(), ...systemChannels() },
    operations: operations(),
    components: { messages, schemas },
  };
}
