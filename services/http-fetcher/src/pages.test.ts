import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { httpFetch } from '@offload/contracts/http-fetch';
import type { Outbound } from '@offload/outbound/outbound';
import { runHandler } from '@offload/worker/run-handler';
import type { z } from 'zod';
import * as answers from '../../../test/support/origin.js';
import { withOrigin } from '../../../test/support/with-origin.js';
import { createHttpHandler } from './handler.js';

type Given = Partial<z.input<typeof httpFetch.input>>;
type Pages = NonNullable<Given['pages']>;

let origin: answers.Origin;
let outbound: Outbound;
withOrigin((started) => ({ origin, outbound } = started));

const JSON_TYPE = { 'content-type': 'application/json' };
const json = (value: unknown, headers: Record<string, string> = {}): answers.Answer =>
  answers.bytes(JSON.stringify(value), { ...JSON_TYPE, ...headers });
const run = (path: string, pages: Pages, more: Given = {}) =>
  runHandler(httpFetch, createHttpHandler({ outbound, secrets: new Map() }), {
    url: origin.url + path,
    pages,
    ...more,
  });
const items = (from: number, count: number): { n: number }[] =>
  Array.from({ length: count }, (_, i) => ({ n: from + i }));
/** Pages /1 to /last of two items each, each with a Link to the next. */
function linked(last: number, linkTo: (n: number) => string = (n) => `</${n}>; rel="next"`): void {
  for (let n = 1; n <= last; n++)
    origin.serve(`/${n}`, json(items(2 * n, 2), n < last ? { link: linkTo(n + 1) } : {}));
}

