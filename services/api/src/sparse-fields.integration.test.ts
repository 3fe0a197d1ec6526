import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApiWithoutBroker, type OwnApi } from '../../../test/support/own-api.js';
import { openApiDocument } from './openapi.js';
import { routeFacts } from './route-facts.js';

let api: OwnApi;
beforeAll(async () => {
  api = await startApiWithoutBroker('api-fields');
  for (let n = 0; n < 3; n++) {
    await api.insert({ tags: ['t'] });
    const error = { code: 'timeout', message: 'It took too long.' };
    const at = api.store.tasks.now();
    await api.insert({ state: 'failed', attempt: 1, endedAt: at, error, stack: 'at x', tags: ['f'] });
    const body = { name: `s${n}`, type: 'system.echo', input: {}, cron: '@daily' };
    await api.client.post('/v1/schedules').send(body).expect(201);
    await api.client
      .post('/v1/batches')
      .send({ tasks: [{ type: 'system.echo', input: {} }] })
      .expect(202);
    await api.client
      .post('/v1/feeds')
      .send({ url: `https://f${n}.example.org/` })
      .expect(202);
    await api.store.keys.create({ owner: 'local', name: `k${n}`, roles: ['read'] });
  }
});
afterAll(() => api.remove());

type Item = Record<string, unknown>;
interface Page {
  items: Item[];
  next: string | null;
}
const get = async (path: string) => (await api.client.get(path).expect(200)).body as Item & Page;

const LISTS = [
  '/v1/tasks',
  '/v1/dead-letters',
  '/v1/schedules',
  '/v1/batches',
  '/v1/feeds',
  '/v1/keys',
] as const;

describe.each(LISTS)('?fields= of %s', (path) => {
  const { members } = routeFacts(openApiDocument())('get', path) ?? { members: [] };

  test('answers each member alone as it answers it among all', async () => {
    const all = (await get(`${path}?limit=2`)).items;
    expect(all.length).toBe(2);
    expect(Object.keys(all[0] ?? {}).sort()).toEqual([...members].sort());
    for (const name of members) {
      const { items } = await get(`${path}?limit=2&fields=${name}`);
      expect([name, items]).toEqual([name, all.map((item) => ({ [name]: item[name] }))]);
    }
  });

  test('goes on to the next page', async () => {
    const { items, next } = await get(`${path}?limit=2&fields=id,links`);
    expect(items.map((item) => Object.keys(item))).toEqual([
      ['id', 'links'],
      ['id', 'links'],
    ]);
    expect(next).toContain('fields=id%2Clinks');
    const more = await get(next ?? '');
    expect(Object.keys(more.items[0] ?? {})).toEqual(['id', 'links']);
  });

  test('names the members that there are when one is unknown', async () => {
    const refused = await api.client.get(`${path}?fields=id,colour`).expect(422);
    expect(refused.body).toMatchObject({
      code: 'invalid-query',
      errors: [{ parameter: 'fields', detail: expect.stringMatching(/^has "colour"; there are .*\bid\b/) }],
    });
    await api.client.get(`${path}?fields=`).expect(422);
    await api.client.get(`${path}?fields=id&fields=type`).expect(422);
  });
});

describe.each(LISTS)('?order= of %s', (path) => {
  const idsOf = async (query: string): Promise<unknown[]> => {
    const ids: unknown[] = [];
    for (let next: string | null = `${path}?limit=2&fields=id&${query}`; next !== null;) {
      const page: Page = await get(next);
      ids.push(...page.items.map(({ id }) => id));
      next = page.next;
    }
    return ids;
  };

  test('is the newest first, or page by page the oldest', async () => {
    const newest = await idsOf('');
    expect(newest.length).toBeGreaterThanOrEqual(3);
    expect(newest).toEqual(newest.toSorted().reverse());
    expect(await idsOf('order=desc')).toEqual(newest);
    expect(await idsOf('order=asc')).toEqual(newest.toReversed());
  });
});

describe('?fields= of a single thing', () => {
  test('has only these, and an ETag of its own address', async () => {
    const { items } = await get('/v1/tasks?tag=t&limit=1');
    const path = `/v1/tasks/${String(items[0]?.id)}`;
    expect(await get(`${path}?fields=state,progress,id`)).toEqual({
      id: items[0]?.id,
      state: 'scheduled',
      progress: null,
    });
    expect(Object.keys(await get(`${path}?fields=input,files,history`))).toEqual([
      'input',
      'files',
      'history',
    ]);
    await api.client.get(`${path}?fields=owner`).expect(422);
  });

  test('is of reads alone', async () => {
    await api.client.post('/v1/tasks?fields=id').send({ type: 'system.echo', input: {} }).expect(422);
  });
});

test('tasks can be listed by the time of their creation', async () => {
  const { items } = await get('/v1/tasks?tag=t&order=asc');
  const middle = String(items[1]?.createdAt);
  const later = await get(`/v1/tasks?tag=t&order=asc&createdAfter=${middle}`);
  const earlier = await get(`/v1/tasks?tag=t&order=asc&createdBefore=${middle}`);
  expect([...earlier.items, ...later.items]).toEqual(items);
});
