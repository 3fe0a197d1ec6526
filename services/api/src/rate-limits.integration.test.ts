import supertest from 'supertest';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApi, type ApiFixture } from '../../../test/support/api-fixture.js';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';

let database: TestDatabase;
let api: ApiFixture;
beforeAll(async () => {
  database = testDatabase('api-rates');
  const rateLimits = { perKey: 3, perAddress: 2 };
  api = await startApi({ mongodbUri: database.uri, amqpUrl: 'amqp://127.0.0.1:1', local: false, rateLimits });
  await api.store.connection.ready();
});
afterAll(async () => {
  await api.stop();
  await database.remove();
});

const make = async (owner: string) =>
  (await api.store.keys.create({ owner, name: 'a test', roles: ['read'] })).key;
const get = (key: string) => supertest(api.url).get('/v1/tasks').set('Authorization', `Bearer ${key}`);

test('each key has its requests a minute, is told how many are left, and then has to wait', async () => {
  const [one, two] = [await make('one'), await make('two')];
  for (const left of [2, 1, 0]) {
    const answer = await get(one).expect(200);
    expect(answer.get('RateLimit')).toMatch(new RegExp(`^"per key"; r=${left}; t=\\d+$`));
    expect(answer.get('RateLimit-Policy')).toMatch(/^"per key"; q=3; w=60/);
  }
  const refused = await get(one).expect(429);
  expect(refused.body).toMatchObject({ code: 'too-many-requests', status: 429 });
  expect(refused.get('Content-Type')).toMatch('application/problem+json');
  expect(Number(refused.get('Retry-After'))).toBeGreaterThan(0);
  await get(two).expect(200);
});

test('an address that tries wrong keys has to wait, while valid keys are served there on', async () => {
  const wrong = `ofl_${'A'.repeat(43)}`;
  for (const status of [401, 401, 429]) {
    const answer = await get(wrong).expect(status);
    expect(answer.get('WWW-Authenticate')).toEqual(status === 401 ? expect.any(String) : undefined);
  }
  await get(await make('three')).expect(200);
});
