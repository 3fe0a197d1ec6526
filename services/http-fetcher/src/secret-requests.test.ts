import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { httpFetch } from '@offload/contracts/http-fetch';
import { createOutbound } from '@offload/outbound/create-outbound';
import type { Outbound } from '@offload/outbound/outbound';
import { runHandler } from '@offload/worker/run-handler';
import type { z } from 'zod';
import * as answers from '../../../test/support/origin.js';
import { createHttpHandler } from './handler.js';
import { readSecrets, type Secrets } from './secrets.js';

const TOKEN = 'tok/en "0123" +=';
const KEY = 'key-0123456789';
let origin: answers.Origin;
let other: answers.Origin;
let outbound: Outbound;
let secrets: Secrets;
beforeEach(async () => {
  [origin, other] = [await answers.startOrigin(), await answers.startOrigin()];
  outbound = createOutbound({ allow: ['loopback'] });
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  const hosts = [origin.url];
  writeFileSync(
    join(folder, 'secrets.json'),
    JSON.stringify({
      token: { value: TOKEN, hosts, place: 'bearer' },
      key: { value: KEY, hosts, place: { query: 'key' } },
    }),
  );
  secrets = readSecrets(join(folder, 'secrets.json'));
  rmSync(folder, { recursive: true });
});
afterEach(async () => {
  await outbound.close();
  await Promise.all([origin.close(), other.close()]);
});

const run = (url: string, more: Partial<z.input<typeof httpFetch.input>> = {}) =>
  runHandler(httpFetch, createHttpHandler({ outbound, secrets }), {
    url,
    secrets: ['token', 'key'],
    ...more,
  });
const JSON_TYPE = { 'content-type': 'application/json' };

/** Tells the client all that it has sent, in each way that a server may. */
const echo =
  (status = 200): answers.Answer =>
  (request, response) => {
    const body = JSON.stringify({ path: request.url, authorization: request.headers.authorization, TOKEN });
    response.writeHead(status, { ...JSON_TYPE, link: `<http://a/?key=${KEY}>`, 'x-request-id': TOKEN });
    response.end(body);
  };

function expectNone(leaving: unknown): void {
  const text = JSON.stringify(leaving);
  for (const secret of [TOKEN, KEY, encodeURIComponent(TOKEN), JSON.stringify(TOKEN).slice(1, -1)])
    expect(text).not.toContain(secret);
}

describe('a secret', () => {
  test('is sent, and stands in nothing that leaves, whatever the origin echoes', async () => {
    const url = `${origin.url}/api`;
    origin.serve(`/api?key=${KEY}`, echo());
    const { result, progress } = await run(url);
    expect(origin.requests).toMatchObject([{ headers: { authorization: `Bearer ${TOKEN}` } }]);
    expectNone([result, progress]);
    expect(result).toMatchObject({
      url: `${url}?key=[secret:key]`,
      json: { authorization: 'Bearer [secret:token]', path: '/api?key=[secret:key]' },
      headers: { 'x-request-id': '[secret:token]', link: '<http://a/?key=[secret:key]>' },
    });
  });

  test('is redacted from a file', async () => {
    origin.serve(`/api?key=${KEY}`, echo());
    const { files } = await run(`${origin.url}/api`, { as: 'file' });
    const body = files.get('response.json')!.body.toString();
    expect(body).toContain('[secret:token]');
    expectNone([body, JSON.parse(body)]);
  });

  test.each([400, 500])('is redacted from the error of a %d', async (status) => {
    origin.serve(`/api?key=${KEY}`, echo(status));
    const error = await run(`${origin.url}/api`).catch((caught: unknown) => caught as Error);
    expect(error).toMatchObject({
      code: `http-${status}`,
      message: expect.stringContaining('[secret:token]'),
    });
    const { message, stack, cause } = error as Error;
    expectNone([message, stack, cause]);
  });

  test('is redacted from what is said of JSON that is none', async () => {
    origin.serve(`/api?key=${KEY}`, answers.bytes(`${KEY} is wrong`));
    const error = (await run(`${origin.url}/api`, { as: 'json' }).catch(
      (caught: unknown) => caught,
    )) as Error;
    expect(error).toMatchObject({ code: 'not-json' });
    expectNone([error.message, error.stack, error.cause]);
  });

  test('goes along when its own host redirects, and is not sent to another one', async () => {
    origin.serve(`/api?key=${KEY}`, answers.redirect('/moved'));
    origin.serve('/moved', answers.redirect(other.serve('/there', answers.bytes('{}'))));
    const { result } = await run(`${origin.url}/api`);
    expect(result).toMatchObject({ status: 200, redirects: 2 });
    expect(origin.requests.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${TOKEN}`,
      `Bearer ${TOKEN}`,
    ]);
    expect(other.requests).toHaveLength(1);
    expectNone(other.requests);
  });

  test.each<[string, (to: string) => answers.Answer]>([
    ['by a redirect', (to) => answers.redirect(to)],
    ['by a Link', (to) => answers.bytes('[]', { ...JSON_TYPE, link: `<${to}>; rel=next` })],
  ])('is not sent to another host %s that carries it', async (_how, answer) => {
    origin.serve(`/api?key=${KEY}`, answer(`${other.url}/there?key=${KEY}`));
    const running = run(`${origin.url}/api`, { pages: { next: 'link' } });
    await expect(running).rejects.toMatchObject({ code: 'secret-not-for-host', retry: 'no' });
    expect(other.requests).toEqual([]);
  });

  test('is added to each page of its own host, once', async () => {
    origin.serve(
      `/api?key=${KEY}`,
      answers.bytes('[1]', { ...JSON_TYPE, link: `</api?p=2&key=${KEY}>; rel=next` }),
    );
    origin.serve(`/api?p=2&key=${KEY}`, answers.bytes('[2]', { ...JSON_TYPE, link: '</api?p=3>; rel=next' }));
    origin.serve(`/api?p=3&key=${KEY}`, answers.bytes('[3]', { ...JSON_TYPE, link: `</api?p=4>; rel=next` }));
    const { result, progress } = await run(`${origin.url}/api`, { pages: { next: 'link', max: 3 } });
    expect(result).toMatchObject({ json: [1, 2, 3], pages: { more: true, next: `${origin.url}/api?p=4` } });
    expectNone([result, progress]);
  });

  test.each<[string, string[], string]>([
    ['of no name that is known', ['nope'], 'secret-unknown'],
    ['that is for another host', ['token'], 'secret-not-for-host'],
  ])('%s fails before anything is sent', async (_what, names, code) => {
    await expect(run(`${other.url}/`, { secrets: names })).rejects.toMatchObject({ code, retry: 'no' });
    expect(other.requests).toEqual([]);
  });
});