describe('pages are collected', () => {
  test.each<[string, (n: number) => string]>([
    ['relative', (n) => `</${n}>; rel="next"`],
    ['absolute', (n) => `<${origin.url}/${n}>; rel=next`],
    ['beside others', (n) => `</0>; rel="prev", </a,b;c>; rel=last; title="x, y", </${n}>; rel="next"`],
    ['among several of one link', (n) => `<${n}>; title=a; rel="last NEXT"`],
    ['not that of another place', (n) => `</other>; rel=next; anchor="#a", </${n}>; rel=next`],
  ])('by Link: %s', async (_what, linkTo) => {
    linked(3, linkTo);
    const { result, progress } = await run('/1', { next: 'link' });
    expect(result.json).toEqual(items(2, 6));
    expect(result).toMatchObject({
      url: `${origin.url}/3`,
      pages: { count: 3, items: 6, more: false, next: null },
      file: null,
    });
    expect(progress).toMatchObject([0, 1, 2].map((done) => ({ done, total: 10, note: `page ${done + 1}` })));
  });

  test('by a URL in the page, relative to it', async () => {
    origin.serve('/api/1?q=%20', json({ data: [1], links: { next: '2?a=1' } }));
    origin.serve('/api/2?a=1', json({ data: [2], links: { next: null } }));
    const { result } = await run('/api/1?q=%20', { next: { url: '/links/next' }, items: '/data' });
    expect(result).toMatchObject({ json: [1, 2], pages: { count: 2, more: false } });
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['empty', ''],
    ['absent', undefined],
    ['false', false],
    ['the same again', 7],
  ])('by a cursor until it is %s', async (_what, last) => {
    origin.serve('/api?a=%20', json({ data: [1], next: 'c+1' }));
    origin.serve('/api?a=%20&after=c%2B1', json({ data: [2], next: 7 }));
    origin.serve('/api?a=%20&after=7', json({ data: [3], next: last }));
    const { result } = await run('/api?a=%20', { next: { cursor: '/next', query: 'after' }, items: '/data' });
    expect(result).toMatchObject({ json: [1, 2, 3], pages: { count: 3, items: 3, more: false, next: null } });
  });

  test('by a cursor in the body of a POST', async () => {
    const asked: unknown[] = [];
    origin.serve('/search', async (request, response, n, left) => {
      asked.push(JSON.parse(await text(request)));
      return json({ hits: [n], next: n < 3 ? `c${n}` : null })(request, response, n, left);
    });
    const pages: Pages = { next: { cursor: '/next', body: '/page/after' }, items: '/hits' };
    const { result } = await run('/search', pages, {
      method: 'POST',
      repeatable: true,
      body: { json: { q: 'x', page: { size: 1 } } },
    });
    expect(result.json).toEqual([1, 2, 3]);
    expect(asked).toEqual([
      { q: 'x', page: { size: 1 } },
      { q: 'x', page: { size: 1, after: 'c1' } },
      { q: 'x', page: { size: 1, after: 'c2' } },
    ]);
  });

  test('up to `max` of them, and the result says where it goes on', async () => {
    linked(5);
    expect((await run('/1', { next: 'link', max: 2 })).result.pages).toEqual({
      count: 2,
      items: 4,
      more: true,
      next: `${origin.url}/3`,
    });
    expect(origin.requests.map(({ path }) => path)).toEqual(['/1', '/2']);
    expect((await run('/4', { next: 'link', max: 2 })).result.pages).toMatchObject({
      more: false,
      next: null,
    });
  });

  test.each<[string, 'json' | 'ndjson', string, (list: unknown[]) => string]>([
    [
      'JSON',
      'json',
      'application/json',
      (list) => `[${list.map((each) => JSON.stringify(each)).join(',\n')}]`,
    ],
    [
      'NDJSON',
      'ndjson',
      'application/x-ndjson',
      (list) => list.map((each) => `${JSON.stringify(each)}\n`).join(''),
    ],
  ])('in a file as %s', async (_what, file, type, expected) => {
    linked(3);
    const { result, files } = await run('/1', { next: 'link', file }, { as: 'file' });
    expect(result).toMatchObject({
      file: { name: `items.${file}`, type },
      pages: { count: 3, items: 6, more: false },
    });
    expect(result).not.toHaveProperty('json');
    expect(files.get(`items.${file}`)?.body.toString()).toBe(expected(items(2, 6)));
  });

  test('in a file as soon as they no longer fit into the result', async () => {
    const large = Array.from({ length: 3 }, (_, n) => ({ n, text: 'ü'.repeat(100_000) }));
    large.forEach((item, n) =>
      origin.serve(`/${n}`, json([item], n < 2 ? { link: `</${n + 1}>; rel=next` } : {})),
    );
    const { result, files } = await run('/0', { next: 'link' });
    expect(result).toMatchObject({ file: { name: 'items.json' }, pages: { count: 3, items: 3 } });
    expect(JSON.parse(files.get('items.json')!.body.toString())).toEqual(large);
    const tooLarge = { code: 'json-too-large', retry: 'no' };
    await expect(run('/0', { next: 'link' }, { as: 'json' })).rejects.toMatchObject(tooLarge);
  });

  test.each<[string, answers.Answer]>([
    ['of no items', json([])],
    ['of null', json(null)],
    ['without a body', answers.bytes('', {}, 204)],
  ])('and one %s is empty', async (_what, answer) => {
    origin.serve('/1', answer);
    const { result } = await run('/1', { next: 'link' });
    expect(result).toMatchObject({ json: [], pages: { count: 1, items: 0 } });
    const { files } = await run('/1', { next: 'link' }, { as: 'file' });
    expect(files.get('items.json')?.body.toString()).toBe('[]');
  });
});

