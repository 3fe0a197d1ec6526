import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from '@jest/globals';
import * as answers from '../../../test/support/origin.js';
import { withOrigin } from '../../../test/support/with-origin.js';
import { createOutbound } from './create-outbound.js';
import type { Outbound, OutboundRequest } from './outbound.js';

const LIMITS: OutboundRequest = { deadlineMs: 5_000, maxBytes: 100_000 };

let origin: answers.Origin;
let outbound: Outbound;
withOrigin((started) => ({ origin, outbound } = started), { connectTimeoutMs: 300 });

async function mirrored(request: Partial<OutboundRequest>): Promise<Record<string, unknown>> {
  const response = await outbound.fetch(origin.serve('/it', answers.mirror()), { ...LIMITS, ...request });
  return JSON.parse((await response.bytes()).toString()) as Record<string, unknown>;
}

describe('a request', () => {
  test.each<[string, OutboundRequest['body']]>([
    ['a string', 'größer'],
    ['a buffer', Buffer.from('größer')],
    ['a stream', Readable.from(['grö', 'ßer'])],
    ['a function', () => Readable.from(['grö', 'ßer'])],
  ])('takes its body from %s', async (_what, body) => {
    expect(await mirrored({ method: 'PUT', body })).toMatchObject({ method: 'PUT', body: 'größer' });
  });

  test('takes its method in any case', async () => {
    expect(await mirrored({ method: 'patch', body: 'x' })).toMatchObject({ method: 'PATCH' });
  });

  test.each<Partial<OutboundRequest>>([
    { headers: { Host: 'inner.example' } },
    { headers: { 'Transfer-Encoding': 'chunked' } },
    { headers: { Connection: 'upgrade' } },
    { headers: { Expect: '100-continue' } },
    { headers: { 'x-bad': 'a\r\nb' } },
    { headers: { 'bad name': 'a' } },
    { method: 'PUT', headers: { 'content-length': '99' }, body: 'short' },
    { method: 'NO GOOD' },
  ])('%j is refused before it is sent', async (request) => {
    await expect(mirrored(request)).rejects.toMatchObject({
      code: 'invalid-request',
      retry: 'no',
      sent: false,
    });
    expect(origin.requests).toHaveLength(0);
  });

  test('that is refused lets go of the stream that it would have sent', async () => {
    const body = Readable.from(['x']);
    const refused = outbound.fetch('http://10.0.0.1/', { ...LIMITS, method: 'PUT', body });
    await expect(refused).rejects.toMatchObject({ code: 'address-refused' });
    expect(body.destroyed).toBe(true);
  });

  test('whose body breaks is not answered', async () => {
    const body = (): Readable =>
      Readable.from(
        (async function* () {
          yield 'some';
          await origin.asked('/it');
          throw new Error('the file is gone');
        })(),
      );
    await expect(mirrored({ method: 'POST', body })).rejects.toMatchObject({ code: 'connection-lost' });
  });

  test('that must not be sent twice gets a connection of its own: no idle one closes under it', async () => {
    const used = new Set<unknown>();
    const once: answers.Answer = (request, response, n, left) => {
      if (used.has(request.socket)) return void request.socket.resetAndDestroy();
      used.add(request.socket);
      return answers.bytes(`${n}`)(request, response, n, left);
    };
    const url = origin.serve('/once', once);
    const post = { ...LIMITS, method: 'POST', body: 'x' };
    for (const request of [LIMITS, post, post, { ...post, method: 'PATCH' }]) {
      const response = await outbound.fetch(url, request);
      expect(response.status).toBe(200);
      await response.bytes();
    }
    expect(used.size).toBe(4);
    expect(origin.requests[1]?.headers.connection).toBe('close');
  });

  test('says who asks, and where to ask back', async () => {
    const named = createOutbound({ allow: ['loopback'], contact: 'https://example.com/bot' });
    origin.serve('/it', answers.bytes(''));
    await (await named.fetch(`${origin.url}/it`, LIMITS)).bytes();
    await named.close();
    const agent = origin.requests[0]?.headers['user-agent'];
    expect(agent).toMatch(/^Offload\/\d+\.\d+\.\d+ \(\+https:\/\/example\.com\/bot\)$/);
  });
});

