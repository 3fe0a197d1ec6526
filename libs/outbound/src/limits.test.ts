import * as zlib from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import * as answers from '../../../test/support/origin.js';
import { withOrigin } from '../../../test/support/with-origin.js';
import { createOutbound } from './create-outbound.js';
import type { OutboundError } from './outbound-error.js';
import type { Outbound, OutboundRequest } from './outbound.js';

const LIMITS: OutboundRequest = { deadlineMs: 5_000, maxBytes: 100_000 };
/** Of 1 GB of zeros a worker may see what a chunk holds and no more. */
const BOMB_BYTES = 1_000_000_000;
const HAS_ZSTD = 'createZstdDecompress' in zlib;

let origin: answers.Origin;
let outbound: Outbound;
withOrigin((started) => ({ origin, outbound } = started), { connectTimeoutMs: 300 });

async function get(answer: answers.Answer, request: Partial<OutboundRequest> = {}): Promise<Buffer> {
  const response = await outbound.fetch(origin.serve('/it', answer), { ...LIMITS, ...request });
  return response.bytes();
}

/** Asserts the code, and that it took less than `ms` milliseconds. */
async function fails(code: string, ms: number, run: Promise<unknown>): Promise<void> {
  const began = performance.now();
  await expect(run).rejects.toMatchObject({ code });
  expect(performance.now() - began).toBeLessThan(ms);
}

