import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { httpFetch } from '@offload/contracts/http-fetch';
import { createOutbound } from '@offload/outbound/create-outbound';
import type { Outbound } from '@offload/outbound/outbound';
import { runHandler, type RunHandlerOptions } from '@offload/worker/run-handler';
import type { z } from 'zod';
import * as answers from '../../../test/support/origin.js';
import { createHttpHandler } from './handler.js';

type Given = z.input<typeof httpFetch.input>;

const JSON_TYPE = { 'content-type': 'application/json' };
let origin: answers.Origin;
let outbound: Outbound;
let bodies: string[];
beforeEach(async () => {
  origin = await answers.startOrigin();
  outbound = createOutbound({ allow: ['loopback'] });
  bodies = [];
});
afterEach(async () => {
  await outbound.close();
  await origin.close();
});

const json = (value: unknown, headers: Record<string, string> = {}, status = 200): answers.Answer =>
  answers.bytes(JSON.stringify(value), { ...JSON_TYPE, ...headers }, status);
/** Answers 200 and `{}` once it has the whole request. */
const taking: answers.Answer = async (request, response, n, left) => {
  bodies.push(await text(request));
  return json({})(request, response, n, left);
};
const run = (input: Given, options?: RunHandlerOptions) =>
  runHandler(httpFetch, createHttpHandler({ outbound, secrets: new Map() }), input, options);
const sha256 = (body: string | Buffer): string => createHash('sha256').update(body).digest('hex');

describe('what is sent', () => {
  test.each<[string, Omit<Given, 'url'>, string, Record<string, string>, string]>([
    ['a GET that asks for JSON', {}, 'GET', { accept: 'application/json, */*;q=0.5' }, ''],
    ['the task’s own Accept', { headers: { Accept: 'text/csv' } }, 'GET', { accept: 'text/csv' }, ''],
    [
      'JSON',
      { method: 'POST', body: { json: { a: ['é'] } } },
      'POST',
      { 'content-type': 'application/json', 'content-length': '12' },
      '{"a":["é"]}',
    ],
    [
      'JSON of another type',
      { method: 'PATCH', headers: { 'Content-Type': 'application/merge-patch+json' }, body: { json: null } },
      'PATCH',
      { 'content-type': 'application/merge-patch+json' },
      'null',
    ],
    [
      'a form',
      { method: 'POST', body: { form: { a: ['1', 2], 'b c': 'ü&=', d: true } } },
      'POST',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'a=1&a=2&b+c=%C3%BC%26%3D&d=true',
    ],
    [
      'text',
      { method: 'PUT', body: { text: 'a;ü' } },
      'PUT',
      { 'content-type': 'text/plain; charset=utf-8' },
      'a;ü',
    ],
    ['a DELETE without a body', { method: 'DELETE' }, 'DELETE', {}, ''],
    ['a POST without a body', { method: 'POST' }, 'POST', { 'content-length': '0' }, ''],
    ['OPTIONS', { method: 'OPTIONS' }, 'OPTIONS', {}, ''],
  ])('is %s', async (_what, more, method, headers, body) => {
    await run({ url: origin.serve('/api', taking), ...more });
    expect(origin.requests).toMatchObject([{ method, headers }]);
    expect(bodies).toEqual([body]);
  });

  test('is the query after the URL’s own, arrays repeated, without the fragment', async () => {
    const path = '/api?z=%201&a=1&a=2.5&b+c=%C3%BC%26&d=false';
    origin.serve(path, json({}));
    await run({ url: `${origin.url}/api?z=%201#top`, query: { a: [1, 2.5], 'b c': 'ü&', d: false } });
    expect(origin.requests[0]?.path).toBe(path);
  });

  test('is the task’s id as Idempotency-Key at each attempt', async () => {
    const url = origin.serve('/api', answers.failing(1, 503, taking));
    const input: Given = { url, method: 'POST', body: { json: 1 }, idempotencyKey: 'task' };
    const taskId = '0193e3a0-0000-7000-8000-000000000001';
    await expect(run(input, { taskId })).rejects.toMatchObject({ code: 'http-503', retry: 'yes' });
    await run(input, { taskId, attempt: 2, previousEnd: { kind: 'crash', code: 'worker-crashed' } });
    expect(origin.requests.map(({ headers }) => headers['idempotency-key'])).toEqual([taskId, taskId]);
  });

  test('is no URL that servers would refuse by its length', async () => {
    const refused = { code: 'url-too-long', retry: 'no' };
    const query = { a: ['a'.repeat(5_000), 'b'.repeat(4_000)] };
    await expect(run({ url: origin.url, query })).rejects.toMatchObject(refused);
    expect(origin.requests).toEqual([]);
  });
});

