import { describe, expect, test } from '@jest/globals';
import type { TaskMessage } from '@offload/contracts/task';
import {
  deadReason,
  decodeTask,
  encodeDead,
  encodeTask,
  LARGEST_BODY,
  type ReceivedMessage,
} from './message.js';

const message: TaskMessage = {
  task: '0198c1d2-0000-7000-8000-000000000001',
  type: 'feed.fetch',
  lane: 'bulk',
  queue: 'feed.fetch.bulk',
  version: 2,
  alone: true,
  owner: 'ann',
  seq: 7,
  input: { url: 'https://example.com/ü' },
};
const publication = { messageId: 'm-1', at: 1_700_000_000_999 };
const knows = (type: string) => type === 'feed.fetch';

function received(change: Partial<ReceivedMessage> = {}): ReceivedMessage {
  const { body, properties } = encodeTask(message, publication);
  const fields = { exchange: 'tasks', routingKey: message.queue, redelivered: false, deliveryTag: 1 };
  return { content: body, fields, properties, ...change };
}

const withHeaders = (headers: Record<string, unknown>): ReceivedMessage => {
  const { properties } = received();
  return received({ properties: { ...properties, headers: { ...properties.headers, ...headers } } });
};

test('a message comes back as it was sent', () => {
  expect(decodeTask(received(), knows)).toEqual({
    ok: true,
    message,
    messageId: 'm-1',
    traceparent: undefined,
  });
});

test('what identifies a message is in its properties, and the body is the input alone', () => {
  const { body, properties } = encodeTask(message, { ...publication, traceparent: '00-a-b-01' });
  expect(JSON.parse(body.toString())).toEqual(message.input);
  expect(properties).toEqual({
    messageId: 'm-1',
    correlationId: message.task,
    type: 'feed.fetch',
    contentType: 'application/json',
    timestamp: 1_700_000_000,
    appId: 'offload',
    persistent: true,
    headers: { 'x-seq': 7, 'x-alone': true, 'x-version': 2, 'x-owner': 'ann', traceparent: '00-a-b-01' },
  });
});

test('the lane is read from the queue', () => {
  const fields = { ...received().fields, routingKey: 'feed.fetch' };
  expect(decodeTask(received({ fields }), knows)).toMatchObject({ message: { lane: 'interactive' } });
});

describe('poison is told by its code', () => {
  test.each([
    ['not-json', received({ content: Buffer.from('{') })],
    ['not-json', received({ content: Buffer.alloc(0) })],
    ['too-large', received({ content: Buffer.alloc(LARGEST_BODY + 1, '1') })],
    ['unknown-type', received({ properties: { ...received().properties, type: 'mail.send' } })],
    ['bad-properties', received({ properties: {} })],
    ['bad-properties', received({ properties: { ...received().properties, correlationId: 5 } })],
    ['bad-properties', received({ properties: { ...received().properties, type: undefined } })],
    ['bad-properties', withHeaders({ 'x-seq': '7' })],
    ['bad-properties', withHeaders({ 'x-seq': -1 })],
    ['bad-properties', withHeaders({ 'x-version': 1.5 })],
    ['bad-properties', withHeaders({ 'x-owner': '' })],
  ])('%s', (code, poison) => {
    expect(decodeTask(poison, knows)).toMatchObject({ ok: false, code, detail: expect.any(String) });
  });
});

test('a dead letter keeps the body, the task and the queue, and says why', () => {
  const dead = encodeDead(received(), 'unknown-type', 'no such type', { messageId: 'm-2', at: 0 });
  expect(dead.body).toEqual(received().content);
  expect(dead.properties).toMatchObject({
    messageId: 'm-2',
    correlationId: message.task,
    type: 'feed.fetch',
    persistent: true,
    headers: {
      'x-code': 'unknown-type',
      'x-detail': 'no such type',
      'x-queue': 'feed.fetch.bulk',
      'x-seq': 7,
      'x-version': 2,
      'x-owner': 'ann',
    },
  });
});

test("a stranger's properties cannot misroute or break a dead letter", () => {
  const strange = withHeaders({ CC: ['other'], huge: 'x'.repeat(100_000), 'x-owner': { a: 1 } });
  const properties = {
    ...strange.properties,
    userId: 'root',
    expiration: '1',
    correlationId: '€'.repeat(255),
  };
  const dead = encodeDead({ ...strange, properties }, 'bad-properties', '', { messageId: 'm', at: 0 });
  expect(Object.keys(dead.properties.headers as object).sort()).toEqual([
    'x-code',
    'x-detail',
    'x-queue',
    'x-seq',
    'x-version',
  ]);
  expect(dead.properties).not.toHaveProperty('userId');
  expect(dead.properties).not.toHaveProperty('expiration');
  expect(Buffer.byteLength(dead.properties.correlationId ?? '')).toBeLessThanOrEqual(255);
});

test('the reason of a dead letter is ours, else the broker gave one, else it is unknown', () => {
  expect(deadReason(withHeaders({ 'x-code': 'not-json', 'x-first-death-reason': 'rejected' }))).toBe(
    'not-json',
  );
  expect(deadReason(withHeaders({ 'x-first-death-reason': 'delivery_limit' }))).toBe('delivery_limit');
  expect(deadReason(received({ properties: {} }))).toBe('unknown');
});
