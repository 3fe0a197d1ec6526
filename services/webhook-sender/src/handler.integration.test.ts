import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Snooze, TaskError } from '@offload/contracts/errors';
import { webhookSend } from '@offload/contracts/webhook-send';
import { createOutbound } from '@offload/outbound/create-outbound';
import type { Outbound } from '@offload/outbound/outbound';
import * as moves from '@offload/store/moves';
import { createSeal } from '@offload/store/webhook-seal';
import { createWebhookSecretStore } from '@offload/store/webhook-secrets';
import type { WebhookDelivery } from '@offload/store/webhook-record';
import { runHandler } from '@offload/worker/run-handler';
import { Webhook } from 'standardwebhooks';
import * as answers from '../../../test/support/origin.js';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { createWebhookHandler, type WebhookOptions } from './handler.js';

let fixture: StoreFixture;
let origin: answers.Origin;
let outbound: Outbound;
let secret: string;
const secretStore = (key?: string) =>
  createWebhookSecretStore(fixture.store.connection, createSeal(fixture.store.connection, key));
beforeAll(async () => {
  fixture = await storeFixture('webhook-sender');
  origin = await answers.startOrigin();
  outbound = createOutbound({ allow: ['loopback'] });
  secret = await newSecret('default');
});
afterAll(async () => {
  await outbound.close();
  await origin.close();
  await fixture.remove();
});

async function newSecret(name: string, key?: string): Promise<string> {
  const made = await secretStore(key).create('local', name);
  if (typeof made === 'string') throw new Error(made);
  return made.secret;
}

/** The delivery of a cancelled task. */
async function deliveryTo(url: string, secretName = 'default'): Promise<WebhookDelivery> {
  const { store } = fixture;
  const callback = { url, events: ['task.cancelled' as const], secretName };
  const task = await fixture.insert({ callback, effects: ['webhook'] });
  await store.tasks.apply(moves.cancel({ id: task._id, keepMs: 60_000, now: store.tasks.now() }));
  await store.dependencies.carryOut([task._id]);
  const [listed] = await store.webhooks.list({ owner: 'local', task: task._id }, { limit: 1 });
  return (await store.webhooks.get('local', listed?._id ?? ''))!;
}

const read = async ({ _id }: WebhookDelivery): Promise<WebhookDelivery> =>
  (await fixture.store.webhooks.get('local', _id))!;

/** What the sender does in one attempt, with the delivery as it is now. */
async function send(delivery: WebhookDelivery, options: Partial<WebhookOptions> = {}) {
  const { webhooks } = fixture.store;
  const given = { outbound, webhooks, secrets: secretStore(), random: () => 0, ...options };
  const { _id, sender } = await read(delivery);
  const { result } = await runHandler(
    webhookSend,
    createWebhookHandler(given),
    { delivery: _id },
    { taskId: sender },
  );
  return result;
}

/** The error that it ends with. */
async function failure(delivery: WebhookDelivery, options: Partial<WebhookOptions> = {}): Promise<TaskError> {
  const error: unknown = await send(delivery, options).catch((thrown: unknown) => thrown);
  if (!(error instanceof TaskError)) throw new Error('It did not fail.', { cause: error });
  return error;
}

let paths = 0;
/** A URL that answers so, and the requests to it with their bodies. */
function receiver(answer: answers.Answer) {
  const path = `/hook/${paths++}`;
  const received: { body: string; headers: Record<string, string> }[] = [];
  const url = origin.serve(path, async (request, response, n, left) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = request.headers as Record<string, string>;
    received.push({ body: Buffer.concat(chunks).toString(), headers });
    await answer(request, response, n, left);
  });
  return { url, received };
}

const waitOf = ({ retry }: TaskError): number =>
  retry instanceof Date ? retry.getTime() - fixture.store.tasks.now().getTime() : NaN;

