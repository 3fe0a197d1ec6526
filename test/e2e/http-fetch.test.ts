import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bytes, hang, startOrigin, type Origin } from '../support/origin.js';
import type { ServiceProcess } from '../support/processes.js';
import { startSystem, type System } from '../support/system.js';

const TOKEN = 'token-0123456789';
const JSON_TYPE = { 'content-type': 'application/json' };

let system: System;
let origin: Origin;
let folder: string;
let secretsFile: string;
beforeAll(async () => {
  origin = await startOrigin();
  folder = await mkdtemp(join(tmpdir(), 'offload-secrets-'));
  secretsFile = join(folder, 'secrets.json');
  const secrets = { mine: { value: TOKEN, hosts: [origin.url], place: 'bearer' } };
  await writeFile(secretsFile, JSON.stringify(secrets));
  system = await startSystem({
    label: 'http-fetch',
    processes: { web: 1, clock: 1, 'http-fetcher': 1, echo: 1 },
    env: { HTTP_SECRETS_FILE: secretsFile, LOG_LEVEL: 'debug', DRAIN_MS: '1000' },
  });
}, 60_000);
afterAll(async () => {
  await system.stop();
  await origin.close();
  await rm(folder, { recursive: true });
}, 30_000);

const fetcher = (): ServiceProcess => system.processes.findLast(({ type }) => type === 'http-fetcher')!;
const done = async (input: object) => system.ended((await system.submit('http.fetch', input)).id, 60_000);

describe('JSON with keys that other systems choke on', () => {
  test.each([
    ['dollar signs and dots', '{"$set":{"a.b":{"$ref":1}},".":2,"$":3}'],
    ['names of prototypes', '{"__proto__":{"x":1},"constructor":{"prototype":{}},"toString":1,"toJSON":2}'],
    ['empty names and NUL in values', '{"":{"":"\\u0000"}}'],
    ['100 levels', '['.repeat(100) + ']'.repeat(100)],
    ['numbers of every size', '[1e300,-1.5,2147483648,4294967296.5,-0.000001]'],
  ])('%s is stored and served as it came', async (_what, text) => {
    const url = origin.serve('/json', bytes(text, JSON_TYPE));
    const task = await done({ url });
    expect(task).toMatchObject({ state: 'succeeded', files: [] });
    const { json } = task.result as { json: unknown };
    expect(JSON.stringify(json)).toBe(JSON.stringify(JSON.parse(text)));
  });

  test('what cannot be stored is a file with the bytes that came', async () => {
    const text = '{"a\\u0000b":1,"_bsontype":"ObjectId"}';
    const task = await done({ url: origin.serve('/json', bytes(text, JSON_TYPE)) });
    expect(task).toMatchObject({ state: 'succeeded', result: { file: { name: 'response.json' } } });
    const file = await fetch(new URL(task.files[0]!.url, system.apiUrl));
    expect(await file.text()).toBe(text);
  });

  test('a part of it goes into another task’s input', async () => {
    const url = origin.serve('/json', bytes('{"data":{"a.b":["hello"]}}', JSON_TYPE));
    const { id } = await system.submit('http.fetch', { url });
    const echo = await system.submit('system.echo', { message: { task: id, pointer: '/json/data/a.b/0' } });
    expect(await system.ended(echo.id)).toMatchObject({ state: 'succeeded', result: { message: 'hello' } });
  });
});

describe('a body that cannot be stored is refused at its pointer, not by the database', () => {
  test.each<[string, string, string]>([
    ['a NUL in a name', '{"json":{"a\\u0000":1}}', '/input/body/json'],
    ['a name of the database driver', '{"json":[{"_bsontype":"ObjectId"}]}', '/input/body/json'],
    ['a form with a NUL in a name', '{"form":{"a\\u0000":"1"}}', '/input/body/form'],
  ])('%s', async (_what, body, pointer) => {
    const answer = await fetch(`${system.apiUrl}/v1/tasks`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: `{"type":"http.fetch","input":{"url":"http://a.b/","method":"POST","body":${body}}}`,
    });
    const problem = (await answer.json()) as { errors?: { pointer: string }[] };
    expect({ status: answer.status, at: problem.errors?.map((each) => each.pointer) ?? problem }).toEqual({
      status: 422,
      at: [pointer],
    });
  });

  test('what can be stored is sent as it was given, whatever its names are', async () => {
    const json = '{"$set":{"a.b":1},"__proto__":{"x":1},"":[],"\u00fc":"\\ud83d\\ude00"}';
    let sent = '';
    const url = origin.serve('/take', (request, response) => {
      request.on('data', (chunk: Buffer) => (sent += chunk.toString()));
      request.on('end', () => response.writeHead(200, JSON_TYPE).end('{}'));
    });
    const answer = await fetch(`${system.apiUrl}/v1/tasks`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: `{"type":"http.fetch","input":{"url":"${url}","method":"POST","body":{"json":${json}}}}`,
    });
    const { id } = (await answer.json()) as { id: string };
    expect(await system.ended(id)).toMatchObject({ state: 'succeeded' });
    expect(sent).toBe(JSON.stringify(JSON.parse(json)));
  });
});