describe('redirects', () => {
  test('are followed: a POST becomes a GET by 303, and goes again by 307', async () => {
    origin.serve('/there', taking);
    for (const status of [303, 307]) {
      const url = origin.serve(`/${status}`, answers.redirect('/there', status));
      const { result } = await run({ url, method: 'POST', body: { json: 1 } });
      expect(result).toMatchObject({ status: 200, url: `${origin.url}/there`, redirects: 1 });
    }
    expect(origin.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST', 'POST']);
    expect(bodies).toEqual(['', '1']);
  });

  test('are the answer when they are not to be followed', async () => {
    const url = origin.serve('/api', answers.redirect('/there', 302));
    const { result } = await run({ url, followRedirects: false, acceptStatuses: ['3xx'] });
    expect(result).toMatchObject({ status: 302, headers: { location: '/there' } });
    await expect(run({ url, followRedirects: false })).rejects.toMatchObject({
      code: 'http-302',
      retry: 'no',
    });
  });

  test('to another origin take nothing along that says who asks', async () => {
    const other = await answers.startOrigin();
    try {
      const there = other.serve('/there', json({}));
      const headers = { Authorization: 'Bearer abc', Cookie: 'a=b', 'X-Api-Key': 'abc', Accept: 'text/x' };
      await run({ url: origin.serve('/api', answers.redirect(there)), headers });
      expect(origin.requests[0]?.headers).toMatchObject({ authorization: 'Bearer abc', 'x-api-key': 'abc' });
      const { headers: got } = other.requests[0]!;
      expect(got.accept).toBe('text/x');
      for (const name of ['authorization', 'cookie', 'x-api-key']) expect(got).not.toHaveProperty(name);
    } finally {
      await other.close();
    }
  });
});

describe('the result has', () => {
  const page = { id: 7, list: [{ a: 1 }, { a: 2 }], $set: { 'a.b': 1 } };

  test('JSON that fits, and the headers worth having', async () => {
    const headers = { etag: '"1"', 'x-ratelimit-remaining': '59', 'set-cookie': 'a=b', server: 'x' };
    const { result, files } = await run({ url: origin.serve('/api', json(page, headers)) });
    expect(result).toMatchObject({
      status: 200,
      url: `${origin.url}/api`,
      redirects: 0,
      type: 'application/json',
      bytes: JSON.stringify(page).length,
      json: page,
      bigNumbers: 0,
      file: null,
      pages: null,
    });
    expect(Object.keys(result.headers).sort()).toEqual([
      'content-type',
      'date',
      'etag',
      'x-ratelimit-remaining',
    ]);
    expect(files.size).toBe(0);
  });

  test.each<[string, Given['pick'], unknown]>([
    ['one value', '/list/1/a', 2],
    [
      'several by name',
      { id: '/id', first: '/list/0', all: '/list' },
      { id: 7, first: { a: 1 }, all: page.list },
    ],
    ['the whole of it', '', page],
  ])('picked: %s', async (_what, pick, picked) => {
    const { result } = await run({ url: origin.serve('/api', json(page)), pick });
    expect(result).toMatchObject({ picked, bytes: JSON.stringify(page).length });
    expect(result).not.toHaveProperty('json');
  });

  test('what is picked from JSON that is itself too large for it', async () => {
    const large = { id: 9, list: Array.from({ length: 60_000 }, (_, n) => ({ name: `n${n}` })) };
    const url = origin.serve('/api', json(large));
    expect((await run({ url, pick: '/list/59999/name' })).result.picked).toBe('n59999');
    await expect(run({ url, pick: '/list' })).rejects.toMatchObject({ code: 'json-too-large', retry: 'no' });
    await expect(run({ url, as: 'json' })).rejects.toMatchObject({ code: 'json-too-large', retry: 'no' });
    const { result, files } = await run({ url });
    expect(result.file).toMatchObject({ name: 'response.json', sha256: sha256(JSON.stringify(large)) });
    expect(files.get('response.json')?.body.toString()).toBe(JSON.stringify(large));
  });

  test.each<[string, string, Record<string, string>, Partial<Given>, object]>([
    ['HTML', '<html>', { 'content-type': 'text/html; charset=utf-8' }, {}, { name: 'response.html' }],
    [
      'CSV under its own name',
      'a,b',
      { 'content-type': 'text/csv' },
      { fileName: 'x.csv' },
      { name: 'x.csv' },
    ],
    ['JSON as a file', '{ "a":1}', JSON_TYPE, { as: 'file' }, { name: 'response.json' }],
    ['bytes of no type', '\x00\x01', {}, {}, { name: 'response.bin', type: 'application/octet-stream' }],
    [
      'a type that cannot be read',
      'x',
      { 'content-type': 'a/b; é' },
      {},
      { type: 'application/octet-stream' },
    ],
    ['what only claims to be JSON', '<html>', JSON_TYPE, {}, { name: 'response.json' }],
    ['an empty body as a file', '', { 'content-type': 'text/csv' }, { as: 'file' }, { bytes: 0 }],
  ])('a file: %s', async (_what, body, headers, more, file) => {
    const { result, files } = await run({ url: origin.serve('/api', answers.bytes(body, headers)), ...more });
    expect(result.file).toMatchObject({ bytes: body.length, sha256: sha256(body), ...file });
    expect(files.get(result.file!.name)?.body.toString()).toBe(body);
    expect(result).not.toHaveProperty('json');
  });

  test.each<[string, Buffer | string, string | undefined, unknown]>([
    ['vendor types', '{"a":1}', 'application/vnd.api+json; charset=utf-8', { a: 1 }],
    ['JSON without a type', '[1]', undefined, [1]],
    ['a byte order mark', '\ufeff{"a":1}', 'application/json', { a: 1 }],
    ['UTF-16 by its mark', Buffer.from('\ufeff{"a":"ü"}', 'utf16le'), 'application/json', { a: 'ü' }],
    ['its charset', Buffer.from('{"a":"ü"}', 'latin1'), 'application/json; charset="ISO-8859-1"', { a: 'ü' }],
    ['JSON null', 'null', 'application/json', null],
  ])('JSON by %s', async (_what, body, type, value) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const { result } = await run({ url: origin.serve('/api', answers.bytes(body, headers)) });
    expect(result).toMatchObject({ json: value, file: null });
  });

  test('JSON of another type, when it is asked for as such', async () => {
    const url = origin.serve('/api', answers.bytes('{"a":1}', { 'content-type': 'text/html' }));
    expect((await run({ url, as: 'json' })).result.json).toEqual({ a: 1 });
  });

  test.each([
    ['shift_jis', Buffer.from([0x93, 0xfa, 0x96, 0x7b]), '日本'],
    ['UTF8', Buffer.from('ü'), 'ü'],
    ['windows-1251', Buffer.from([0xcf, 0xf0]), 'Пр'],
  ])('text in %s', async (charset, body, expected) => {
    const headers = { 'content-type': `text/plain; charset=${charset}` };
    const { result } = await run({ url: origin.serve('/api', answers.bytes(body, headers)), as: 'text' });
    expect(result).toMatchObject({ text: expected, bytes: body.length, file: null });
  });

  test.each<[string, Partial<Given>, answers.Answer]>([
    ['HEAD', { method: 'HEAD' }, answers.bytes('', { 'content-length': '1000', ...JSON_TYPE })],
    ['204', {}, (_request, response) => void response.writeHead(204).end()],
    ['an empty 200', {}, answers.bytes('', JSON_TYPE)],
    ['304', { acceptStatuses: [304], headers: { 'If-None-Match': '"1"' } }, answers.withEtag('"1"', '{}')],
  ])('no body for %s', async (_what, more, answer) => {
    const { result } = await run({ url: origin.serve('/api', answer), ...more });
    expect(result).toMatchObject({ bytes: 0, file: null });
    expect(result).not.toHaveProperty('json');
  });

  test('statuses that the task accepts, as they are', async () => {
    const url = origin.serve('/api', json({ error: 'none' }, {}, 404));
    const { result } = await run({ url, acceptStatuses: ['200-299', 404] });
    expect(result).toMatchObject({ status: 404, json: { error: 'none' } });
    await expect(run({ url, acceptStatuses: [200, '5xx', '405-499'] })).rejects.toMatchObject({
      code: 'http-404',
    });
  });
});