describe('an answer that does not come', () => {
  test('ends at the limit for the first byte, long before the deadline', async () => {
    await fails('timeout', 3_000, get(answers.hang(), { firstByteMs: 100 }));
  });

  test('that comes in time is not ended by it, however long the body takes', async () => {
    const slow = answers.drip(50);
    const response = await outbound.fetch(origin.serve('/slow', slow), {
      ...LIMITS,
      firstByteMs: 100,
      deadlineMs: 600,
    });
    expect(response.status).toBe(200);
    await expect(response.bytes()).rejects.toThrow('within 0.6 seconds');
  });

  test('that stops in the middle of its body ends at the limit for silence', async () => {
    await fails('timeout', 3_000, get(stalled(), { idleMs: 100 }));
  });

  test('whose headers drip ends at the deadline', async () => {
    await fails('timeout', 2_000, get(answers.slowHeaders(20), { deadlineMs: 300 }));
  });

  test('that is interim for ever ends at the deadline or before', async () => {
    const began = performance.now();
    await expect(get(answers.interimFlood(), { deadlineMs: 300 })).rejects.toMatchObject({ retry: 'yes' });
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test('ends at the deadline while its name is being looked up', async () => {
    const lost = createOutbound({ resolve: () => new Promise(() => {}) });
    await fails('timeout', 2_000, lost.fetch('http://lost.example/', { ...LIMITS, deadlineMs: 100 }));
    await lost.close();
  });

  test('ends at the deadline, and when it is given up, while all connections are taken', async () => {
    const narrow = createOutbound({ allow: ['loopback'], connectionsPerOrigin: 1 });
    const url = origin.serve('/hang', answers.hang());
    const first = narrow.fetch(url, { ...LIMITS, deadlineMs: 2_000 }).catch((error: unknown) => error);
    await origin.asked('/hang');
    await fails('timeout', 1_000, narrow.fetch(url, { ...LIMITS, deadlineMs: 100 }));
    await fails('aborted', 1_000, narrow.fetch(url, { ...LIMITS, signal: AbortSignal.timeout(100) }));
    expect(origin.requests).toHaveLength(1);
    await narrow.close();
    expect(await first).toMatchObject({ retry: 'yes' });
  });

  test('ends at the limit for the connect, not at the deadline', async () => {
    // Documentation addresses are routed nowhere; where they are refused at once, that is an answer as well.
    const lost = createOutbound({ allow: ['192.0.2.0/24'], connectTimeoutMs: 100 });
    const failed = lost.fetch('http://192.0.2.1/', LIMITS);
    await expect(failed).rejects.toMatchObject({ code: expect.stringMatching(/^(timeout|connect-failed)$/) });
    await lost.close();
  });

  function stalled(): answers.Answer {
    return (_request, response) => void response.writeHead(200, { 'content-length': '10' }).write('some');
  }
});

describe('what is larger than it says', () => {
  test.each(['gzip', 'deflate', 'br'] as const)('a bomb in %s ends at the cap', async (coding) => {
    await fails('too-large', 4_000, get(answers.bomb(coding, BOMB_BYTES)));
  });

  test('a bomb in zstd ends at the cap, or is refused where Node has no zstd', async () => {
    const code = HAS_ZSTD ? 'too-large' : 'bad-encoding';
    await fails(code, 4_000, get(answers.bomb('zstd', BOMB_BYTES)));
  });

  test.each([
    ['gzip, br', zlib.brotliCompressSync(zlib.gzipSync(Buffer.alloc(20_000_000)))],
    ['br, gzip', zlib.gzipSync(zlib.brotliCompressSync(Buffer.alloc(20_000_000)))],
    ['deflate, gzip', zlib.gzipSync(zlib.deflateSync(Buffer.alloc(20_000_000)))],
  ])('a bomb within a bomb (%s) ends at the cap', async (coding, wire) => {
    await fails('too-large', 4_000, get(answers.bytes(wire, { 'content-encoding': coding })));
  });

  test('gzip members without content, one after another, end at the cap', async () => {
    const nothing = Buffer.concat(Array<Buffer>(6_000).fill(zlib.gzipSync('')));
    await fails('too-large', 4_000, get(answers.bytes(nothing, { 'content-encoding': 'gzip' })));
  });

  test('headers without end are refused', async () => {
    await fails('headers-too-large', 4_000, get(answers.headerFlood(1_000)));
  });

  test('bytes beyond the Content-Length are not taken', async () => {
    expect((await get(answers.tooLong('hello and more', 5))).toString()).toBe('hello');
  });
});

describe('what is cut short is an error:', () => {
  test.each([
    ['gzip', zlib.gzipSync],
    ['deflate', zlib.deflateSync],
    ['deflate, raw', zlib.deflateRawSync],
    ['br', zlib.brotliCompressSync],
  ])('%s', async (name, encode) => {
    const whole = encode(Buffer.from('some words, '.repeat(5_000)));
    const coding = name.split(',')[0]!;
    for (const missing of [1, 4, Math.floor(whole.length / 2)]) {
      const cut = answers.bytes(whole.subarray(0, -missing), { 'content-encoding': coding });
      await expect(get(cut)).rejects.toMatchObject({ code: 'truncated-body', retry: 'yes' });
    }
  });

  test('a reset in the body', async () => {
    await expect(get(answers.resetInBody('some'))).rejects.toMatchObject({
      code: 'truncated-body',
      sent: true,
    });
  });

  test('a chunk that is no chunk', async () => {
    const bad = answers.raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n');
    await expect(get(bad)).rejects.toMatchObject({ retry: 'yes' });
  });
});

test('trailers are passed over', async () => {
  const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n';
  const answer = answers.raw(`${head}5\r\nhello\r\n0\r\nX-Late: 1\r\n\r\n`);
  const response = await outbound.fetch(origin.serve('/it', answer), LIMITS);
  expect((await response.bytes()).toString()).toBe('hello');
  expect(response.headers).not.toHaveProperty('x-late');
});

describe('zstd, where Node has it (else it is not asked for, and refused)', () => {
  /** What the zstd program makes of "some words". */
  const FRAME = Buffer.from('KLUv/QRYUQAAc29tZSB3b3JkczDIqLA=', 'base64');
  const inZstd = (wire: Buffer): Promise<Buffer> => get(answers.bytes(wire, { 'content-encoding': 'zstd' }));

  test('is decoded', async () => {
    const text = await inZstd(FRAME).then(String, (error: OutboundError) => error.code);
    expect(text).toBe(HAS_ZSTD ? 'some words' : 'bad-encoding');
  });

  test('cut short is an error', async () => {
    const code = HAS_ZSTD ? 'truncated-body' : 'bad-encoding';
    await expect(inZstd(FRAME.subarray(0, -3))).rejects.toMatchObject({ code });
  });

  test('that wants a window of 2 GiB is refused (RFC 9659: at most 8 MiB)', async () => {
    const wire = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 0x02 | 1, 0x04, 0x00, 0x00]);
    await expect(inZstd(wire)).rejects.toMatchObject({ code: 'bad-encoding' });
  });
});

describe('words in Content-Encoding that name no coding', () => {
  test.each(['none', 'UTF-8', 'binary', 'identity', ' '])('%j is taken as it is', async (coding) => {
    expect((await get(answers.bytes('hello', { 'content-encoding': coding }))).toString()).toBe('hello');
  });
});
