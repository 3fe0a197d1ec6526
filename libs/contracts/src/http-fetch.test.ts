import { describe, expect, test } from '@jest/globals';
import { httpFetch } from './http-fetch.js';
import { HEADER_LIMITS } from './http-fetch-headers.js';

const url = 'https://api.example.com/items';
const faults = (more: object): string[] => {
  const parsed = httpFetch.input.safeParse({ url, ...more });
  return parsed.success ? [] : parsed.error.issues.map((issue) => `/${issue.path.join('/')}`);
};

describe('http.fetch takes', () => {
  test.each<[string, object]>([
    ['a URL alone', {}],
    ['a method with a JSON body', { method: 'POST', body: { json: { a: [1, null] } } }],
    ['JSON null as a body', { method: 'POST', body: { json: null } }],
    ['a form with repeated fields', { method: 'POST', body: { form: { a: ['1', 2, true] } } }],
    ['text with its type', { method: 'PUT', body: { text: 'a,b', type: 'text/csv' } }],
    ['a DELETE with a body', { method: 'DELETE', body: { json: {} } }],
    ['headers, an empty one, too', { headers: { Accept: 'text/csv', 'X-Empty': '', 'x-y': 'a b\tc' } }],
    ['credentials of the client', { headers: { Authorization: 'Bearer abc' } }],
    ['statuses, classes and ranges', { acceptStatuses: [200, '4xx', '500-503', '301'] }],
    ['one pick', { pick: '/a/0/~1b~0c' }],
    ['several picks', { pick: { id: '/id', all: '' } }],
    ['pages by Link', { pages: { next: 'link' } }],
    ['pages by a URL', { pages: { next: { url: '/next' }, items: '/data' } }],
    ['pages by a cursor', { pages: { next: { cursor: '/next', query: 'after' }, max: 100 } }],
    [
      'pages by a cursor in the body',
      { method: 'POST', body: { json: {} }, pages: { next: { cursor: '/n', body: '/after' } } },
    ],
  ])('%s', (_what, more) => {
    expect(faults(more)).toEqual([]);
  });
});

describe('http.fetch refuses, and points at it:', () => {
  const header = (name: string, value = 'x') => ({ headers: { [name]: value } });
  test.each<[string, object, string]>([
    ['a method that it does not know', { method: 'TRACE' }, '/method'],
    ['CONNECT', { method: 'CONNECT' }, '/method'],
    ['a member that it does not know', { methods: 'GET' }, '/'],
    ['a body of a GET', { body: { json: 1 } }, '/body'],
    ['a body of a HEAD', { method: 'HEAD', body: { text: '' } }, '/body'],
    ['two bodies', { method: 'POST', body: { json: 1, text: 'x' } }, '/body'],
    ...[
      'Host',
      'host',
      'Connection',
      'Keep-Alive',
      'Proxy-Connection',
      'Proxy-Authorization',
      'TE',
      'Trailer',
      'Transfer-Encoding',
      'Upgrade',
      'Content-Length',
      'Content-Encoding',
      'Accept-Encoding',
      'Expect',
    ].map((name): [string, object, string] => [`the header ${name}`, header(name), `/headers/${name}`]),
    ['a header name with a space', header('X A'), '/headers/X A'],
    ['a header name with a colon', header('X:A'), '/headers/X:A'],
    ['a pseudo-header', header(':authority'), '/headers/:authority'],
    ['an empty header name', header(''), '/headers/'],
    ['a line end in a header', header('X-A', 'a\r\nHost: evil'), '/headers/X-A'],
    ['a NUL in a header', header('X-A', 'a\0b'), '/headers/X-A'],
    ['space around a header', header('X-A', ' a'), '/headers/X-A'],
    ['a header beyond ASCII', header('X-A', 'é'), '/headers/X-A'],
    ['a header twice in two spellings', { headers: { 'X-A': '1', 'x-a': '2' } }, '/headers/x-a'],
    ['a header that is too long', header('X-A', 'a'.repeat(HEADER_LIMITS.valueChars + 1)), '/headers/X-A'],
    [
      'too many headers',
      { headers: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`X-${n}`, ''])) },
      '/headers',
    ],
    [
      'too much in headers',
      { headers: Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`X-${n}`, 'a'.repeat(4_000)])) },
      '/headers',
    ],
    ['null in a query', { query: { a: null } }, '/query/a'],
    ['an object in a query', { query: { a: { b: 1 } } }, '/query/a'],
    ['a status beyond 599', { acceptStatuses: [600] }, '/acceptStatuses/0'],
    ['no status', { acceptStatuses: [] }, '/acceptStatuses'],
    ['a class that is none', { acceptStatuses: ['2x'] }, '/acceptStatuses/0'],
    ['a pointer without its slash', { pick: 'a/b' }, '/pick'],
    ['a pointer with a wild tilde', { pick: '/~2' }, '/pick'],
    ['a pick from a file', { pick: '/a', as: 'file' }, '/pick'],
    ['a pick from pages', { pick: '/a', pages: { next: 'link' } }, '/pick'],
    ['pages by PUT', { method: 'PUT', pages: { next: 'link' } }, '/pages'],
    ['pages as text', { as: 'text', pages: { next: 'link' } }, '/pages'],
    ['more than 100 pages', { pages: { next: 'link', max: 101 } }, '/pages/max'],
    [
      'a cursor for a body that is no JSON',
      { method: 'POST', body: { text: '' }, pages: { next: { cursor: '', body: '/a' } } },
      '/pages',
    ],
    [
      'an idempotency key twice',
      { method: 'POST', idempotencyKey: 'task', headers: { 'Idempotency-Key': 'a' } },
      '/idempotencyKey',
    ],
    [
      'JSON with a name that cannot be stored',
      { method: 'POST', body: { json: { 'a\0': 1 } } },
      '/body/json',
    ],
    [
      'JSON that is nested too deep',
      { method: 'POST', body: { json: JSON.parse('['.repeat(1_000) + ']'.repeat(1_000)) as unknown } },
      '/body/json',
    ],
    ['a query with a name that cannot be stored', { query: { 'a\0': '1' } }, '/query'],
    ['a form with one', { method: 'POST', body: { form: { _bsontype: '1' } } }, '/body/form'],
    ['a header with one', header('_bsontype'), '/headers/_bsontype'],
    ['a file name with a slash', { fileName: '../x' }, '/fileName'],
    ['a secret that is a value', { secrets: ['ghp abc'] }, '/secrets/0'],
    ['another URL than http', { url: 'ftp://example.com/' }, '/url'],
  ])('%s', (_what, more, pointer) => {
    expect(faults(more)).toContain(pointer);
  });
});
