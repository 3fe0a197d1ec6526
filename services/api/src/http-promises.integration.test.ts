import http from 'node:http';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApiWithoutBroker, type OwnApi } from '../../../test/support/own-api.js';

let api: OwnApi;
/** What there is to ask for. */
const ids = { task: '', schedule: '', upload: '', batch: '' };
beforeAll(async () => {
  api = await startApiWithoutBroker('api-http');
  ids.task = (await api.insert())._id;
  const schedule = { name: 'daily', type: 'system.echo', input: {}, cron: '@daily' };
  ids.schedule = idOf(await api.client.post('/v1/schedules').send(schedule).expect(201));
  ids.upload = idOf(
    await api.client.post('/v1/files?name=a.txt').type('text/plain').send('hello').expect(201),
  );
  const batch = { tasks: [{ type: 'system.echo', input: {} }] };
  ids.batch = idOf(await api.client.post('/v1/batches').send(batch).expect(202));
});
afterAll(() => api.remove());

const idOf = ({ body }: { body: unknown }): string => (body as { id: string }).id;
const echo = { type: 'system.echo', input: {} };

/** A kind of route each. */
const readable = {
  'a list': () => '/v1/tasks',
  'a list of batches': () => '/v1/batches',
  'a list of schedules': () => '/v1/schedules',
  'a list of feeds': () => '/v1/feeds',
  'a list of entries': () => '/v1/entries',
  'a list of dead letters': () => '/v1/dead-letters',
  'a list of keys': () => '/v1/keys',
  'a task': () => `/v1/tasks/${ids.task}`,
  'a schedule': () => `/v1/schedules/${ids.schedule}`,
  'a batch': () => `/v1/batches/${ids.batch}`,
  'an upload': () => `/v1/files/${ids.upload}`,
  'the bytes of an upload': () => `/v1/files/${ids.upload}/content`,
  'the OPML': () => '/v1/feeds/opml',
  'the document': () => '/openapi.json',
} as const;

/** Sent as it is: no client in between that mends it. Answers the head and the body. */
function raw(text: string): Promise<string> {
  const { port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = net.connect(Number(port), '127.0.0.1', () => socket.write(text));
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer to ${text.slice(0, 60)}`)));
    socket.on('data', (part) => (answer += part.toString('latin1')));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe.each(Object.entries(readable))('%s', (_what, path) => {
  test('has an ETag, is not sent again to whom has it, and no shared cache keeps it', async () => {
    const first = await api.client.get(path()).buffer(true).expect(200);
    const tag = String(first.get('ETag'));
    expect(tag).toMatch(/^(W\/)?"[^"]+"$/);
    expect(first.get('Cache-Control')).toMatch(/^(private, |no-cache)/);
    const again = await api.client.get(path()).set('If-None-Match', `"other", ${tag}`).expect(304);
    expect(again.get('ETag')).toBe(tag);
    expect(again.get('Content-Length')).toBeUndefined();
    await api.client.get(path()).set('If-None-Match', '"other"').expect(200);
  });

  test('has the same headers for HEAD, and no body', async () => {
    const own = ({ headers }: { headers: Record<string, string> }) =>
      Object.fromEntries(
        Object.entries(headers)
          .filter(([name]) => !/^(date|x-request-id)$/.test(name))
          // It counts down.
          .map(([name, value]) => [name, value.replace(/max-age=\d+/, 'max-age')]),
      );
    const get = await api.client.get(path()).buffer(true).expect(200);
    const head = await api.client.head(path()).expect(200);
    expect(own(head)).toEqual(own(get));
    expect(Number(head.get('Content-Length'))).toBeGreaterThan(0);
    expect(head.text).toBeUndefined();
  });

  test('says to OPTIONS, and to a method that it does not take, which it takes', async () => {
    const options = await api.client.options(path()).expect(204);
    const allow = String(options.get('Allow'));
    expect(allow).toMatch(/^GET, HEAD,.*OPTIONS$/);
    const put = await api.client.put(path()).send({}).expect(405);
    expect(put.get('Allow')).toBe(allow);
    expect(put.body).toMatchObject({ code: 'method-not-allowed', status: 405 });
  });

  test('has one address: a slash at its end leads there, another case is another address', async () => {
    const slash = await api.client.get(`${path()}/?x=1`).redirects(0).expect(308);
    expect(slash.get('Location')).toBe(`${path()}?x=1`);
    await api.client.get(`${path()}//`).expect(404);
    await api.client.get(path().replace(/^\/(v1|o)/, (start) => start.toUpperCase())).expect(404);
  });
});

