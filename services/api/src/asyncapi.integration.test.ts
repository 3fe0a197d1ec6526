import { setTimeout as sleep } from 'node:timers/promises';
import type { ConsumeMessage, GetMessage } from 'amqplib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EXCHANGES, DEAD_QUEUE } from '@offload/broker/topology';
import { clientContracts } from '@offload/contracts/registry';
import { startApiWithBroker, type OwnApi } from '../../../test/support/own-api.js';
import type { TestVhost } from '../../../test/support/rabbitmq.js';
import { until } from '../../../test/support/until.js';
import { asyncApiDocument } from './asyncapi.js';
import { schemaName } from './openapi-tasks.js';

const document = asyncApiDocument();
const ajv = new Ajv2020({ strict: false });
formats.default(ajv);
ajv.addSchema({ $id: 'doc', ...document });

/** Compares a message with what the document says of it. */
function expectMessage(
  message: GetMessage | ConsumeMessage,
  name: string,
  type: 'json' | 'any' = 'json',
): void {
  const payload: unknown =
    type === 'json' ? JSON.parse(message.content.toString()) : message.content.toString();
  for (const [part, value] of [
    ['headers', message.properties.headers ?? {}],
    ['payload', payload],
  ] as const) {
    const schema = `doc#/components/messages/${name}/${part}`;
    const known = part in ((document.components as Messages).messages[name] ?? {});
    if (known)
      expect([part, ajv.validate({ $ref: schema }, value), ajv.errorsText()]).toEqual([
        part,
        true,
        'No errors',
      ]);
  }
  if (type === 'json') expect(message.properties.contentType).toBe('application/json');
}

type Messages = { messages: Record<string, { examples: { headers?: unknown; payload: unknown }[] }> };

test('the examples of all messages fit their schemas', () => {
  const { messages } = document.components as Messages;
  for (const [name, { examples }] of Object.entries(messages)) {
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples)
      for (const [part, value] of Object.entries(example))
        expect([
          name,
          ajv.validate({ $ref: `doc#/components/messages/${name}/${part}` }, value),
          ajv.errorsText(),
        ]).toEqual([name, true, 'No errors']);
  }
});

describe('what is really published is what the document says', () => {
  let api: OwnApi & { vhost: TestVhost };
  beforeAll(async () => {
    api = await startApiWithBroker('asyncapi');
    await api.broker.withChannel(async (channel) => {
      for (const exchange of [EXCHANGES.events, EXCHANGES.control]) {
        await channel.assertQueue(`test.${exchange.name}`, { durable: true });
        await channel.bindQueue(`test.${exchange.name}`, exchange.name, '#');
      }
    });
  });
  afterAll(() => api.remove());

  /** The next message of a queue. */
  const next = (queue: string): Promise<GetMessage> =>
    until(`a message in ${queue}`, async () => {
      const got = await api.broker.withChannel((channel) => channel.get(queue, { noAck: true }));
      if (!got) await sleep(20);
      return got || undefined;
    });

  test.each(clientContracts.map((contract) => [contract.type, contract] as const))(
    'a task of %s',
    async (type, { example, queue }) => {
      const made = await api.client.post('/v1/tasks').send({ type, input: example }).expect(202);
      const message = await next(queue);
      expectMessage(message, schemaName(type));
      const { id } = made.body as { id: string };
      expect(message.properties).toMatchObject({
        type,
        correlationId: id,
        appId: 'offload',
        deliveryMode: 2,
      });
      expect(message.fields).toMatchObject({ exchange: EXCHANGES.tasks.name, routingKey: queue });
    },
  );

  test('events of tasks, and what all processes are told', async () => {
    const made = await api.client
      .post('/v1/tasks')
      .send({ type: 'system.echo', input: { message: '' } })
      .expect(202);
    await api.client.post(`/v1/tasks/${(made.body as { id: string }).id}/cancel`).expect(200);
    const event = await next(`test.${EXCHANGES.events.name}`);
    expectMessage(event, 'TaskEvent');
    expect(event.fields.routingKey).toMatch(/^[a-z0-9]+\.[a-z]+\.[a-z]+$/);
    expectMessage(await next(`test.${EXCHANGES.control.name}`), 'Control');
    await api.client.post('/v1/queues/system.echo/pause').expect(200);
    expectMessage(await next(`test.${EXCHANGES.control.name}`), 'Control');
  });

  test('events of batches', async () => {
    const tasks = [{ type: 'system.echo', input: { message: '' } }];
    const made = await api.client.post('/v1/batches').send({ tasks }).expect(202);
    await api.client.post(`/v1/batches/${(made.body as { id: string }).id}/cancel`).expect(200);
    const event = await until('the event of the batch', async () => {
      const message = await next(`test.${EXCHANGES.events.name}`);
      return message.fields.routingKey.startsWith('batch.') ? message : undefined;
    });
    expectMessage(event, 'BatchEvent');
    expect(event.fields.routingKey).toBe('batch.completed');
  });

  test('what no worker can read', async () => {
    const received = {
      content: Buffer.from('{'),
      fields: { exchange: 'tasks', routingKey: 'system.echo', redelivered: false, deliveryTag: 1 },
      properties: { type: 'system.echo', headers: { 'x-seq': 'one' } },
    };
    expect(await api.publisher.publishDead(received, 'not-json', 'it ends too early')).toBe('confirmed');
    expectMessage(await next(DEAD_QUEUE), 'Unreadable', 'any');
  });
});
