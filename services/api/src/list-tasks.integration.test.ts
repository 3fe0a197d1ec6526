import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeCursor } from './list-page.js';
import type { TaskResource } from './task-resource.js';
import { startApiWithoutBroker, type OwnApi } from '../../../test/support/own-api.js';

let api: OwnApi;
let client: OwnApi['client'];
beforeAll(async () => {
  api = await startApiWithoutBroker('api-list');
  ({ client } = api);
});
afterAll(() => api.remove());

const bodyOf = ({ body }: { body: unknown }) => body;

const insert: OwnApi['insert'] = (change) => api.insert(change);

describe('GET /v1/tasks', () => {
  type Page = { items: TaskResource[]; next: string | null };
  const page = async (path: string) => (await client.get(path).expect(200)).body as Page;

  test('pages through all of a filter, newest first, each task once', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push((await insert({ type: 'feed.fetch', state: 'failed' }))._id);
    await insert({ type: 'feed.fetch', state: 'failed', owner: 'other' });
    const seen: string[] = [];
    let path: string | null = '/v1/tasks?type=feed.fetch&state=failed&limit=2';
    for (let pages = 0; path && pages < 10; pages++) {
      const { items, next }: Page = await page(path);
      seen.push(...items.map(({ id }) => id));
      path = next;
    }
    expect(seen).toEqual(ids.toReversed());
  });

  test('has no input, result or files', async () => {
    await insert();
    const { items } = await page('/v1/tasks?limit=1');
    expect(items).toHaveLength(1);
    for (const field of ['input', 'result', 'files']) expect(items[0]).not.toHaveProperty(field);
  });

  test('says the next page in a Link header, too', async () => {
    await insert();
    await insert();
    const answer = await client.get('/v1/tasks?limit=1').expect(200);
    expect(answer.get('Link')).toBe(`<${String((answer.body as Page).next)}>; rel="next"`);
  });

  test.each([
    ['type=nope', 'type'],
    ['state=done', 'state'],
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=ten', 'limit'],
    ['cursor=xyz', 'cursor'],
    [`cursor=${encodeCursor('not-an-id')}`, 'cursor'],
    ['state=queued&state=failed', 'state'],
    ['page=2', 'page'],
  ])('refuses ?%s and names the parameter', async (query, parameter) => {
    const body = bodyOf(await client.get(`/v1/tasks?${query}`).expect(422));
    expect(body).toMatchObject({ code: 'invalid-query', errors: [{ parameter }] });
  });
});