describe('a failure says what is wrong', () => {
  test.each<[string, answers.Answer, Partial<Given>, string, unknown, string]>([
    ['404', json({ message: 'no such\n item' }, {}, 404), {}, 'http-404', 'no', '"no such\\n item"'],
    [
      '422',
      answers.bytes('a\x00\x07b', { 'content-type': 'text/plain' }, 422),
      {},
      'http-422',
      'no',
      'It said: a b',
    ],
    ['401', json({}, {}, 401), {}, 'http-401', 'no', 'does not let'],
    ['500', json({}, {}, 500), {}, 'http-500', 'yes', '500'],
    ['501', json({}, {}, 501), {}, 'http-501', 'no', '501'],
    ['a long 503', answers.endless({ 'content-type': 'text/plain' }, 503), {}, 'http-503', 'yes', 'xxx…'],
    ['408', json({}, {}, 408), {}, 'http-408', 'yes', '408'],
    ['425', json({}, {}, 425), {}, 'http-425', 'yes', '425'],
    ['429', answers.tooMany('60'), {}, 'http-429', expect.any(Date), '429'],
    ['a web page', answers.bytes('<!doctype html>'), { as: 'json' }, 'not-json', 'no', '<!doctype html>'],
    ['an empty body', answers.bytes('', JSON_TYPE), { as: 'json' }, 'not-json', 'no', 'empty'],
    [
      'a pointer to nothing',
      json({ a: [1] }),
      { pick: '/a/1' },
      'nothing-at-pointer',
      'no',
      '/a is an array of 1',
    ],
    ['a wrong key', json({ a: { b: 1 } }), { pick: '/a/c/d' }, 'nothing-at-pointer', 'no', 'the keys "b"'],
    ['a pick from nothing', answers.bytes('', {}, 204), { pick: '/a' }, 'no-body', 'no', '204'],
    [
      'wrong bytes',
      answers.bytes(Buffer.from([0x22, 0xe9, 0x22])),
      { as: 'json' },
      'bad-text',
      'no',
      '"utf-8"',
    ],
    [
      'an unknown charset',
      answers.bytes('x', { 'content-type': 'text/x; charset=nope' }),
      { as: 'text' },
      'bad-text',
      'no',
      '"nope"',
    ],
    ['a large text', answers.bytes('x'.repeat(600_000)), { as: 'text' }, 'json-too-large', 'no', 'The text'],
    ['an endless body', answers.endless(), { maxBytes: 100_000 }, 'too-large', 'no', '100000'],
    [
      'a body that says it is too large',
      answers.bytes('x'.repeat(2_000)),
      { maxBytes: 1_999 },
      'too-large',
      'no',
      '1999',
    ],
    [
      'a large error page',
      answers.bytes('x'.repeat(5_000), {}, 503),
      { maxBytes: 10 },
      'http-503',
      'yes',
      '503',
    ],
    ['a gzip bomb', answers.gzipBomb(5e8), { maxBytes: 100_000 }, 'too-large', 'no', '100000'],
    ['a reset', answers.reset(), {}, 'connection-lost', 'yes', 'broke'],
    ['a cut body', answers.wrongLength('{"a":1}', 999), {}, 'truncated-body', 'yes', 'broke'],
    ['a cut file', answers.cutChunks('abc'), { as: 'file' }, 'truncated-body', 'yes', 'broke'],
    ['a hanging origin', answers.hang(), { timeoutMs: 300 }, 'timeout', 'yes', 'within 0.3 s'],
    [
      'a dripping origin',
      answers.drip(20, ' ', JSON_TYPE),
      { timeoutMs: 300 },
      'timeout',
      'yes',
      'within 0.3 s',
    ],
    [
      'a redirect to a forbidden place',
      answers.redirect('http://169.254.169.254/'),
      {},
      'address-refused',
      'no',
      'public',
    ],
    ['a redirect loop', answers.redirect('/api'), {}, 'too-many-redirects', 'no', 'redirect'],
  ])('%s', async (_what, answer, more, code, retry, words) => {
    const expected = { code, retry, message: expect.stringContaining(words) };
    await expect(run({ url: origin.serve('/api', answer), ...more })).rejects.toMatchObject(expected);
  });

  test('as soon as the attempt is aborted', async () => {
    const stop = new AbortController();
    const running = run({ url: origin.serve('/api', answers.hang()) }, { signal: stop.signal });
    await origin.asked('/api');
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
  });
});