describe('of a failed request it is known whether it was sent:', () => {
  const cases: [string, boolean, string, () => Promise<unknown>][] = [
    ['an address that is refused', false, 'address-refused', () => ask('http://10.0.0.1/')],
    ['a URL that is none', false, 'invalid-url', () => ask('http://')],
    ['a host that is not there', false, 'host-not-found', () => ask('http://lost.example/')],
    ['a port that is closed', false, 'connect-failed', () => ask(`http://127.0.0.1:${closedPort}/`)],
    ['no TLS', false, 'tls-failed', () => ask(`https://127.0.0.1:${origin.port}/`)],
    ['a connection that breaks', true, 'connection-lost', () => ask(origin.serve('/x', answers.reset()))],
    ['no answer', true, 'timeout', () => ask(origin.serve('/x', answers.hang()), { deadlineMs: 80 })],
    ['a given-up one', true, 'aborted', () => ask(origin.serve('/x', answers.hang()), abortSoon())],
    ['one given up before', false, 'aborted', () => ask(`${origin.url}/x`, { signal: AbortSignal.abort() })],
    ['nonsense', true, 'bad-response', () => ask(origin.serve('/x', answers.raw('what?\r\n\r\n')))],
    ['a body cut short', true, 'truncated-body', () => ask(origin.serve('/x', answers.wrongLength('a', 9)))],
    ['a body too large', true, 'too-large', () => ask(origin.serve('/x', answers.endless()))],
  ];
  let closedPort = 0;
  beforeEach(async () => {
    const gone = await answers.startOrigin();
    closedPort = gone.port;
    await gone.close();
    const resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    await outbound.close();
    outbound = createOutbound({ allow: ['loopback'], connectTimeoutMs: 300, resolve });
  });

  test.each(cases)('%s: %s', async (_what, sent, code, run) => {
    await expect(run()).rejects.toMatchObject({ code, sent });
  });

  async function ask(url: string, request: Partial<OutboundRequest> = {}): Promise<unknown> {
    const response = await outbound.fetch(url, { ...LIMITS, method: 'POST', body: 'x', ...request });
    return response.bytes();
  }
  function abortSoon(): Partial<OutboundRequest> {
    const controller = new AbortController();
    void origin.asked('/x').then(() => controller.abort());
    return { signal: controller.signal };
  }
});

describe('raw bytes', () => {
  test('are asked for as identity and given as they came', async () => {
    const coded = gzipSync('hello');
    const url = origin.serve('/coded', answers.bytes(coded, { 'content-encoding': 'gzip' }));
    const response = await outbound.fetch(url, { ...LIMITS, raw: true });
    expect(await response.bytes()).toEqual(coded);
    expect(response.headers['content-encoding']).toBe('gzip');
    expect(origin.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  test('count against the cap as they are', async () => {
    const url = origin.serve('/bomb', answers.gzipBomb(10_000_000));
    const response = await outbound.fetch(url, { ...LIMITS, raw: true });
    expect((await response.bytes()).length).toBeLessThan(50_000);
  });

  test('of a range come with 206, and all of it when it has changed since', async () => {
    const url = origin.serve('/file', answers.ranged(Buffer.from('0123456789'), '"one"'));
    const part = (headers: Record<string, string>) => outbound.fetch(url, { ...LIMITS, headers });
    const same = await part({ range: 'bytes=4-', 'if-range': '"one"' });
    expect([same.status, (await same.bytes()).toString()]).toEqual([206, '456789']);
    expect(same.headers['content-range']).toBe('bytes 4-9/10');
    const changed = await part({ range: 'bytes=4-', 'if-range': '"two"' });
    expect([changed.status, (await changed.bytes()).toString()]).toEqual([200, '0123456789']);
    const past = await part({ range: 'bytes=10-' });
    expect([past.status, (await past.bytes()).length]).toEqual([416, 0]);
    expect(new Set(origin.requests.map(({ headers }) => headers['accept-encoding']))).toEqual(
      new Set(['identity']),
    );
  });

  test('of a broken transfer can be asked for again from where it broke', async () => {
    const file = Buffer.alloc(200_000, 'x');
    const url = origin.serve('/file', answers.breaking(1, 65_536, answers.ranged(file, '"one"')));
    const limits = { ...LIMITS, maxBytes: 1_000_000, raw: true };
    const first = await outbound.fetch(url, limits);
    let got = 0;
    const broken = (async () => {
      for await (const chunk of first.body) got += (chunk as Buffer).length;
    })();
    await expect(broken).rejects.toMatchObject({ code: 'truncated-body', retry: 'yes' });
    const headers = { range: `bytes=${got}-`, 'if-range': '"one"' };
    const rest = await outbound.fetch(url, { ...limits, headers });
    expect(got + (await rest.bytes()).length).toBe(file.length);
  });
});
