import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  answer,
  events,
  hangUp,
  startScriptedServer,
  type ScriptedServer,
} from '../../../test/support/scripted-server.js';
import { createClient, type ClientOptions } from './client.js';
import { ApiUnreachable, ProblemError, StreamUnusable, TaskFailed, WaitTimeout } from './errors.js';

const ID = '0190aaaa-0000-7000-8000-000000000001';
const task = (change: object = {}) => ({
  id: ID,
  type: 'system.echo',
  state: 'queued',
  files: [],
  ...change,
});
const result = { message: 'hi', attempt: 1 };
const done = task({ state: 'succeeded', result });
const busy = (headers: Record<string, string> = {}) =>
  answer(503, { code: 'store-unavailable', status: 503, detail: 'Try again.', requestId: 'r1' }, headers);

let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.close());

const client = (options: Partial<ClientOptions> = {}) => createClient({ baseUrl: server.url, ...options });
const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'nothing',
    (error: unknown) => error,
  );

describe('a submission', () => {
  test('is a POST of type, input and options with the key, and gives a handle', async () => {
    server.answers(answer(202, task(), { 'existing-task': 'unique' }));
    const handle = await client({ key: 'ofl_abc' }).systemEcho(
      { message: 'hi' },
      { lane: 'bulk', tags: ['a'] },
    );
    expect([handle.id, handle.existing]).toEqual([ID, 'unique']);
    const [{ method, path, headers, body }] = server.asked as [(typeof server.asked)[0]];
    expect([method, path, headers.authorization]).toEqual(['POST', '/v1/tasks', 'Bearer ofl_abc']);
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(body)).toEqual({
      type: 'system.echo',
      input: { message: 'hi' },
      lane: 'bulk',
      tags: ['a'],
    });
  });

  test('that got no answer, or a 503, is sent again with the same Idempotency-Key', async () => {
    server.answers(hangUp, busy({ 'retry-after': '0' }), answer(202, task()));
    await client().systemEcho({ message: 'hi' });
    const keys = server.asked.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([expect.stringMatching(/^"[0-9a-f]{32}"$/), keys[0], keys[0]]);
    expect(new Set(server.asked.map(({ body }) => body)).size).toBe(1);
  });

  test('carries the key that it was given', async () => {
    server.answers(answer(202, task()));
    await client().systemEcho({}, { idempotencyKey: 'mine' });
    expect(server.asked[0]?.headers['idempotency-key']).toBe('"mine"');
  });

  test('keeps a prefix of the base address', async () => {
    server.answers(answer(202, task()));
    await createClient({ baseUrl: `${server.url}/offload/` }).systemEcho({});
    expect(server.asked[0]?.path).toBe('/offload/v1/tasks');
  });

  test('that is refused rejects with the problem, and is not sent again', async () => {
    const errors = [{ pointer: '/input/message', detail: 'is no string' }];
    server.answers(
      answer(422, { code: 'invalid-task', status: 422, detail: 'No.', requestId: 'r7', errors }),
    );
    const error = await caught(client().systemEcho({}));
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({
      code: 'invalid-task',
      status: 422,
      errors,
      requestId: 'r7',
      message: 'No.',
    });
    expect(server.asked).toHaveLength(1);
  });
});

