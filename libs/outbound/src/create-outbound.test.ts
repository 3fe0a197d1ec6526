import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { TaskError } from '@offload/contracts/errors';
import * as answers from '../../../test/support/origin.js';
import { withOrigin } from '../../../test/support/with-origin.js';
import type { Outbound, OutboundRequest } from './outbound.js';

const LIMITS: OutboundRequest = { deadlineMs: 5_000, maxBytes: 100_000 };

let origin: answers.Origin;
let outbound: Outbound;
withOrigin((started) => ({ origin, outbound } = started), { connectTimeoutMs: 300 });

/** Serves, fetches and reads the whole body. */
async function get(answer: answers.Answer, request: Partial<OutboundRequest> = {}): Promise<Buffer> {
  const response = await outbound.fetch(origin.serve('/it', answer), { ...LIMITS, ...request });
  return response.bytes();
}

const failing = (code: string, retry: 'yes' | 'no') => expect.objectContaining({ code, retry });

describe('an answer', () => {
  test('comes with its status, headers in lower case, final URL and body', async () => {
    const url = origin.serve(
      '/a',
      answers.bytes('hello', { 'X-One': '1', 'content-type': 'text/plain' }, 201),
    );
    const response = await outbound.fetch(`${url}#part`, LIMITS);
    expect(response).toMatchObject({ url, status: 201, redirects: [] });
    expect(response.headers).toMatchObject({ 'x-one': '1', 'content-type': 'text/plain' });
    expect((await response.bytes()).toString()).toBe('hello');
  });

  test('to a request that says who asks, in headers that the caller can replace', async () => {
    await get(answers.bytes('1'));
    await get(answers.bytes('2'), { headers: { 'User-Agent': 'mine', 'Accept-Encoding': 'identity' } });
    expect(origin.requests[0]?.headers).toMatchObject({
      'user-agent': expect.stringMatching(/^Offload\/\d+\.\d+\.\d+$/),
      'accept-encoding': expect.stringContaining('gzip'),
    });
    expect(origin.requests[1]?.headers).toMatchObject({
      'user-agent': 'mine',
      'accept-encoding': 'identity',
    });
  });

  test('leaves its connection to later requests to the same origin', async () => {
    for (let n = 0; n < 6; n++) await get(answers.bytes('x'));
    // Two, not one: a body ends a moment before its connection is free again.
    expect(await origin.connections()).toBeLessThanOrEqual(2);
  });

  test('without a body has none: HEAD, 204 and 304, whatever their headers promise', async () => {
    const coded = { 'content-encoding': 'gzip', 'content-length': '999999' };
    expect(await get(answers.bytes('', coded), { method: 'HEAD' })).toHaveLength(0);
    expect(await get(answers.bytes('', { 'content-encoding': 'gzip' }, 304))).toHaveLength(0);
    expect(await get(answers.bytes('', { 'content-encoding': 'gzip' }))).toHaveLength(0);
  });

  test.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ])('in %s is decoded', async (coding, encode) => {
    const text = 'some words, '.repeat(5_000);
    const body = await get(answers.bytes(encode(Buffer.from(text)), { 'content-encoding': coding }));
    expect(body.toString()).toBe(text);
  });

  test('in two codings is decoded from the outside in', async () => {
    const twice = brotliCompressSync(gzipSync('hello'));
    const body = await get(answers.bytes(twice, { 'content-encoding': 'gzip, br' }));
    expect(body.toString()).toBe('hello');
  });
});

