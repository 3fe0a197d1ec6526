import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApiWithoutBroker, type OwnApi } from '../../../test/support/own-api.js';
import type { KeptAnswers } from '@offload/store/kept-answers';
import { until } from '../../../test/support/until.js';

let api: OwnApi;
beforeAll(async () => {
  api = await startApiWithoutBroker('api-keep-answer');
});
afterAll(() => api.remove());

let count = 0;
const newKey = (): string => `"key-${++count}"`;
const schedule = (name: string) => ({ name, type: 'system.echo', input: {}, cron: '@daily' });
const post = (path: string, key: string, body: object = {}) =>
  api.client.post(path).set('Idempotency-Key', key).send(body);
const idOf = ({ body }: { body: unknown }): string => (body as { id: string }).id;

describe('a POST with an Idempotency-Key', () => {
  test('is answered again as the first time, and done once', async () => {
    const key = newKey();
    const first = await post('/v1/schedules', key, schedule('once')).expect(201);
    expect(first.get('Idempotent-Replayed')).toBeUndefined();
    const again = await post('/v1/schedules', key, schedule('once')).expect(201);
    expect(again.get('Idempotent-Replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(again.get('Location')).toBe(first.get('Location'));
    // Without the key it is another request.
    await api.client.post('/v1/schedules').send(schedule('once')).expect(409);
  });

  test('is refused with another body, and told until when', async () => {
    const key = newKey();
    await post('/v1/schedules', key, schedule('a')).expect(201);
    const refused = await post('/v1/schedules', key, schedule('b')).expect(422);
    expect(refused.body).toMatchObject({
      code: 'idempotency-key-reused',
      detail: expect.stringMatching(/until \d{4}-\d\d-\d\dT/),
    });
  });

  test('is done once by twenty at a time: one answer for all, or a 409 that says when to come again', async () => {
    const key = newKey();
    const id = idOf(await api.client.post('/v1/schedules').send(schedule('runs')).expect(201));
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(`/v1/schedules/${id}/run`, key)));
    for (const answer of answers) {
      // A database that is slow just now is a 503: send it again, too.
      expect([202, 409, 503]).toContain(answer.status);
      if (answer.status === 409) {
        expect(answer.body).toMatchObject({ code: 'idempotency-key-busy' });
        expect(answer.get('Retry-After')).toBe('1');
      }
    }
    const last = await until('the answer of the first', async () => {
      const answer = await post(`/v1/schedules/${id}/run`, key);
      return answer.status === 202 ? idOf(answer) : undefined;
    });
    const made = answers.filter(({ status }) => status === 202).map(idOf);
    expect(new Set(made)).toEqual(new Set([last]));
    const refused = await api.client.get(`/v1/tasks?schedule=${id}`).expect(200);
    expect((refused.body as { items: unknown[] }).items).toHaveLength(1);
  });

  test('that was refused leaves the key free for the corrected one', async () => {
    const key = newKey();
    await post('/v1/schedules', key, { ...schedule('c'), cron: 'nonsense' }).expect(422);
    await post('/v1/schedules', key, schedule('c')).expect(201);
  });

  test('is another one at another address', async () => {
    const key = newKey();
    await post('/v1/schedules', key, schedule('d')).expect(201);
    await post('/v1/feeds', key, { url: 'https://feed.example.org/' }).expect(202);
    await post('/v1/tasks', key, { type: 'system.echo', input: {} }).expect(202);
  });

  test('holds for a body that is no JSON, too', async () => {
    const key = newKey();
    const opml = (url: string) => `<opml><body><outline type="rss" xmlUrl="${url}"/></body></opml>`;
    const send = (url: string) =>
      api.client.post('/v1/feeds/opml').set('Idempotency-Key', key).type('text/x-opml').send(opml(url));
    expect((await send('https://a.example.org/').expect(200)).body).toMatchObject({ imported: 1 });
    expect((await send('https://a.example.org/').expect(200)).body).toMatchObject({ imported: 1 });
    await send('https://b.example.org/').expect(422);
  });

  test('holds for an upload by its name, type and length', async () => {
    const key = newKey();
    const send = (name: string, text: string) =>
      api.client.post(`/v1/files?name=${name}`).set('Idempotency-Key', key).type('text/plain').send(text);
    const first = await send('a.txt', 'hello').expect(201);
    expect(idOf(await send('a.txt', 'hello').expect(201))).toBe(idOf(first));
    await send('a.txt', 'another').expect(422);
    await send('b.txt', 'hello').expect(422);
  });

  test('is refused where the answer has a secret that is kept nowhere', async () => {
    const refused = await post('/v1/keys', newKey(), {
      owner: 'a',
      name: 'b',
      roles: ['read'],
    }).expect(400);
    expect(refused.body).toMatchObject({ code: 'idempotency-key-not-taken' });
  });

  test('that is malformed is a 400', async () => {
    const refused = await post('/v1/schedules', '""', schedule('e')).expect(400);
    expect(refused.body).toMatchObject({ code: 'malformed-idempotency-key' });
  });
});

describe('the store of answers', () => {
  const request = { owner: 'ann', address: 'POST /x', key: 'k', bodyHash: 'one' };
  const answer = { status: 200, headers: {}, body: '{}' };
  let answers: KeptAnswers;
  let records: () => { updateMany(filter: object, update: object): Promise<unknown> };
  beforeAll(() => {
    const { store } = api;
    answers = store.keptAnswers;
    records = () => store.connection.mongo.collection('keptAnswers');
  });

  test('lets another take over what one who died has begun, and keeps no late answer of that one', async () => {
    const of = { ...request, key: 'died' };
    const first = await answers.begin(of);
    if (first.kind !== 'begun') throw new Error('not begun');
    expect(await answers.begin(of)).toEqual({ kind: 'underway' });
    await records().updateMany({ token: first.token }, { $set: { busyUntil: new Date(0) } });
    const second = await answers.begin(of);
    if (second.kind !== 'begun') throw new Error('not taken over');
    await answers.keep(of, first.token, { ...answer, status: 500 });
    await answers.free(of, first.token);
    await answers.keep(of, second.token, answer);
    expect(await answers.begin(of)).toEqual({ kind: 'answered', answer });
    await answers.free(of, second.token);
    expect(await answers.begin(of)).toMatchObject({ kind: 'answered' });
  });

  test('forgets a key when its time is over, and never mixes owners', async () => {
    const of = { ...request, key: 'old' };
    const first = await answers.begin(of);
    if (first.kind !== 'begun') throw new Error('not begun');
    await answers.keep(of, first.token, answer);
    expect(await answers.begin({ ...of, owner: 'bob' })).toMatchObject({ kind: 'begun' });
    expect(await answers.begin({ ...of, bodyHash: 'two' })).toMatchObject({ kind: 'another-body' });
    await records().updateMany({ token: first.token }, { $set: { until: new Date(0) } });
    expect(await answers.begin({ ...of, bodyHash: 'two' })).toMatchObject({ kind: 'begun' });
  });
});