describe('a request that fails', () => {
  test('is sent again as often as the options say, then its last error is thrown', async () => {
    server.answers(busy());
    expect(await caught(client({ retries: 1 }).task(ID).task())).toMatchObject({ code: 'store-unavailable' });
    expect(server.asked).toHaveLength(2);
  });

  test('is not sent again when that might do it twice', async () => {
    server.answers(hangUp);
    expect(await caught(client().task(ID).retry())).toBeInstanceOf(ApiUnreachable);
    expect(server.asked).toHaveLength(1);
  });

  test('by a 429 is sent again whatever it is: nothing was done', async () => {
    server.answers(answer(429, { code: 'too-many-requests' }, { 'retry-after': '0' }), answer(202, task()));
    await client().task(ID).retry();
    expect(server.asked).toHaveLength(2);
  });

  test('with a Retry-After beyond the limit is not waited for, and the error tells it', async () => {
    server.answers(busy({ 'retry-after': '3600' }));
    expect(await caught(client().task(ID).task())).toMatchObject({ retryAfterMs: 3_600_000 });
    expect(server.asked).toHaveLength(1);
  });

  test('by an answer that is no problem, e.g. of a proxy, says its status', async () => {
    server.answers(answer(418, '<h1>teapot</h1>', { 'content-type': 'text/html' }));
    expect(await caught(client().task(ID).task())).toMatchObject({ code: 'http-error', status: 418 });
  });

  test('because nothing comes in time says so', async () => {
    server.answers(() => {});
    const error = await caught(client({ timeoutMs: 50, retries: 0 }).task(ID).task());
    expect(error).toBeInstanceOf(ApiUnreachable);
    expect((error as Error).message).toContain('no answer in 50 ms');
  });

  test('because its signal was aborted rejects with the reason, also between two sendings', async () => {
    server.answers(busy({ 'retry-after': '20' }));
    const reason = new Error('enough');
    const error = await caught(
      client()
        .task(ID)
        .task({ signal: abortedIn(100, reason) }),
    );
    expect(error).toBe(reason);
  });

  test('because nobody listens says the reason below', async () => {
    const gone = await startScriptedServer();
    await gone.close();
    const error = await caught(createClient({ baseUrl: gone.url, retries: 0 }).task(ID).task());
    expect((error as Error).message).toMatch(/does not answer: .*ECONNREFUSED/);
  });
});

describe('waiting', () => {
  test('follows the stream, tells each change, and resolves with the task', async () => {
    const running = task({ state: 'running', progress: { done: 1, total: 2, note: null } });
    server.answers(events({ id: 'a', data: running }, { id: 'b', data: done }), answer(200, done));
    const seen: string[] = [];
    const ended = await client()
      .task(ID)
      .wait({ onProgress: ({ state }) => seen.push(state) });
    expect([seen, ended.result]).toEqual([['running', 'succeeded'], result]);
    expect(server.asked.map(({ path }) => path)).toEqual([`/v1/tasks/${ID}/events`, `/v1/tasks/${ID}`]);
  });

  test('resumes a stream that ended early with Last-Event-ID', async () => {
    server.answers(
      events({ id: 'a', data: task() }),
      hangUp,
      events({ id: 'b', data: done }),
      answer(200, done),
    );
    await client().task(ID).wait();
    const resumed = server.asked.map(({ headers }) => headers['last-event-id']);
    expect(resumed).toEqual([undefined, 'a', 'a', undefined]);
  });

  test('tells when the stream of an owner is there, and when it is lost', async () => {
    server.answers(events({ id: 'a', data: task() }), hangUp, events({ id: 'b', data: done }));
    const told: string[] = [];
    const left = new AbortController();
    const following = client().events({ signal: left.signal, onConnection: (now) => told.push(now) });
    await following.next();
    expect(told).toEqual(['open']);
    await following.next();
    left.abort();
    expect(told).toEqual(['open', 'lost', 'lost', 'open']);
  });

  test('asks with Prefer: wait where no stream comes through', async () => {
    const html = answer(200, '<h1>login</h1>', { 'content-type': 'text/html' });
    server.answers(html, answer(200, task()), answer(200, done));
    await client().task(ID).wait();
    expect(server.asked.map(({ headers }) => headers.prefer)).toEqual([undefined, 'wait=20', 'wait=20']);
  });

  test('ends at once for a task whose end was seen: a 204', async () => {
    server.answers(answer(204, ''), answer(200, done));
    expect((await client().task(ID).wait()).state).toBe('succeeded');
  });

  test.each([
    ['failed', { code: 'timeout', message: 'Too slow.' }, { code: 'timeout', message: 'Too slow.' }],
    ['cancelled', null, { code: 'cancelled' }],
  ])('rejects when the task has %s', async (state, error, expected) => {
    const ended = task({ state, error });
    server.answers(events({ id: 'a', data: ended }), answer(200, ended));
    const thrown = await caught(client().task(ID).wait());
    expect(thrown).toBeInstanceOf(TaskFailed);
    expect(thrown).toMatchObject({ ...expected, task: { id: ID } });
  });

  test('ends in time, and by its signal', async () => {
    server.answers(() => {});
    expect(await caught(client().task(ID).wait({ timeoutMs: 50 }))).toBeInstanceOf(WaitTimeout);
    const reason = new Error('enough');
    expect(
      await caught(
        client()
          .task(ID)
          .wait({ signal: abortedIn(50, reason) }),
      ),
    ).toBe(reason);
  });

  test('of a task that is not there rejects with the problem', async () => {
    server.answers(answer(404, { code: 'task-not-found' }));
    expect(await caught(client().task(ID).wait())).toMatchObject({ code: 'task-not-found' });
    expect(server.asked).toHaveLength(1);
  });
});