describe('redirects', () => {
  test('are followed, recorded, and resolved against where they stand', async () => {
    origin.serve('/a/start', answers.redirect('../b?x=1', 301));
    origin.serve('/b?x=1', answers.redirect(`${origin.url}/ende/ü`, 307));
    origin.serve('/ende/%C3%BC', answers.bytes('there'));
    const response = await outbound.fetch(`${origin.url}/a/start`, LIMITS);
    expect((await response.bytes()).toString()).toBe('there');
    expect(response.url).toBe(`${origin.url}/ende/%C3%BC`);
    expect(response.redirects).toEqual([
      { status: 301, from: `${origin.url}/a/start`, to: `${origin.url}/b?x=1` },
      { status: 307, from: `${origin.url}/b?x=1`, to: `${origin.url}/ende/%C3%BC` },
    ]);
  });

  test('end at the limit', async () => {
    const error = failing('too-many-redirects', 'no');
    await expect(get(answers.redirect('/it'), { maxRedirects: 3 })).rejects.toEqual(error);
    expect(origin.requests).toHaveLength(4);
  });

  test('without a Location are answers', async () => {
    const response = await outbound.fetch(origin.serve('/none', answers.bytes('', {}, 302)), LIMITS);
    expect(response.status).toBe(302);
    await response.bytes();
  });

  test('to another origin take no credentials along', async () => {
    const other = await answers.startOrigin();
    other.serve('/', answers.bytes('x'));
    const headers = { Authorization: 'Bearer x', Cookie: 'a=b', 'X-Kept': '1' };
    await get(answers.redirect(`${other.url}/`), { headers });
    await other.close();
    expect(origin.requests[0]?.headers).toMatchObject({ authorization: 'Bearer x', cookie: 'a=b' });
    expect(other.requests[0]?.headers).toMatchObject({ 'x-kept': '1' });
    expect(other.requests[0]?.headers).not.toHaveProperty('authorization');
    expect(other.requests[0]?.headers).not.toHaveProperty('cookie');
  });

  test('with a body that hangs let go of its connection in the end', async () => {
    origin.serve('/after', answers.bytes('after'));
    let gone!: () => void;
    const left = new Promise<void>((resolve) => (gone = resolve));
    await get((_request, response, _n, signal) => {
      signal.addEventListener('abort', gone);
      response.writeHead(302, { location: '/after' }).write('some of it');
    });
    await left;
    expect(origin.requests).toHaveLength(2);
  });

  test('with an endless body of their own are left behind', async () => {
    origin.serve('/after', answers.bytes('after'));
    const body = await get(answers.endless({ location: '/after' }, 302));
    expect(body.toString()).toBe('after');
  });
});

