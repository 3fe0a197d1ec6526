import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createOutbound } from '@offload/outbound/create-outbound';
import type { Outbound } from '@offload/outbound/outbound';
import * as answers from '../../../test/support/origin.js';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { sha256 } from '../../../test/support/upload.js';
import { UrlBody } from './url-body.js';

let origin: answers.Origin;
let outbound: Outbound;
let cancel: AbortController;
beforeAll(async () => {
  origin = await answers.startOrigin();
  outbound = createOutbound({ allow: ['loopback'] });
});
afterAll(async () => {
  await outbound.close();
  await origin.close();
});
beforeEach(() => {
  cancel = new AbortController();
});

const body = randomBytes(300_000);
const CUT = 100_000;
let paths = 0;

/** Reads all that a path gives whose answers break off after CUT bytes the first time (or `breaks` times). */
async function read(serve: answers.Answer, options: { breaks?: number; deadlineMs?: number } = {}) {
  const path = `/source-${(paths += 1)}`;
  const url = origin.serve(path, serve);
  const opened = await UrlBody.open({
    url,
    outbound,
    signal: cancel.signal,
    log: new RecordedLog(),
    maxBytes: 1_000_000,
    deadlineMs: options.deadlineMs ?? 10_000,
    firstPauseMs: 1,
  });
  const chunks: Buffer[] = [];
  for await (const chunk of opened.chunks()) chunks.push(Buffer.from(chunk));
  const ranges = origin.requests
    .filter((request) => request.path === path)
    .map(({ headers }) => [headers['range'], headers['if-range']]);
  return { bytes: Buffer.concat(chunks), ranges, opened };
}

/** Sends the head and CUT bytes, then cuts the connection. */
async function breakOff(response: ServerResponse, headers: Record<string, string>, from = 0): Promise<void> {
  response.writeHead(from > 0 ? 206 : 200, headers);
  await new Promise<void>((sent) => response.write(body.subarray(from, from + CUT), () => sent()));
  response.destroy();
}

const whole = { 'content-length': String(body.length) };
const rest = (from: number, size = body.length) => ({
  'content-length': String(body.length - from),
  'content-range': `bytes ${from}-${body.length - 1}/${size}`,
});

/** Obeys Range; breaks off every time until nothing is left. */
const ranged =
  (headers: Record<string, string>): answers.Answer =>
  (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const left = { ...headers, ...(from > 0 ? rest(from) : whole) };
    if (body.length - from > CUT) return breakOff(response, left, from);
    response.writeHead(206, left).end(body.subarray(from));
  };

/** Breaks off the first time; then answers as it is told. */
const then =
  (headers: Record<string, string>, next: answers.Answer): answers.Answer =>
  (request, response, n, left) =>
    n === 1 ? breakOff(response, { ...whole, ...headers }) : next(request, response, n, left);

const LONG_AGO = 'Mon, 02 Nov 2026 08:00:00 GMT';

