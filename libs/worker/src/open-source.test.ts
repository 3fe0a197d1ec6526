import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TaskError } from '@offload/contracts/errors';
import type { Source } from '@offload/contracts/source';
import { createOutbound } from '@offload/outbound/create-outbound';
import type { Outbound } from '@offload/outbound/outbound';
import { gzipSync } from 'node:zlib';
import * as answers from '../../../test/support/origin.js';
import type { OpenedFile } from './handler.js';
import { openSource, type OpenedSource } from './open-source.js';

let origin: answers.Origin;
let outbound: Outbound;
let cancel: AbortController;
let opened: OpenedSource[];
beforeEach(async () => {
  origin = await answers.startOrigin();
  outbound = createOutbound({ allow: ['loopback'] });
  cancel = new AbortController();
  opened = [];
});
afterEach(async () => {
  for (const { stream } of opened) stream.destroy();
  await outbound.close();
  await origin.close();
});

async function open(source: Source, file?: OpenedFile, maxBytes = 1000): Promise<OpenedSource> {
  const files = {
    open: async () => {
      if (!file) throw new TaskError('file-not-found', 'There is no file.', { retry: 'no' });
      return file;
    },
    list: async () => [],
    save: () => Promise.reject(new Error('nothing is saved here')),
  };
  const context = { signal: cancel.signal, files };
  const found = await openSource(source, { context, outbound, maxBytes, deadlineMs: 5_000 });
  opened.push(found);
  return found;
}

const storedFile = (stream: Readable, size = 5): OpenedFile => ({
  name: 'a.txt',
  type: 'text/plain',
  size,
  sha256: 'ab'.repeat(32),
  stream,
});
const upload: Source = { file: '0193b5d4-0000-7000-8000-000000000000' };

describe('a URL', () => {
  test('gives its bytes, type, size and the name at the end of its path', async () => {
    const url = origin.serve(
      '/pictures/caf%C3%A9.png?x=1',
      answers.bytes('hello', { 'content-type': 'image/png' }),
    );
    const { stream, ...facts } = await open({ url });
    expect(facts).toEqual({ name: 'café.png', type: 'image/png', size: 5, sha256: null });
    expect((await buffer(stream)).toString()).toBe('hello');
  });

  test('without a path is named by its host', async () => {
    const url = origin.serve('/', answers.bytes('x'));
    expect((await open({ url })).name).toBe('127.0.0.1');
  });

  test('with a path that is not UTF-8 keeps its name as it stands', async () => {
    const url = origin.serve('/caf%E9', answers.bytes('x'));
    expect((await open({ url })).name).toBe('caf%E9');
  });

  test('that is sent encoded has no known size: Content-Length counts other bytes', async () => {
    const body = gzipSync('hello');
    const url = origin.serve('/z', answers.bytes(body, { 'content-encoding': 'gzip' }));
    const { stream, size } = await open({ url });
    expect(size).toBeNull();
    expect((await buffer(stream)).toString()).toBe('hello');
  });

  test.each([
    ['no type at all', {}],
    ['nonsense', { 'content-type': 'nonsense' }],
    ['a novel', { 'content-type': `a/${'b'.repeat(300)}` }],
  ])('with %s is application/octet-stream', async (_name, headers) => {
    const url = origin.serve('/t', answers.bytes('x', headers));
    expect((await open({ url })).type).toBe('application/octet-stream');
  });

  test.each([
    [404, 'no'],
    [503, 'yes'],
    [204, 'no'],
    [206, 'no'],
  ] as const)('that answers %d is a TaskError with retry %s', async (status, retry) => {
    const url = origin.serve('/s', answers.bytes('', {}, status));
    await expect(open({ url })).rejects.toMatchObject({ code: `http-${status}`, retry });
  });

  test('that says it is too large is refused at once', async () => {
    const url = origin.serve('/l', answers.bytes('x'.repeat(1001)));
    await expect(open({ url })).rejects.toMatchObject({ code: 'too-large', retry: 'no' });
  });

  test('that turns out too large breaks while it is read', async () => {
    const { stream } = await open({ url: origin.serve('/e', answers.endless()) });
    await expect(buffer(stream)).rejects.toMatchObject({ code: 'too-large', retry: 'no' });
  });
});

describe("an uploaded file or another task's file", () => {
  test('is opened as it was stored', async () => {
    const { stream, ...facts } = await open(upload, storedFile(Readable.from([Buffer.from('hello')])));
    expect(facts).toEqual({ name: 'a.txt', type: 'text/plain', size: 5, sha256: 'ab'.repeat(32) });
    expect((await buffer(stream)).toString()).toBe('hello');
  });

  test('that is not there is a TaskError', async () => {
    await expect(open(upload)).rejects.toMatchObject({ code: 'file-not-found' });
  });

  test('that is too large is refused, the limit named, and its stream closed', async () => {
    const stream = Readable.from([Buffer.from('x')]);
    const error: unknown = await open(upload, storedFile(stream, 1001)).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'too-large', retry: 'no' });
    expect((error as Error).message).toBe('The source has 1001 bytes; at most 1000 are taken.');
    expect(stream.destroyed).toBe(true);
  });
});

describe('an abort', () => {
  test('before it is opened opens nothing', async () => {
    cancel.abort();
    await expect(open(upload, storedFile(Readable.from([])))).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('ends a file that is being read, and a reader that comes later gets the reason', async () => {
    const { stream } = await open(upload, storedFile(new Readable({ read() {} })));
    const closed = new Promise((resolve) => stream.once('close', resolve));
    cancel.abort(new Error('lease lost'));
    await closed;
    await expect(buffer(stream)).rejects.toThrow('lease lost');
  });

  test('ends a download that hangs', async () => {
    const { stream } = await open({ url: origin.serve('/d', answers.drip(10)) });
    const read = buffer(stream);
    cancel.abort();
    await expect(read).rejects.toMatchObject({ code: 'aborted' });
  });
});