describe('pages end in bounded time', () => {
  test('when they go round in a circle', async () => {
    origin.serve('/1', json([1], { link: '</2>; rel=next' }));
    origin.serve('/2', json([2], { link: '</1>; rel=next' }));
    await expect(run('/1', { next: 'link' })).rejects.toMatchObject({ code: 'page-loop', retry: 'no' });
    expect(origin.requests).toHaveLength(2);
  });

  test.each<[string, answers.Answer, Pages, Given, string]>([
    ['a Link that cannot be read', json([], { link: 'rel=next' }), { next: 'link' }, {}, 'bad-next-page'],
    [
      'a URL that cannot be read',
      json({ n: 'http://' }),
      { next: { url: '/n' }, items: '/n' },
      {},
      'no-items',
    ],
    [
      'a next URL that cannot be read',
      json({ i: [], n: 'http://' }),
      { next: { url: '/n' }, items: '/i' },
      {},
      'bad-next-page',
    ],
    [
      'a next that is an object',
      json({ i: [], n: {} }),
      { next: { url: '/n' }, items: '/i' },
      {},
      'bad-next-page',
    ],
    [
      'a URL that is a number',
      json({ i: [], n: 2 }),
      { next: { url: '/n' }, items: '/i' },
      {},
      'bad-next-page',
    ],
    [
      'a next of another scheme',
      json({ i: [], n: 'file:///etc/passwd' }),
      { next: { url: '/n' }, items: '/i' },
      {},
      'invalid-url',
    ],
    [
      'a next that must not be reached',
      json([], { link: '<http://10.0.0.1/>; rel=next' }),
      { next: 'link' },
      {},
      'address-refused',
    ],
    ['items that are no array', json({ a: 1 }), { next: 'link', items: '/a' }, {}, 'no-items'],
    ['items that are not there', json({ a: 1 }), { next: 'link', items: '/b' }, {}, 'nothing-at-pointer'],
    ['a page that is no JSON', answers.bytes('<html>'), { next: 'link' }, {}, 'not-json'],
    [
      'a body that cannot take the cursor',
      json({ i: [], n: 'c' }),
      { next: { cursor: '/n', body: '/a/b' }, items: '/i' },
      { method: 'POST', body: { json: [] } },
      'bad-next-page',
    ],
  ])('with %s', async (_what, answer, pages, more, code) => {
    origin.serve('/1', answer);
    await expect(run('/1', pages, more)).rejects.toMatchObject({ code, retry: 'no' });
    expect(origin.requests).toHaveLength(1);
  });

  test('when all of them together have too many bytes', async () => {
    linked(3);
    const maxBytes = JSON.stringify(items(2, 2)).length + 5;
    await expect(run('/1', { next: 'link' }, { maxBytes })).rejects.toMatchObject({
      code: 'too-large',
      retry: 'no',
    });
    expect(origin.requests).toHaveLength(2);
  });

  test('when a later page fails, also in the middle of a file', async () => {
    linked(2, () => '</broken>; rel=next');
    origin.serve('/broken', answers.bytes('', {}, 500));
    for (const as of ['auto', 'file'] as const)
      await expect(run('/1', { next: 'link' }, { as })).rejects.toMatchObject({
        code: 'http-500',
        retry: 'yes',
      });
  });
});

describe('a later page that is asked to wait', () => {
  const slow = (seconds: string) => {
    origin.serve('/1', json([1], { link: '</2>; rel=next' }));
    origin.serve('/2', answers.failing(1, 200, json([2])));
    origin.serve('/2', (request, response, n, left) =>
      (n === 1 ? answers.tooMany(seconds) : json([2]))(request, response, n, left),
    );
  };

  test('waits in place when that is not long: the pages before it are not asked for again', async () => {
    slow('1');
    expect((await run('/1', { next: 'link' })).result.json).toEqual([1, 2]);
    expect(origin.requests.map(({ path }) => path)).toEqual(['/1', '/2', '/2']);
  });

  test('gives its worker back when it is', async () => {
    slow('60');
    await expect(run('/1', { next: 'link' })).rejects.toMatchObject({
      code: 'http-429',
      retry: expect.any(Date),
    });
  });

  test('is not asked again when it is a POST that must be sent once', async () => {
    slow('1');
    const post: Given = { method: 'POST', body: { json: {} } };
    await expect(run('/1', { next: 'link' }, post)).rejects.toMatchObject({ code: 'http-429', retry: 'no' });
  });
});

test('the next page on another origin gets nothing that says who asks', async () => {
  const other = await answers.startOrigin();
  try {
    const there = other.serve('/2', json([2]));
    origin.serve('/1', json([1], { link: `<${there}>; rel=next` }));
    await run('/1', { next: 'link' }, { headers: { 'X-Api-Key': 'abc', Authorization: 'Bearer abc' } });
    expect(origin.requests[0]?.headers).toMatchObject({ 'x-api-key': 'abc', authorization: 'Bearer abc' });
    expect(other.requests[0]?.headers).not.toHaveProperty('x-api-key');
    expect(other.requests[0]?.headers).not.toHaveProperty('authorization');
  } finally {
    await other.close();
  }
});
