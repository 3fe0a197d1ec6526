import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApi, type ApiFixture } from '../../../test/support/api-fixture.js';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { trustProxyOf, type TrustProxy } from './trust-proxy.js';

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

describe('an address', () => {
  const wrong = (url: string, forwarded: string) =>
    supertest(url)
      .get('/v1/tasks')
      .set('Authorization', `Bearer ofl_${'B'.repeat(43)}`)
      .set('X-Forwarded-For', forwarded);
  const statuses = async (url: string, addresses: string[]): Promise<number[]> => {
    const all: number[] = [];
    for (const address of addresses) all.push((await wrong(url, address)).status);
    return all;
  };
  const apiBehind = async (trustProxy: TrustProxy) => {
    const own = await startApi({
      mongodbUri: database.uri,
      amqpUrl: 'amqp://127.0.0.1:1',
      local: false,
      rateLimits: { perKey: 0, perAddress: 1 },
      trustProxy,
    });
    await own.store.connection.ready();
    return own;
  };

  test('that a client claims to have counts for nothing unless a proxy is trusted', async () => {
    const own = await apiBehind(false);
    expect(await statuses(own.url, ['198.51.100.1', '198.51.100.2'])).toEqual([401, 429]);
    await own.stop();
  });

  test('is the one that the trusted proxy saw, whatever the client sent before it', async () => {
    const own = await apiBehind(1);
    const asked = ['198.51.100.1', '203.0.113.9, 198.51.100.1', '198.51.100.2', '198.51.100.1, 198.51.100.2'];
    expect(await statuses(own.url, asked)).toEqual([401, 429, 401, 429]);
    await own.stop();
  });

  test('of IPv6 is its /64, which one machine has whole', async () => {
    const own = await apiBehind(['loopback']);
    const asked = [
      '2001:db8:0:1::1',
      '2001:db8:0:1:ffff::2',
      '2001:db8:0:2::1',
      '::ffff:198.51.100.7',
      '198.51.100.7',
    ];
    expect(await statuses(own.url, asked)).toEqual([401, 429, 401, 401, 429]);
    await own.stop();
  });
});

test.each([
  ['0', false],
  ['1', 1],
  ['loopback, 10.0.0.0/8', ['loopback', '10.0.0.0/8']],
  ['2001:db8::/32', ['2001:db8::/32']],
  ['true', undefined],
  ['10.0.0.0/99', undefined],
  ['proxy.example', undefined],
])('TRUST_PROXY=%s is %j', (value, expected) => {
  expect(trustProxyOf(value)).toEqual(expected);
});