describe('Accept', () => {
  test.each([
    [undefined, 200],
    ['', 200],
    ['*/*', 200],
    ['application/*', 200],
    ['application/json; charset=utf-8', 200],
    ['APPLICATION/JSON', 200],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 200],
    ['nonsense', 200],
    ['text/csv', 406],
    ['application/problem+json', 406],
    ['application/json;q=0, text/csv', 406],
    ['application/json;q=0, */*', 406],
  ])('%s gets a %d from what answers JSON', async (accept, status) => {
    const request = api.client.get('/v1/tasks');
    if (accept !== undefined) request.set('Accept', accept);
    const answer = await request.expect(status);
    if (status === 406)
      expect(answer.body).toMatchObject({ code: 'not-acceptable', detail: /application\/json/ });
  });

  test('that cannot be met does nothing', async () => {
    const of = async () => (await api.client.get('/v1/tasks?tag=unwanted')).body as { items: unknown[] };
    await api.client
      .post('/v1/tasks')
      .set('Accept', 'text/csv')
      .send({ ...echo, tags: ['unwanted'] })
      .expect(406);
    expect((await of()).items).toHaveLength(0);
  });

  test('other than event-stream is refused by a stream, and bytes are sent whatever it says', async () => {
    await api.client.get('/v1/events').set('Accept', 'application/json').expect(406);
    await api.client.get(`/v1/files/${ids.upload}/content`).set('Accept', 'image/png').expect(200);
    await api.client.get('/v1/feeds/opml').set('Accept', 'application/json').expect(406);
  });
});

describe('the query', () => {
  test.each([
    ['/v1/tasks?colour=red', 'colour', 'is not a known parameter'],
    ['/v1/tasks?limit=1&limit=2', 'limit', 'may be given once'],
    ['/v1/tasks?limit[]=1', 'limit[]', 'is not a known parameter'],
    ['/v1/tasks?__proto__=1', '__proto__', 'is not a known parameter'],
    ['/v1/queues?verbose=1', 'verbose', 'is not a known parameter'],
    ['/v1/tasks?order=newest', 'order', expect.stringContaining('"desc"')],
  ])('%s is refused, and the parameter is named', async (path, parameter, detail) => {
    const { body } = (await api.client.get(path).expect(422)) as { body: unknown };
    expect(body).toMatchObject({ code: 'invalid-query', errors: [{ parameter, detail }] });
  });

  test('of a single thing and of a change is looked at, too', async () => {
    await api.client.get(`/v1/tasks/${ids.task}?expand=all`).expect(422);
    await api.client.post('/v1/tasks?dryRun=true').send(echo).expect(422);
  });
});

describe('a body', () => {
  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(`${api.url}/v1/tasks`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: body as string,
    });

  test.each([
    ['{"type":', 400, 'malformed-json'],
    ['', 400, 'malformed-json'],
    ['null', 400, 'malformed-json'],
    ['"text"', 400, 'malformed-json'],
    ['[]', 422, 'invalid-task'],
    ['{"type":"system.echo","input":{},"__proto__":{"x":1}}', 422, 'invalid-task'],
    ['{"type":"system.echo","input":{"__proto__":{"x":1}}}', 422, 'invalid-task'],
    ['{"type":"constructor","input":{}}', 422, 'invalid-task'],
    [`{"type":"system.echo","input":${'['.repeat(100)}${']'.repeat(100)}}`, 400, 'malformed-request'],
    [`{"type":"system.echo","input":{"message":"${'x'.repeat(70_000)}"}}`, 413, 'too-large'],
  ])('%j is a %d %s', async (body, status, code) => {
    const answer = await post(body);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
  });

  test.each([
    ['a byte order mark', `\ufeff${JSON.stringify(echo)}`],
    ['a NUL', JSON.stringify({ ...echo, input: { message: 'a\0b' } })],
    ['half a surrogate pair', '{"type":"system.echo","input":{"message":"\\ud800"}}'],
    ['UTF-8 in its charset', JSON.stringify({ ...echo, input: { message: '日本' } })],
  ])('with %s is taken', async (_what, body) => {
    const answer = await post(body, { 'Content-Type': 'application/json; charset=UTF-8' });
    expect(answer.status).toBe(202);
  });

  test('of another type is a 415 that says which is taken', async () => {
    const text = await post('x', { 'Content-Type': 'text/plain' });
    expect(text.status).toBe(415);
    expect(text.headers.get('accept')).toBe('application/json');
    expect(text.headers.get('accept-post')).toBe('application/json');
    const patch = await api.client
      .patch(`/v1/schedules/${ids.schedule}`)
      .type('text/plain')
      .send('x')
      .expect(415);
    expect(patch.get('Accept-Patch')).toBe('application/json, application/merge-patch+json');
    const coded = await post('x', { 'Content-Encoding': 'compress' });
    expect([coded.status, coded.headers.get('accept-encoding')]).toEqual([415, 'gzip, deflate, br']);
    const charset = await post('{}', { 'Content-Type': 'application/json; charset=latin1' });
    expect(charset.status).toBe(415);
  });

  test('of a PATCH may be called a merge patch', async () => {
    const patch = JSON.stringify({ paused: true });
    const request = api.client.patch(`/v1/schedules/${ids.schedule}`).type('application/merge-patch+json');
    expect((await request.send(patch).expect(200)).body).toMatchObject({ paused: true });
    await api.client.post('/v1/tasks').type('application/merge-patch+json').send('{}').expect(415);
  });
});