describe('a source that breaks off', () => {
  test.each([
    ['a strong ETag', { etag: '"v1"' }, '"v1"'],
    ['a Last-Modified', { 'last-modified': LONG_AGO }, LONG_AGO],
    ['both: the ETag', { etag: '"v1"', 'last-modified': LONG_AGO }, '"v1"'],
  ])('is asked for the rest by Range and If-Range with %s', async (_name, headers, validator) => {
    const { bytes, ranges, opened } = await read(ranged(headers));
    expect(bytes.equals(body)).toBe(true);
    expect(opened.sha256()).toBe(sha256(body));
    expect(ranges).toEqual([
      [undefined, undefined],
      ['bytes=100000-', validator],
      ['bytes=200000-', validator],
    ]);
  });

  const NOW = new Date().toUTCString();
  test.each([
    ['a weak ETag', { etag: 'W/"v1"' }],
    ['a Last-Modified of this second', { 'last-modified': NOW, date: NOW }],
    ['nothing to tell it by', {}],
    ['Accept-Ranges: none', { etag: '"v1"', 'accept-ranges': 'none' }],
  ])('is read again from its start with %s', async (_name, headers: Record<string, string>) => {
    const { bytes, ranges } = await read(then(headers, answers.bytes(body, headers)));
    expect(bytes.equals(body)).toBe(true);
    expect(ranges).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  test('and ignores the Range is read again from its start', async () => {
    const { bytes, ranges } = await read(then({ etag: '"v1"' }, answers.bytes(body, { etag: '"v1"' })));
    expect(bytes.equals(body)).toBe(true);
    expect(ranges).toHaveLength(2);
  });

  test('and has other bytes now fails clearly, to be read anew', async () => {
    const other = Buffer.from(body).fill(0, 10, 20);
    const run = read(then({ etag: '"v1"' }, answers.bytes(other, { etag: '"v2"' })));
    await expect(run).rejects.toMatchObject({ code: 'source-changed', retry: 'yes' });
  });

  test('and is shorter now fails clearly', async () => {
    const run = read(then({}, answers.bytes(body.subarray(0, CUT - 1))));
    await expect(run).rejects.toMatchObject({ code: 'source-changed', retry: 'yes' });
  });

  test('and is the same with more at its end is taken as it is now', async () => {
    const longer = Buffer.concat([body, randomBytes(100)]);
    const { bytes, opened } = await read(then({ etag: '"v1"' }, answers.bytes(longer, { etag: '"v2"' })));
    expect(bytes.equals(longer)).toBe(true);
    expect(opened.size).toBe(longer.length);
  });

  test.each<[string, Record<string, string>]>([
    ['another beginning', rest(CUT - 1)],
    ['another size', rest(CUT, body.length + 1)],
    ['another ETag', { ...rest(CUT), etag: '"v2"' }],
    ['no Content-Range', { 'content-length': String(body.length - CUT) }],
    ['a coded rest', { ...rest(CUT), 'content-encoding': 'br' }],
  ])('and answers with %s is read again from its start', async (_name, headers) => {
    const answer = then({ etag: '"v1"' }, (_request, response, n) => {
      if (n === 2)
        response.writeHead(206, headers).end(body.subarray(body.length - Number(headers['content-length'])));
      else response.writeHead(200, whole).end(body);
    });
    const { bytes, ranges } = await read(answer);
    expect(bytes.equals(body)).toBe(true);
    expect(ranges).toEqual([
      [undefined, undefined],
      ['bytes=100000-', '"v1"'],
      [undefined, undefined],
    ]);
  });

  test('and says that there is no rest is complete', async () => {
    const answer: answers.Answer = async (_request, response, n) => {
      if (n === 2) return void response.writeHead(416, { 'content-range': `bytes */${CUT}` }).end();
      response.writeHead(200, { etag: '"v1"', 'transfer-encoding': 'chunked' });
      await new Promise<void>((sent) => response.write(body.subarray(0, CUT), () => sent()));
      response.destroy();
    };
    const { bytes } = await read(answer);
    expect(bytes.equals(body.subarray(0, CUT))).toBe(true);
  });

  test('and is away for a while is waited for', async () => {
    const answer = then({ etag: '"v1"' }, (_request, response, n) => {
      if (n < 4) return void response.writeHead(503, { 'retry-after': '0' }).end();
      response.writeHead(206, { etag: '"v1"', ...rest(CUT) }).end(body.subarray(CUT));
    });
    const { bytes, ranges } = await read(answer);
    expect(bytes.equals(body)).toBe(true);
    expect(ranges).toHaveLength(4);
  });

  test.each([404, 403])('and answers %d then ends the task with that', async (status) => {
    const run = read(then({ etag: '"v1"' }, answers.bytes('no', {}, status)));
    await expect(run).rejects.toMatchObject({ code: `http-${status}`, retry: 'no' });
  });

  test('again and again at the same place is given up', async () => {
    const path = `/source-${paths + 1}`;
    const run = read((_request, response) => breakOff(response, { ...whole, etag: '"v1"' }));
    await expect(run).rejects.toMatchObject({ code: 'source-broken', retry: 'yes' });
    expect(origin.requests.filter((request) => request.path === path).length).toBeLessThanOrEqual(6);
  });

  test('is not asked again once the task is cancelled', async () => {
    const path = `/source-${paths + 1}`;
    const run = read(async (_request, response) => {
      cancel.abort(new Error('cancelled'));
      await breakOff(response, { ...whole, etag: '"v1"' });
    });
    await expect(run).rejects.toThrow();
    expect(origin.requests.filter((request) => request.path === path)).toHaveLength(1);
  });
});

test('bytes are asked for as they are, and decoded if they come coded all the same', async () => {
  const { bytes, opened } = await read((request, response) => {
    expect(request.headers['accept-encoding']).toBe('identity');
    response.writeHead(200, { etag: '"v1"', 'content-encoding': 'gzip' }).end(gzipSync(body));
  });
  expect(bytes.equals(body)).toBe(true);
  expect(opened.size).toBeNull();
});

test('a redirect is followed again for the rest', async () => {
  const target = origin.serve('/moved-to', ranged({ etag: '"v1"' }));
  const { bytes, opened } = await read((_request, response) => {
    response.writeHead(302, { location: target }).end();
  });
  expect(bytes.equals(body)).toBe(true);
  expect(opened.first.url).toBe(target);
});
