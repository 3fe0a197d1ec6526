import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Snooze } from '@offload/contracts/errors';
import { httpFetch } from '@offload/contracts/http-fetch';
import { createOutbound } from '@offload/outbound/create-outbound';
import type { Outbound } from '@offload/outbound/outbound';
import type { AttemptEnd } from '@offload/worker/previous-end';
import { runHandler, type RunHandlerOptions } from '@offload/worker/run-handler';
import type { z } from 'zod';
import * as answers from '../../../test/support/origin.js';
import { createHttpHandler } from './handler.js';

type Given = Partial<z.input<typeof httpFetch.input>>;

let origin: answers.Origin;
let outbound: Outbound;
beforeEach(async () => {
  origin = await answers.startOrigin();
  outbound = createOutbound({ allow: ['loopback'], connectTimeoutMs: 500 });
});
afterEach(async () => {
  await outbound.close();
  await origin.close();
});

const run = (url: string, more: Given = {}, options?: RunHandlerOptions) =>
  runHandler(httpFetch, createHttpHandler({ outbound, secrets: new Map() }), { url, ...more }, options);

const REPEATED: [string, Given][] = [
  ['GET', {}],
  ['HEAD', { method: 'HEAD' }],
  ['OPTIONS', { method: 'OPTIONS' }],
  ['PUT', { method: 'PUT', body: { json: 1 } }],
  ['DELETE', { method: 'DELETE' }],
  ['POST that may be repeated', { method: 'POST', repeatable: true }],
  ['POST with the task as its key', { method: 'POST', idempotencyKey: 'task' }],
  ['PATCH with a key of its own', { method: 'PATCH', headers: { 'idempotency-KEY': 'a' } }],
];
const ONCE: [string, Given][] = [
  ['POST', { method: 'POST', body: { json: 1 } }],
  ['PATCH', { method: 'PATCH' }],
];

const CRASH: AttemptEnd = { kind: 'crash', code: 'worker-crashed' };

describe.each(REPEATED)('%s is tried again', (_what, input) => {
  test('when the origin is unwell or the connection broke', async () => {
    const unwell = origin.serve('/unwell', answers.bytes('', {}, 503));
    await expect(run(unwell, input)).rejects.toMatchObject({ code: 'http-503', retry: 'yes' });
    await expect(run(origin.serve('/reset', answers.reset()), input)).rejects.toMatchObject({
      code: 'connection-lost',
      retry: 'yes',
    });
  });

  test('after a worker that crashed in the middle of it', async () => {
    const url = origin.serve('/api', answers.bytes('', {}, 200));
    await run(url, input, { attempt: 2, previousEnd: CRASH });
    expect(origin.requests).toHaveLength(1);
  });
});

describe.each(ONCE)('%s is sent once', (_what, input) => {
  test.each<[string, answers.Answer]>([
    ['the connection broke', answers.reset()],
    ['the answer was cut', answers.wrongLength('{', 99)],
    ['the answer was no HTTP', answers.raw('nonsense\r\n\r\n')],
    ['no answer came', answers.hang()],
  ])('when %s', async (_when, answer) => {
    const url = origin.serve('/api', answer);
    await expect(run(url, { ...input, timeoutMs: 300 })).rejects.toMatchObject({
      code: 'maybe-sent',
      retry: 'no',
      message: expect.stringContaining('retry the task'),
    });
    expect(origin.requests).toHaveLength(1);
  });

  test.each([500, 503, 429, 408])('when the answer was %d', async (status) => {
    const url = origin.serve('/api', answers.bytes('', { 'retry-after': '1' }, status));
    await expect(run(url, input)).rejects.toMatchObject({
      code: `http-${status}`,
      retry: 'no',
      message: expect.stringContaining('is not repeated'),
    });
  });

  test('when a redirect has answered and its target did not', async () => {
    const url = origin.serve('/api', answers.redirect('http://127.0.0.1:9/', 303));
    await expect(run(url, input)).rejects.toMatchObject({ retry: 'no' });
    const unreachable = await closedPort();
    origin.serve('/gone', answers.redirect(unreachable, 303));
    await expect(run(`${origin.url}/gone`, input)).rejects.toMatchObject({ code: 'maybe-sent', retry: 'no' });
  });

  test.each<[string, AttemptEnd]>([
    ['its worker crashed', CRASH],
    ['its worker was stopped', { kind: 'hand-back', code: null }],
    ['its time was over', { kind: 'retry', code: 'timeout' }],
    ['the worker met an unknown error', { kind: 'retry', code: 'unexpected-error' }],
  ])('when in the attempt before %s', async (_what, previousEnd) => {
    const url = origin.serve('/api', answers.bytes('{}'));
    await expect(run(url, input, { attempt: 2, previousEnd })).rejects.toMatchObject({
      code: 'maybe-sent',
      retry: 'no',
    });
    expect(origin.requests).toEqual([]);
  });

  test.each<[string, AttemptEnd | undefined]>([
    ['nothing could be sent', { kind: 'retry', code: 'connect-failed' }],
    ['nothing was sent in time', { kind: 'retry', code: 'not-sent' }],
    ['the host was busy', { kind: 'snooze', code: 'host-busy' }],
    ['an operator has looked at it', undefined],
  ])('and goes on when in the attempt before %s', async (_what, previousEnd) => {
    const url = origin.serve('/api', answers.bytes('{}'));
    await run(url, input, { attempt: 2, previousEnd });
    expect(origin.requests).toHaveLength(1);
  });

  test('and tried again when no connection could be made', async () => {
    await expect(run(await closedPort(), input)).rejects.toMatchObject({
      code: 'connect-failed',
      retry: 'yes',
    });
    await expect(run('http://no-such-host.invalid/', input)).rejects.toMatchObject({ retry: 'yes' });
  });

  test('and handed back uncounted when its worker is stopped before it is sent', async () => {
    const stopped = run(origin.url, input, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toBeInstanceOf(Snooze);
    await expect(stopped).rejects.toMatchObject({ code: 'not-sent' });
    expect(origin.requests).toEqual([]);
  });
});

async function closedPort(): Promise<string> {
  const gone = await answers.startOrigin();
  await gone.close();
  return `${gone.url}/`;
}