describe('a request', () => {
  test.each(['%zz', '%ED%A0%80', '%00', '%2e%2e%2f', '..%2f..%2fetc', "'%22%3Cscript%3E", '%F0%9F%92%A9'])(
    'with %s in its path is a 400 or 404',
    async (junk) => {
      for (const path of [`/v1/tasks/${junk}`, `/v1/${junk}`, `/v1/files/${junk}/content`, `/${junk}`]) {
        const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
        expect([path, answer]).toEqual([
          path,
          expect.stringMatching(/^HTTP\/1\.1 40[04] [^]*application\/problem\+json/),
        ]);
      }
    },
  );

  test('with a very long address is refused with a problem', async () => {
    const long = await raw(
      `GET /v1/tasks?tag=${'x'.repeat(9_000)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    expect(long).toMatch(/^HTTP\/1\.1 4\d\d [^]*"code":"(address-too-long|invalid-query)"/);
  });

  test('of HTTP/1.0, without a Host, is served and its connection closed', async () => {
    const answer = await raw('GET /v1/tasks HTTP/1.0\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK[^]*Connection: close[^]*"items":/);
    expect(answer).not.toContain('Transfer-Encoding');
  });

  test('with an absolute address is served as that of its path', async () => {
    const { host } = new URL(api.url);
    const ask = (target: string) =>
      raw(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(await ask(`http://${host}/v1/tasks?limit=1`)).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(await ask(`http://${host}/v1/tasks/x`)).toMatch(/^HTTP\/1\.1 404 [^]*"instance":"\/v1\/tasks\/x"/);
    expect(await ask(`HTTP://${host}`)).toMatch(/^HTTP\/1\.1 (200|404) /);
  });

  test('for the server as a whole is told its methods', async () => {
    const answer = await raw('OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 204 [^]*Allow: GET, HEAD, POST, PATCH, DELETE, OPTIONS/);
  });

  test('with a slash too many is never sent to another server', async () => {
    for (const path of ['//evil.example/', '/v1/tasks//evil.example/', '/\\evil.example/']) {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      expect(answer).not.toMatch(/^location: (\/\/|\/\\|http)/im);
    }
  });

  test('that is redirected keeps method and body', async () => {
    const answer = await fetch(`${api.url}/v1/tasks/`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(echo),
    });
    expect([answer.status, new URL(answer.url).pathname]).toEqual([202, '/v1/tasks']);
  });
});

describe('what is made', () => {
  test('is named by Location, says when to look again, and may be kept by nobody else', async () => {
    const task = await api.client.post('/v1/tasks').send(echo).expect(202);
    expect(task.get('Location')).toBe(`/v1/tasks/${idOf(task)}`);
    expect(task.get('Retry-After')).toBe('1');
    expect(task.get('Cache-Control')).toBe('private, no-cache');
    expect(task.get('Vary')).toContain('Prefer');
    expect(task.get('Content-Type')).toBe('application/json; charset=utf-8');
    const batch = await api.client
      .post('/v1/batches')
      .send({ tasks: [echo] })
      .expect(202);
    expect(batch.get('Location')).toBe(`/v1/batches/${idOf(batch)}`);
  });

  test('is waited for as long as is preferred, and the answer says so', async () => {
    const waited = async (answer: Promise<{ get(name: string): string | undefined; status: number }>) =>
      (await answer).get('Preference-Applied');
    const prefer = { Prefer: 'respond-async, wait=0' };
    expect(await waited(api.client.post('/v1/tasks').set(prefer).send(echo))).toBeUndefined();
    const wait = { Prefer: 'wait=1' };
    expect(await waited(api.client.post('/v1/tasks').set(wait).send(echo))).toBe('wait=1');
    expect(
      await waited(
        api.client
          .post('/v1/batches')
          .set(wait)
          .send({ tasks: [echo] }),
      ),
    ).toBe('wait=1');
    expect(await waited(api.client.get(`/v1/tasks/${ids.task}`).set(wait))).toBe('wait=1');
    expect(await waited(api.client.post(`/v1/schedules/${ids.schedule}/run`).set(wait))).toBe('wait=1');
  });
});

test('a problem is kept by no cache and has none of the headers of what it replaces', async () => {
  const { headers } = await api.client.get(`/v1/tasks/${ids.batch}`).expect(404);
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'content-type': 'application/problem+json; charset=utf-8',
  });
  expect(headers).not.toHaveProperty('etag');
});

test('HEAD of a problem has its headers and no body', async () => {
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http.request(`${api.url}/v1/tasks/x`, { method: 'HEAD' }, resolve).on('error', reject).end();
  });
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([
    404,
    'application/problem+json; charset=utf-8',
  ]);
  expect(await answer.toArray()).toEqual([]);
});