describe('a delivery', () => {
  test('is a signed POST that the library of Standard Webhooks accepts', async () => {
    const { url, received } = receiver(answers.bytes('thanks'));
    const delivery = await deliveryTo(url);
    expect(await send(delivery)).toEqual({ outcome: 'delivered', status: 200 });
    const [{ body, headers } = { body: '', headers: {} }] = received;
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'task.cancelled' });
    expect(headers).toMatchObject({ 'webhook-id': delivery._id, 'content-type': 'application/json' });
    expect(await read(delivery)).toMatchObject({
      state: 'delivered',
      attemptCount: 1,
      attempts: [{ run: 1, status: 200, error: null, answer: 'thanks' }],
    });
    // A message that the broker has twice.
    expect(await send(delivery)).toEqual({ outcome: 'superseded', status: null });
    expect(received).toHaveLength(1);
  });

  test('is signed with each secret of a rotation, and a receiver may know either', async () => {
    const old = await newSecret('rotated');
    const [record] = await secretStore().list('local', { limit: 1 });
    const until = new Date(fixture.store.tasks.now().getTime() + 60_000);
    const rotated = await secretStore().rotate('local', record?._id ?? '', until);
    const { url, received } = receiver(answers.bytes(''));
    await send(await deliveryTo(url, 'rotated'));
    const [{ body, headers } = { body: '', headers: {} as Record<string, string> }] = received;
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
    for (const each of [old, rotated?.secret ?? ''])
      expect(new Webhook(each).verify(body, headers)).toMatchObject({ type: 'task.cancelled' });
    expect(() => new Webhook(secret).verify(body, headers)).toThrow('No matching signature');
  });

  test('in vain is noted and tried again with the same id and body, until it arrives', async () => {
    const { url, received } = receiver(answers.failing(1, 500, answers.bytes('', {}, 204)));
    const delivery = await deliveryTo(url);
    const error = await failure(delivery, { schedule: [1] });
    expect(error.code).toBe('http-500');
    expect(await read(delivery)).toMatchObject({ state: 'pending', error: { code: 'http-500' }, tried: 1 });
    expect(await send(delivery)).toEqual({ outcome: 'delivered', status: 204 });
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([delivery._id]));
    const { attempts, error: left } = await read(delivery);
    expect(attempts.map(({ status, answer }) => [status, answer])).toEqual([
      [500, 'bad luck'],
      [204, null],
    ]);
    expect(left).toBeUndefined();
  });

  test('comes again five seconds after the first attempt, and not before its time', async () => {
    const delivery = await deliveryTo(receiver(answers.bytes('', {}, 500)).url);
    const wait = waitOf(await failure(delivery));
    expect(wait).toBeGreaterThan(3_000);
    expect(wait).toBeLessThan(5_001);
    // Its worker died after the note: the next one has the task at once.
    await expect(send(delivery)).rejects.toThrow(Snooze);
  });

  test('is put off as long as Retry-After asks', async () => {
    const delivery = await deliveryTo(receiver(answers.tooMany('7200')).url);
    const wait = waitOf(await failure(delivery));
    expect(wait).toBeGreaterThan(7_190_000);
    expect((await read(delivery)).nextAt?.getTime()).toBeGreaterThan(Date.now() + 7_100_000);
  });

  test('has failed after its last attempt, and can be replayed', async () => {
    const { url, received } = receiver(answers.failing(2, 500, answers.bytes('')));
    const delivery = await deliveryTo(url);
    await failure(delivery, { schedule: [1] });
    expect(await failure(delivery, { schedule: [1] })).toMatchObject({ code: 'http-500', retry: 'no' });
    expect(await read(delivery)).toMatchObject({ state: 'failed', attemptCount: 2 });
    await fixture.store.webhooks.replay(await read(delivery));
    expect(await send(delivery)).toMatchObject({ outcome: 'delivered' });
    expect(received[2]?.headers['webhook-id']).toBe(delivery._id);
    expect((await read(delivery)).attempts.map(({ run }) => run)).toEqual([1, 1, 2]);
  });

  test('that is not answered within its 15 seconds is tried again', async () => {
    const delivery = await deliveryTo(receiver(answers.hang()).url);
    const limits: number[] = [];
    const impatient: WebhookOptions['outbound'] = {
      fetch(url, request) {
        limits.push(request.deadlineMs);
        return outbound.fetch(url, { ...request, deadlineMs: 100 });
      },
    };
    const error = await failure(delivery, { outbound: impatient });
    expect(error.code).toBe('timeout');
    expect(error.retry).toBeInstanceOf(Date);
    expect(limits).toEqual([15_000]);
    expect((await read(delivery)).attempts).toMatchObject([{ status: null, error: { code: 'timeout' } }]);
  });

  test('follows no redirect', async () => {
    const target = receiver(answers.bytes(''));
    const delivery = await deliveryTo(receiver(answers.redirect(target.url, 307)).url);
    expect((await failure(delivery)).message).toContain('Redirects are not followed');
    expect(target.received).toEqual([]);
  });

  test('to an address that must not be reached is never sent, and not tried again', async () => {
    const guarded = createOutbound();
    const { url, received } = receiver(answers.bytes(''));
    const delivery = await deliveryTo(url);
    expect(await failure(delivery, { outbound: guarded })).toMatchObject({
      code: 'address-refused',
      retry: 'no',
    });
    expect(await read(delivery)).toMatchObject({ state: 'failed', attempts: [{ status: null }] });
    expect(received).toEqual([]);
    await guarded.close();
  });

  test.each([
    ['that never ends', answers.endless()],
    ['with control characters and broken text', answers.bytes(Buffer.from('a\0b\xff\ud800c', 'latin1'))],
    ['that says a coding it is not in', answers.bytes('plain', { 'content-encoding': 'gzip' })],
  ])('is delivered whatever the answer’s body is: one %s', async (_what, answer) => {
    const delivery = await deliveryTo(receiver(answer).url);
    expect(await send(delivery)).toMatchObject({ outcome: 'delivered' });
    const [attempt] = (await read(delivery)).attempts;
    expect(attempt?.answer?.length).toBeLessThanOrEqual(1_000);
    // eslint-disable-next-line no-control-regex -- what a database may not take
    expect(attempt?.answer).not.toMatch(/[\u0000-\u001f]/);
  });
});