describe('limits', () => {
  test('the deadline ends a request that is never answered, and names the host', async () => {
    const error = await get(answers.hang(), { deadlineMs: 100 }).catch((e: unknown) => e);
    expect(error).toEqual(failing('timeout', 'yes'));
    expect((error as Error).message).toBe(
      `127.0.0.1:${origin.port} did not deliver its answer within 0.1 seconds.`,
    );
  });

  test('a drip does not extend the deadline', async () => {
    await expect(get(answers.drip(20), { deadlineMs: 200 })).rejects.toEqual(failing('timeout', 'yes'));
  });

  test('a drip under gzip that decodes to nothing does not either', async () => {
    const stream = answers.drip(20, gzipSync('').toString('latin1'), { 'content-encoding': 'gzip' });
    await expect(get(stream, { deadlineMs: 200 })).rejects.toBeInstanceOf(TaskError);
  });

  test('the deadline holds while the reader is slow, and a body that nobody reads ends quietly', async () => {
    const response = await outbound.fetch(origin.serve('/it', answers.endless()), {
      deadlineMs: 150,
      maxBytes: 1e9,
    });
    await new Promise((resolve) => response.body.once('close', resolve));
    await expect(response.bytes()).rejects.toEqual(failing('timeout', 'yes'));
  });

  test('an endless body ends at the cap', async () => {
    await expect(get(answers.endless())).rejects.toEqual(failing('too-large', 'no'));
  });

  test('a body that says it is too large is not begun', async () => {
    const error = failing('too-large', 'no');
    const url = origin.serve('/big', answers.bytes(Buffer.alloc(200_000)));
    await expect(outbound.fetch(url, LIMITS)).rejects.toEqual(error);
  });

  test('a body of exactly the cap is not too large, one byte more is', async () => {
    expect(await get(answers.gzipped(Buffer.alloc(100_000)))).toHaveLength(100_000);
    await expect(get(answers.gzipped(Buffer.alloc(100_001)))).rejects.toEqual(failing('too-large', 'no'));
  });

  test('a gzip bomb ends at the cap, and its connection with it', async () => {
    await expect(get(answers.gzipBomb(1e9))).rejects.toEqual(failing('too-large', 'no'));
  });

  test.each([
    ['br', brotliCompressSync(Buffer.alloc(5_000_000))],
    ['deflate', deflateSync(Buffer.alloc(5_000_000))],
    ['deflate', deflateRawSync(Buffer.alloc(5_000_000))],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(5_000_000)))],
  ])('a bomb in %s ends at the cap', async (coding, wire) => {
    const bomb = answers.bytes(wire, { 'content-encoding': coding });
    await expect(get(bomb)).rejects.toEqual(failing('too-large', 'no'));
  });

  test('headers are capped', async () => {
    const huge = answers.bytes('x', { 'x-huge': 'y'.repeat(100_000) });
    await expect(get(huge)).rejects.toEqual(failing('headers-too-large', 'no'));
  });

  test('the signal ends it at once, with the reason when that is a TaskError', async () => {
    const controller = new AbortController();
    const pending = get(answers.hang(), { signal: controller.signal });
    await origin.asked('/it');
    const reason = new TaskError('cancelled', 'Cancelled.', { retry: 'no' });
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    const later = get(answers.bytes('x'), { signal: AbortSignal.abort() });
    await expect(later).rejects.toEqual(failing('aborted', 'yes'));
    expect(origin.requests).toHaveLength(1);
  });

  test('a request that cannot be sent is refused before it is', async () => {
    const request = get(answers.bytes('x'), { headers: { 'x-bad': 'a\r\nb' } });
    await expect(request).rejects.toEqual(failing('invalid-request', 'no'));
    expect(origin.requests).toHaveLength(0);
  });

  test('the signal ends a body that has begun', async () => {
    const controller = new AbortController();
    const response = await outbound.fetch(origin.serve('/it', answers.drip(10)), {
      ...LIMITS,
      signal: controller.signal,
    });
    controller.abort();
    await expect(response.bytes()).rejects.toEqual(failing('aborted', 'yes'));
  });
});

describe('a broken answer is an error:', () => {
  test.each<[string, answers.Answer, string, 'yes' | 'no']>([
    ['fewer bytes than Content-Length', answers.wrongLength('abc', 10), 'truncated-body', 'yes'],
    ['chunks that do not end', answers.cutChunks('abc'), 'truncated-body', 'yes'],
    ['a cut gzip stream', cutGzip(), 'truncated-body', 'yes'],
    ['a body that is not gzip', coded('gzip', 'plain text'), 'bad-encoding', 'no'],
    ['a body that is not brotli', coded('br', 'hello world, this'), 'bad-encoding', 'no'],
    ['a body that is not deflate', coded('deflate', '\x07\x01\x02'), 'bad-encoding', 'no'],
    ['an unknown coding', coded('sdch', 'x'), 'bad-encoding', 'no'],
    ['coding upon coding', coded('gzip, gzip, gzip', 'x'), 'bad-encoding', 'no'],
    ['a reset', answers.reset(), 'connection-lost', 'yes'],
    ['words that are not HTTP', answers.raw('220 smtp.example ESMTP\r\n'), 'bad-response', 'yes'],
    ['nothing at all', answers.raw(''), 'connection-lost', 'yes'],
  ])('%s', async (_what, answer, code, retry) => {
    await expect(get(answer)).rejects.toEqual(failing(code, retry));
  });

  function coded(coding: string, body: string): answers.Answer {
    return answers.bytes(body, { 'content-encoding': coding });
  }
  function cutGzip(): answers.Answer {
    return answers.bytes(gzipSync('some text').subarray(0, -6), { 'content-encoding': 'gzip' });
  }
});