test('a secret stands in no task, result, error or log', async () => {
  origin.serve('/secret', (request, response) => {
    const status = request.headers['x-fail'] === undefined ? 200 : 500;
    response.writeHead(status, JSON_TYPE).end(JSON.stringify(request.headers));
  });
  const input = { url: `${origin.url}/secret`, secrets: ['mine'] };
  const good = await done(input);
  expect(good).toMatchObject({ result: { json: { authorization: 'Bearer [secret:mine]' } } });
  const posted = await system.submit('http.fetch', {
    ...input,
    method: 'POST',
    headers: { 'x-fail': 'yes' },
  });
  const bad = await system.ended(posted.id);
  expect(bad).toMatchObject({ state: 'failed', error: { code: 'http-500' } });
  const sent = origin.requests.filter(({ path }) => path === '/secret');
  expect(sent.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${TOKEN}`, `Bearer ${TOKEN}`]);
  await fetcher().lines.find((line) => line.includes(posted.id), 'the failure to be logged');
  const logs = system.processes.map(({ lines }) => lines.received);
  expect(JSON.stringify([good, bad, logs])).not.toContain(TOKEN);
});

describe('a POST whose worker', () => {
  const interrupted = async (path: string, signal: NodeJS.Signals, more: object = {}) => {
    const url = origin.serve(path, (request, response, n, left) =>
      (n === 1 ? hang() : bytes('{}', JSON_TYPE))(request, response, n, left),
    );
    const task = await system.submit('http.fetch', { url, method: 'POST', body: { json: 1 }, ...more });
    await origin.asked(path);
    fetcher().signal(signal);
    await fetcher().exited;
    await system.start('http-fetcher');
    return system.ended(task.id, 60_000);
  };
  const asked = (path: string): number => origin.requests.filter((each) => each.path === path).length;

  test('is killed in the middle of it is not sent again, and says what to do', async () => {
    const task = await interrupted('/killed', 'SIGKILL');
    expect(task).toMatchObject({
      state: 'failed',
      error: { code: 'maybe-sent', message: expect.stringContaining('retry the task') },
    });
    expect(asked('/killed')).toBe(1);
    const answer = await fetch(`${system.apiUrl}/v1/tasks/${task.id}/retry`, { method: 'POST' });
    expect(answer.status).toBe(202);
    expect(await system.ended(task.id)).toMatchObject({ state: 'succeeded' });
    expect(asked('/killed')).toBe(2);
  }, 90_000);

  test('is killed in the middle of it is sent again with its idempotency key', async () => {
    const task = await interrupted('/keyed', 'SIGKILL', { idempotencyKey: 'task' });
    expect(task).toMatchObject({ state: 'succeeded', attempt: 2 });
    const keys = origin.requests.filter(({ path }) => path === '/keyed');
    expect(keys.map(({ headers }) => headers['idempotency-key'])).toEqual([task.id, task.id]);
  }, 90_000);

  test('is stopped in the middle of it is not sent again', async () => {
    const task = await interrupted('/stopped', 'SIGTERM');
    expect(task).toMatchObject({ state: 'failed', error: { code: 'maybe-sent' } });
    expect(asked('/stopped')).toBe(1);
  }, 90_000);
});

test('100 requests that hang harm nobody: a healthy one beside them is answered at once (P2)', async () => {
  const hanging = Array.from({ length: 100 }, (_, n) => origin.serve(`/hang/${n}`, hang()));
  await Promise.all(hanging.map((url) => system.submit('http.fetch', { url, timeoutMs: 100_000 })));
  await Promise.all(hanging.map((_, n) => origin.asked(`/hang/${n}`)));
  const other = await startOrigin();
  try {
    const url = other.serve('/well', bytes('{}', JSON_TYPE));
    const began = performance.now();
    expect(await done({ url })).toMatchObject({ state: 'succeeded' });
    expect(performance.now() - began).toBeLessThan(2_000);
  } finally {
    await other.close();
  }
}, 60_000);