describe('a URL that answers 410', () => {
  test('is sent nothing any more until it is enabled, and the log says so', async () => {
    const gone = receiver(answers.failing(1, 410, answers.bytes('')));
    const [first, second] = [await deliveryTo(gone.url), await deliveryTo(gone.url)];
    expect(await failure(first)).toMatchObject({ code: 'http-410', retry: 'no' });
    expect((await read(first)).state).toBe('failed');
    expect(await send(second)).toEqual({ outcome: 'not-sent', status: null });
    expect(await read(second)).toMatchObject({
      state: 'not-sent',
      error: { code: 'endpoint-disabled' },
      attempts: [],
    });
    expect(gone.received).toHaveLength(1);
    const { webhooks } = fixture.store;
    const [disabled] = await webhooks.listDisabled('local', { limit: 5 });
    expect(disabled).toMatchObject({ url: gone.url, reason: { code: 'http-410' } });
    expect(await webhooks.enableEndpoint('somebody', disabled?._id ?? '')).toBe(false);
    expect(await webhooks.enableEndpoint('local', disabled?._id ?? '')).toBe(true);
    await webhooks.replay(await read(second));
    expect(await send(second)).toMatchObject({ outcome: 'delivered' });
  });
});

describe('without a secret to sign with', () => {
  test('nothing is sent when it was deleted', async () => {
    const { url, received } = receiver(answers.bytes(''));
    const delivery = await deliveryTo(url, 'nowhere');
    expect(await send(delivery)).toMatchObject({ outcome: 'not-sent' });
    expect(await read(delivery)).toMatchObject({ state: 'not-sent', error: { code: 'no-secret' } });
    expect(received).toEqual([]);
  });

  test('it is tried again when this process has not the key that sealed it', async () => {
    await newSecret('sealed', 'k'.repeat(32));
    const { url, received } = receiver(answers.bytes(''));
    const delivery = await deliveryTo(url, 'sealed');
    expect(await failure(delivery, { schedule: [1] })).toMatchObject({ code: 'webhook-secret-sealed' });
    expect(await send(delivery, { secrets: secretStore('k'.repeat(32)) })).toMatchObject({
      outcome: 'delivered',
    });
    expect(received).toHaveLength(1);
  });
});
