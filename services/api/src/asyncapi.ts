import { createSchema } from 'zod-openapi';
import { DEAD_QUEUE, DEAD_QUEUE_ARGUMENTS, EXCHANGES, TASK_QUEUE_ARGUMENTS } from '@offload/broker/topology';
import type { TaskContract } from '@offload/contracts/define-task';
import { queuesOf } from '@offload/contracts/queues';
import { contracts } from '@offload/contracts/registry';
import { lanes, queueName, taskStates, type Lane } from '@offload/contracts/task';
import { systemMessages, taskMessage, type Json } from './asyncapi-messages.js';
import { schemaName } from './openapi-tasks.js';

const ref = (path: string): Json => ({ $ref: `#/${path}` });

const messageRef = (name: string): Json => ref(`components/messages/${name}`);

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

const queueNames = contracts.flatMap(queuesOf);

const everyTask: Json = Object.fromEntries(
  contracts.map(({ type }) => [schemaName(type), messageRef(schemaName(type))]),
);

function taskChannel({ type, queue: base }: TaskContract, lane: Lane): [string, Json] {
  const queue = queueName(base, lane);
  return [
    channelName(queue),
    {
      address: queue,
      title: `${type}, lane ${lane}`,
      description: `Bound to the exchange ${EXCHANGES.tasks.name} by its own name.`,
      messages: { [schemaName(type)]: messageRef(schemaName(type)) },
      bindings: queueBinding(queue),
      'x-queue-arguments': TASK_QUEUE_ARGUMENTS,
    },
  ];
}

function taskChannels(): Json {
  return Object.fromEntries(
    contracts.flatMap((contract) => lanes.map((lane) => taskChannel(contract, lane))),
  );
}

const systemChannels = (): Json => ({
  tasks: {
    address: '{queue}',
    title: 'Where tasks are published',
    description: 'Persistent, mandatory and confirmed: one that no queue takes is published again later.',
    parameters: { queue: { description: "The queue's name", enum: queueNames } },
    messages: everyTask,
    bindings: exchangeBinding(EXCHANGES.tasks),
  },
  tasks_dead: {
    address: DEAD_QUEUE,
    title: "The clock's inbox",
    description:
      `Bound to the exchange ${EXCHANGES.dead.name} by #. Messages that the broker gave up on, and ones that nobody ` +
      'can read (header x-code says why).',
    messages: { ...everyTask, Unreadable: messageRef('Unreadable') },
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
    messages: { TaskEvent: messageRef('TaskEvent') },
    bindings: exchangeBinding(EXCHANGES.events),
  },
  batch_events: {
    address: 'batch.completed',
    title: 'What happens to batches',
    messages: { BatchEvent: messageRef('BatchEvent') },
    bindings: exchangeBinding(EXCHANGES.events),
  },
  tasks_control: {
    address: EXCHANGES.control.name,
    title: 'What all processes are told',
    description: 'A fanout: the routing key is empty.',
    messages: { Control: messageRef('Control') },
    bindings: exchangeBinding(EXCHANGES.control),
  },
});

const operation = (action: 'send' | 'receive', channel: string, summary: string): Json => ({
  action,
  channel: ref(`channels/${channel}`),
  summary,
});

function operations(): Json {
  const ofTasks = contracts.flatMap((contract) =>
    queuesOf(contract).map((queue): [string, Json] => [
      `work_${channelName(queue)}`,
      {
        ...operation(
          'receive',
          channelName(queue),
          `${contract.summary} At least once; acked after the outcome is stored.`,
        ),
        bindings: { amqp: { ack: true, bindingVersion: '0.3.0' } },
      },
    ]),
  );
  return {
    publish_task: operation('send', 'tasks', 'The API publishes new tasks, the clock those that are due.'),
    ...Object.fromEntries(ofTasks),
    settle_dead: operation('receive', 'tasks_dead', 'The clock settles each.'),
    tell_events: operation('send', 'tasks_events', 'Whoever changes a task tells it.'),
    tell_batch_events: operation('send', 'batch_events', 'Whoever completes a batch tells it.'),
    tell_control: operation('send', 'tasks_control', 'The API tells what was cancelled, paused and resumed.'),
  };
}

/** The AsyncAPI 3 document: exchanges, queues and messages, made from the contracts and the topology. */
export function asyncApiDocument(): Json {
  const schemas: Json = {};
  const messages: Json = { ...systemMessages };
  for (const contract of contracts) {
    const { schema, components } = createSchema(contract.input, { io: 'output' });
    Object.assign(schemas, components, { [`${schemaName(contract.type)}Input`]: schema });
    messages[schemaName(contract.type)] = taskMessage(
      contract,
      ref(`components/schemas/${schemaName(contract.type)}Input`),
    );
  }
  return {
    asyncapi: '3.1.0',
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