describe('events', () => {
  test('of an owner are told, and so is that some are missing', async () => {
    server.answers(events({ id: 'a', data: task() }, { event: 'reset', id: 'b', data: {} }), () => {});
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const { event } of client().events({ type: 'system.echo', signal: stop.signal })) {
      seen.push(event);
      if (event === 'reset') break;
    }
    expect(seen).toEqual(['task', 'reset']);
    expect(server.asked[0]?.path).toBe('/v1/events?type=system.echo');
  });

  test('that are no event stream are refused, and say what came instead', async () => {
    server.answers(answer(200, '{}'));
    const error = await caught(client().task(ID).events().next());
    expect(error).toBeInstanceOf(StreamUnusable);
    expect((error as Error).message).toContain('application/json');
  });
});

describe('lists', () => {
  test('go on to the next page by its cursor', async () => {
    const page = (id: string, next: string | null) => answer(200, { items: [task({ id })], next });
    server.answers(page('1', '/v1/tasks?tag=a&cursor=x%2By'), page('2', null));
    const ids: string[] = [];
    for await (const { id } of client().tasks({ tag: 'a' })) ids.push(id);
    expect(ids).toEqual(['1', '2']);
    expect(server.asked.map(({ path }) => path)).toEqual(['/v1/tasks?tag=a', '/v1/tasks?tag=a&cursor=x%2By']);
  });
});

describe('an upload', () => {
  const stored = answer(201, { id: ID, size: 5 });

  test('of bytes is sent again after a failure, with its name and type', async () => {
    server.answers(hangUp, stored);
    const upload = await client().upload(new TextEncoder().encode('hello'), {
      name: 'a b.txt',
      type: 'text/plain',
    });
    expect(upload.id).toBe(ID);
    expect(server.asked.map(({ path, body }) => [path, body])).toEqual([
      ['/v1/files?name=a%20b.txt', 'hello'],
      ['/v1/files?name=a%20b.txt', 'hello'],
    ]);
    expect(server.asked[1]?.headers['content-type']).toBe('text/plain');
  });

  test('of a stream tells how far it is, and is sent once', async () => {
    server.answers(stored);
    const told: unknown[] = [];
    const onProgress = (sent: number, total: number | null) => told.push([sent, total]);
    await client().upload(parts('he', 'llo'), { onProgress });
    expect([server.asked[0]?.body, told]).toEqual([
      'hello',
      [
        [2, null],
        [5, null],
      ],
    ]);
    server.answers(busy({ 'retry-after': '0' }));
    expect(await caught(client().upload(parts('he')))).toBeInstanceOf(ProblemError);
    expect(server.asked).toHaveLength(1);
  });

  test('of a stream that is made anew is sent again', async () => {
    server.answers(busy({ 'retry-after': '0' }), stored);
    await client().upload(() => parts('he', 'llo'));
    expect(server.asked.map(({ body }) => body)).toEqual(['hello', 'hello']);
  });

  test('of a source that breaks rejects with its error', async () => {
    server.answers(stored);
    const reason = new Error('the disk is gone');
    expect(await caught(client().upload(broken(reason)))).toBe(reason);
  });

  test('of a File has its name and type, and tells the whole', async () => {
    server.answers(stored);
    const told: unknown[] = [];
    const file = new File(['hello'], 'x.png', { type: 'image/png' });
    await client().upload(file, { type: undefined, onProgress: (sent, total) => told.push([sent, total]) });
    expect(server.asked[0]).toMatchObject({ path: '/v1/files?name=x.png', body: 'hello' });
    expect(server.asked[0]?.headers['content-type']).toBe('image/png');
    expect(told.at(-1)).toEqual([5, 5]);
  });
});

async function* broken(error: Error): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode('he');
  throw error;
}

async function* parts(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

function abortedIn(ms: number, reason: Error): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), ms);
  return controller.signal;
}
