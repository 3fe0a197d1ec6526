import { setMaxListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { HTTP_LIMITS, httpFetch } from '@offload/contracts/http-fetch';
import type { Outbound } from '@offload/outbound/outbound';
import { runHandler } from '@offload/worker/run-handler';
import type { z } from 'zod';
import * as answers from '../../../test/support/origin.js';
import { withOrigin } from '../../../test/support/with-origin.js';
import { createHttpHandler } from './handler.js';

let origin: answers.Origin;
let outbound: Outbound;
withOrigin((started) => ({ origin, outbound } = started));

type Given = Partial<z.input<typeof httpFetch.input>>;
const JSON_TYPE = { 'content-type': 'application/json' };
const runAll = (handler = createHttpHandler({ outbound, secrets: new Map() })) => ({
  run: (url: string, more: Given = {}, signal?: AbortSignal) =>
    runHandler(httpFetch, handler, { url, ...more }, { signal }),
});
const run = (url: string, more: Given = {}) => runAll().run(url, more);

describe('P7: no answer takes down a worker', () => {
  const nested = '['.repeat(100_000) + ']'.repeat(100_000);
  const many = `[${'{},'.repeat(300_000)}1]`;
  const large = `["${'x'.repeat(HTTP_LIMITS.json)}"]`;
  test.each<[string, string, Given, string]>([
    ['100,000 levels of arrays', nested, { as: 'json' }, 'json-too-deep'],
    ['100,000 levels of objects', '{"a":'.repeat(100_000), { as: 'json' }, 'json-too-deep'],
    ['more JSON than is parsed', large, { as: 'json' }, 'json-too-large'],
    ['more JSON than is parsed, to pick from', large, { pick: '/0' }, 'json-too-large'],
    ['more JSON than is parsed, on a page', large, { pages: { next: 'link' } }, 'json-too-large'],
    ['items beyond counting for a result', many, { pages: { next: 'link' }, as: 'json' }, 'json-too-large'],
    ['a million digits', `[${'9'.repeat(1_000_000)}]`, { as: 'json' }, 'json-too-large'],
    ['a million minus signs', `[${'-'.repeat(1_000_000)}`, { as: 'json' }, 'not-json'],
    ['a million backslashes', `"${'\\'.repeat(1_000_001)}"`, { as: 'json' }, 'not-json'],
    ['a million quotes', '"'.repeat(1_000_001), { as: 'json' }, 'not-json'],
  ])('%s: an error in bounded time', async (_what, body, more, code) => {
    const url = origin.serve('/api', answers.bytes(body, JSON_TYPE));
    const began = performance.now();
    await expect(run(url, more)).rejects.toMatchObject({ code, retry: 'no' });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test.each([
    ['too deep', nested],
    ['too large', large],
  ])('JSON that is %s is a file with `auto`', async (_what, body) => {
    const { result } = await run(origin.serve('/api', answers.bytes(body, JSON_TYPE)));
    expect(result.file).toMatchObject({ name: 'response.json', bytes: body.length });
  });

  test('large bodies are held 32 at a time: the others wait and come through', async () => {
    const body = JSON.stringify({ id: 7, pad: 'x'.repeat(300_000) });
    const url = origin.serve('/api', answers.bytes(body, JSON_TYPE));
    const { run: runOne } = runAll();
    const runs = await Promise.all(Array.from({ length: 40 }, () => runOne(url, { pick: '/id' })));
    expect(runs.map(({ result }) => result.picked)).toEqual(Array.from({ length: 40 }, () => 7));
  });

  test('large bodies that stop half-way hold up no small ones, and leave their places when they end', async () => {
    const url = origin.serve('/half', (_request, response) => {
      response.writeHead(200, JSON_TYPE).write(`["${'x'.repeat(300_000)}`);
    });
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    const { run: runOne } = runAll();
    const halves = Array.from({ length: 40 }, () => runOne(url, { as: 'json' }, stop.signal));
    for (const half of halves) half.catch(() => undefined);
    await origin.asked('/half', 40);
    const small = origin.serve('/small', answers.bytes('{"a":1}', JSON_TYPE));
    expect((await runOne(small)).result.json).toEqual({ a: 1 });
    stop.abort();
    const ends = await Promise.allSettled(halves);
    expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(['rejected']));
    const after = origin.serve('/after', answers.bytes(`["${'x'.repeat(300_000)}"]`, JSON_TYPE));
    expect((await runOne(after)).result.bytes).toBe(300_004);
  });
});

test('a process holds hundreds of origins that hang and answers from a healthy one in under a second (P2)', async () => {
  const others = await Promise.all(Array.from({ length: 4 }, () => answers.startOrigin()));
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const { run: runOne } = runAll();
  const hanging = others.flatMap((other) =>
    Array.from({ length: 100 }, () => runOne(other.serve('/', answers.hang()), {}, stop.signal)),
  );
  for (const each of hanging) each.catch(() => undefined);
  try {
    await Promise.all(others.map((other) => other.asked('/', 100)));
    const url = origin.serve('/api', answers.bytes('{"a":1}', JSON_TYPE));
    const began = performance.now();
    expect((await runOne(url)).result.json).toEqual({ a: 1 });
    expect(performance.now() - began).toBeLessThan(1_000);
  } finally {
    stop.abort();
    await Promise.allSettled(hanging);
    await Promise.all(others.map((other) => other.close()));
  }
});
