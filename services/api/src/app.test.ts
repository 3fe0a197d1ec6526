import http from 'node:http';
import net from 'node:net';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApi, type ApiFixture } from '../../../test/support/api-fixture.js';
import { within } from '../../../test/support/within.js';

/** Nothing listens there: what is tested here needs neither database nor broker. */
const DEAD_PORT = 1;

let api: ApiFixture;
let client: ReturnType<typeof supertest>;
beforeAll(async () => {
  api = await startApi({
    mongodbUri: `mongodb://127.0.0.1:${DEAD_PORT}/test`,
    amqpUrl: `amqp://127.0.0.1:${DEAD_PORT}`,
  });
  client = supertest(api.url);
});
afterAll(() => api.stop());

const echo = { type: 'system.echo', input: {} };

describe('with the database down', () => {
  test.each([
    ['POST', '/v1/tasks'],
    ['GET', '/v1/tasks'],
    ['GET', '/v1/tasks/0192f3c0-7a5e-7000-8000-000000000000'],
    ['GET', '/v1/files/0192f3c0-7a5e-7000-8000-000000000000'],
    ['POST', '/v1/files'],
  ])('%s %s is a 503 with Retry-After, at once', async (method, path) => {
    const began = performance.now();
    const body = method === 'POST' ? { method, body: JSON.stringify(echo) } : { method };
    const answer = await fetch(api.url + path, { ...body, headers: { 'Content-Type': 'application/json' } });
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await answer.json()).toMatchObject({ code: 'store-unavailable', status: 503 });
  });

  test('the process is alive, but not ready, and says what is missing', async () => {
    expect((await client.get('/healthz').expect(200)).body).toEqual({ alive: true });
    const answer = await client.get('/readyz').expect(503);
    expect(answer.body).toEqual({ ready: false, checks: { database: false, broker: false } });
  });
});

describe('every answer', () => {
  test('carries the request id that it was given, or a new one', async () => {
    const given = await client.get('/healthz').set('X-Request-Id', 'my-id.1');
    expect(given.get('X-Request-Id')).toBe('my-id.1');
    const [one, two] = [await client.get('/healthz'), await client.get('/healthz')];
    expect(one.get('X-Request-Id')).not.toBe(two.get('X-Request-Id'));
  });

  test.each(['a b', 'x'.repeat(65), '<script>'])('does not repeat an id like %s', async (id) => {
    const answer = await client.get('/nowhere').set('X-Request-Id', id).expect(404);
    const { requestId } = answer.body as { requestId: string };
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.get('X-Request-Id')).toBe(requestId);
  });

  test('allows nothing inline and nothing from elsewhere, and does not say what made it', async () => {
    const { headers } = await client.get('/docs').expect(200);
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers).not.toHaveProperty('x-powered-by');
  });
});

describe('problems of HTTP', () => {
  test('an unknown address is a 404', async () => {
    const answer = await client.get('/v2/tasks?x=1').expect(404);
    expect(answer.get('Content-Type')).toMatch('application/problem+json');
    expect(answer.body).toMatchObject({ code: 'not-found', instance: '/v2/tasks' });
  });

  test('another method is a 405 that says which are taken', async () => {
    const answer = await client.delete('/healthz').expect(405);
    expect(answer.get('Allow')).toBe('GET, HEAD, OPTIONS');
    expect(answer.body).toMatchObject({ code: 'method-not-allowed' });
  });

  test('OPTIONS says which methods are taken', async () => {
    const answer = await client.options('/openapi.json').expect(204);
    expect(answer.get('Allow')).toBe('GET, HEAD, OPTIONS');
  });

  test('HEAD has the headers of GET and no body', async () => {
    const answer = await client.head('/openapi.json').expect(200);
    expect(answer.get('Content-Type')).toMatch('application/json');
    expect(answer.text).toBeUndefined();
  });

  test('a path that cannot be decoded is a 400', async () => {
    const answer = await fetch(`${api.url}/docs/%zz`);
    // Static files and routes both decode it; neither may answer with a 500.
    expect([400, 404]).toContain(answer.status);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
  });
});

describe('pages', () => {
  test('the documents are there, offline, and from files only', async () => {
    const { text } = await client.get('/docs').expect(200);
    expect(text).not.toMatch(/<script(?![^>]*\bsrc="\/)/);
    expect(text).not.toMatch(/https?:\/\//);
    const files = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => String(path));
    expect(files.length).toBeGreaterThan(3);
    for (const path of files) await client.get(path).expect(200);
    await client.get('/asyncapi.json').expect(200);
  });

  test('the OpenAPI document is not sent again to whom has it', async () => {
    const first = await client.get('/openapi.json').expect(200);
    expect(first.body).toMatchObject({ openapi: '3.1.1' });
    await client
      .get('/openapi.json')
      .set('If-None-Match', String(first.get('ETag')))
      .expect(304);
  });

  test("each problem's type leads to its description", async () => {
    const problem = await client.get('/nowhere');
    const [path, code] = String((problem.body as { type: unknown }).type).split('#');
    const { text } = await client.get(String(path)).expect(200);
    expect(text).toContain(`id="${code}"`);
  });
});

test('a request in flight is finished before the server is gone', async () => {
  const own = await startApi({ mongodbUri: `mongodb://127.0.0.1:1/test`, amqpUrl: 'amqp://127.0.0.1:1' });
  const agent = new http.Agent({ keepAlive: true });
  const { port } = new URL(own.url);
  const answered = new Promise<number>((resolve, reject) => {
    const request = http.request(
      { port, host: '127.0.0.1', path: '/docs/swagger-ui-bundle.js', agent },
      (answer) => {
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
        answer.on('end', () => resolve(bytes));
      },
    );
    request.on('error', reject).end();
    request.once('response', () => void own.stop());
  });
  expect(await within(10_000, answered, 'the whole answer')).toBeGreaterThan(1_000_000);
  const refused = new Promise((resolve) => net.connect(Number(port), '127.0.0.1').on('error', resolve));
  expect(await within(10_000, refused, 'no more connections')).toMatchObject({ code: 'ECONNREFUSED' });
  agent.destroy();
});
