import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { openEvents } from '../support/event-source.js';
import { startProcess, type ServiceProcess } from '../support/processes.js';
import { createTestVhost, type TestVhost } from '../support/rabbitmq.js';
import { until } from '../support/until.js';

jest.setTimeout(60_000);

const command = fileURLToPath(new URL('../../services/api/dist/key.js', import.meta.url));

let database: TestDatabase;
let vhost: TestVhost;
const running: ServiceProcess[] = [];
beforeAll(async () => {
  database = testDatabase('production');
  vhost = await createTestVhost('production');
});
afterAll(async () => {
  for (const each of running) each.signal('SIGTERM');
  await Promise.all(running.map(({ exited }) => exited));
  await database.remove();
  await vhost.remove();
});

/** The API as it is in production unless the environment says otherwise. */
function start(env: Record<string, string>): ServiceProcess {
  const servers = { MONGODB_URI: database.uri, AMQP_URL: vhost.url, PORT: '0' };
  const api = startProcess('web', { ...servers, ...env });
  running.push(api);
  return api;
}

test.each([
  ['in production', {}],
  ['in development, where others can reach it', { NODE_ENV: 'development', HOST: '0.0.0.0' }],
])('without any key, %s, the API does not start, and says how to make one', async (_what, env) => {
  const api = start(env);
  expect(await api.exited).toBe(1);
  const printed = api.lines.received.join('\n');
  expect(printed).toContain('npm run key -- create');
  expect(printed).not.toContain('the API is ready');
});

test('with one it starts where it is told, and serves that key and its Host alone', async () => {
  const env = { PATH: process.env.PATH, MONGODB_URI: database.uri };
  const args = [command, 'create', '--owner', 'shop', '--roles', 'submit,read'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  const key = /ofl_[\w-]{43}/.exec(stdout)?.[0] ?? '';
  const api = start({ HOST: '0.0.0.0' });
  await api.started();
  const said = api.lines.received.find((line) => line.includes('the API is ready')) ?? '';
  const { url } = JSON.parse(said) as { url: string };
  const path = `http://127.0.0.1:${new URL(url).port}/v1/tasks`;
  expect((await fetch(path)).status).toBe(401);
  const answer = await fetch(path, { headers: { Authorization: `Bearer ${key}` } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('ratelimit')).toMatch(/^"per key"; r=\d+/);
});

test('a server without keys does not start for the pages of all origins', async () => {
  const api = start({ NODE_ENV: 'development', CORS_ORIGINS: '*' });
  expect(await api.exited).toBe(1);
  expect(api.lines.received.join('\n')).toContain('CORS_ORIGINS');
});

test('at SIGTERM it tells load balancers, serves on for a while, answers what waits, ends streams and stops', async () => {
  const api = start({ NODE_ENV: 'development', SHUTDOWN_DELAY_MS: '2000' });
  await api.started();
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(api.lines.received.join('\n'))?.[0] ?? '';
  const ready = async () => (await fetch(`${url}/readyz`)).status;
  await until('it to be ready', async () => ((await ready()) === 200 ? true : undefined));
  const post = (headers: Record<string, string> = {}) =>
    fetch(`${url}/v1/tasks`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify({ type: 'system.echo', input: {}, delayMs: 3_600_000 }),
    });
  const stream = await openEvents(`${url}/v1/events`);
  const waiting = post({ Prefer: 'wait=60' });
  // It has been taken when another one, sent later, is answered.
  await post();
  api.signal('SIGTERM');
  await until('it to say that it stops', async () => ((await ready()) === 503 ? true : undefined));
  expect((await post()).status).toBe(202);
  expect(await api.exited).toBe(0);
  expect((await waiting).status).toBe(202);
  await stream.ended;
});
