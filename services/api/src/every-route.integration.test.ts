import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { oas31 } from 'zod-openapi';
import { contracts } from '@offload/contracts/registry';
import type { Role } from '@offload/store/api-keys';
import { newId } from '@offload/store/new-task';
import { NO_BROKER } from '../../../test/support/own-api.js';
import { startApi, type ApiFixture } from '../../../test/support/api-fixture.js';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { mayDo, roleNeeded } from './access.js';
import { keyHome } from './keep-answer.js';
import { openApiDocument } from './openapi.js';
import { problems, type ProblemCode } from './problem.js';

/** Nothing of it may be seen in an answer. */
const SECRET =
  'mongodb://offload:secret@10.1.2.3/ at Object.<anonymous> (/srv/offload/node_modules/x.js:1:2)';

let database: TestDatabase;
let api: ApiFixture;
/** The same, with a rate of one request a minute. */
let strict: ApiFixture;
const keys: Record<Role, string> = { read: '', submit: '', operate: '', admin: '' };
beforeAll(async () => {
  database = testDatabase('api-every-route');
  const options = { mongodbUri: database.uri, amqpUrl: NO_BROKER, local: false };
  api = await startApi(options);
  await api.store.connection.ready();
  strict = await startApi({ ...options, rateLimits: { perKey: 1, perAddress: 0 } });
  await strict.store.connection.ready();
  for (const role of ['read', 'submit', 'operate', 'admin'] as const)
    keys[role] = (await api.store.keys.create({ owner: 'walker', name: role, roles: [role] })).key;
});
afterAll(async () => {
  await strict.stop();
  await api.stop();
  await database.remove();
});

const document = openApiDocument();

interface Operation {
  method: string;
  path: string;
  /** With an id of nothing in each of its parts. */
  url: string;
  operation: oas31.OperationObject;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  Object.entries(item as Record<string, oas31.OperationObject>)
    .filter(([method]) => METHODS.includes(method))
    .map(([method, operation]): Operation => {
      const url = path
        .replace('{type}', contracts[0]?.type ?? '')
        .replaceAll(/\{(name|image)\}/g, 'a.txt')
        .replaceAll(/\{\w+\}/g, newId());
      return { method: method.toUpperCase(), path, url, operation };
    }),
);
const ofApi = operations.filter(({ path }) => path.startsWith('/v1/'));

const contentOf = ({ operation }: Operation): string[] => {
  const body = operation.requestBody;
  return body && 'content' in body ? Object.keys(body.content) : [];
};
const takesJson = (each: Operation) => contentOf(each)[0] === 'application/json';
const needsJson = (each: Operation) =>
  takesJson(each) && (each.operation.requestBody as oas31.RequestBodyObject).required === true;
const answersOf = ({ operation }: Operation) => operation.responses as Record<string, oas31.ResponseObject>;
const typesOf = (each: Operation): string[] =>
  Object.entries(answersOf(each)).flatMap(([status, { content }]) =>
    status.startsWith('2') && content ? Object.keys(content) : [],
  );

interface Sent {
  key?: string | null;
  headers?: Record<string, string>;
  body?: string;
  method?: string;
  query?: string;
  from?: ApiFixture;
}

/** What a request with a key of all roles gets, unless told otherwise. */
function send(each: Operation, { key = keys.admin, headers, body, method, query, from = api }: Sent) {
  const json: Record<string, string> =
    takesJson(each) || each.path === '/v1/files' ? { 'Content-Type': 'application/json' } : {};
  return fetch(from.url + each.url + (query ?? ''), {
    method: method ?? each.method,
    headers: { ...(key !== null && { Authorization: `Bearer ${key}` }), ...json, ...headers },
    ...(body !== undefined && { body }),
    redirect: 'manual',
  });
}

/** The answer is that problem, whole and well-formed, it is in the document, and the log can be searched for it. */
async function expectProblem(each: Operation, answer: Response, ...codes: ProblemCode[]): Promise<void> {
  const text = await answer.text();
  const what = `${each.method} ${each.path}`;
  expect([what, answer.headers.get('content-type'), text]).toEqual([
    what,
    'application/problem+json; charset=utf-8',
    expect.any(String),
  ]);
  const body = JSON.parse(text) as Record<string, unknown>;
  const code = body.code as ProblemCode;
  expect([what, codes]).toEqual([what, expect.arrayContaining([code])]);
  expect(body).toMatchObject({
    type: `/docs/errors#${code}`,
    title: problems[code].title,
    status: problems[code].status,
    detail: expect.stringMatching(/\S.*[.…]$/s),
    instance: each.url,
    requestId: answer.headers.get('x-request-id'),
  });
  expect(answer.status).toBe(problems[code].status);
  expect(text).not.toMatch(/mongo|node_modules|\.js:|\bat [\w.]+ \(|undefined|\[object/i);
  const documented = answersOf(each)[String(answer.status)]?.description ?? 'no such answer';
  expect([what, documented]).toEqual([what, expect.stringContaining(`\`${code}\``)]);
  expect(api.log.text + strict.log.text).toContain(String(body.requestId));
}

const walk = async (over: Operation[], step: (each: Operation) => Promise<void>): Promise<void> => {
  expect(over.length).toBeGreaterThan(0);
  for (const each of over) await step(each);
};

describe('every route', () => {
  test('is a 401 without a key, and with one that is none', () =>
    walk(ofApi, async (each) => {
      await expectProblem(each, await send(each, { key: null }), 'no-key');
      await expectProblem(each, await send(each, { key: 'ofl_x' }), 'invalid-key');
    }));

  test('is a 403 with a key of another role', () =>
    walk(ofApi, async (each) => {
      const needed = roleNeeded(each.method, each.path);
      for (const role of ['read', 'submit', 'operate'] as const)
        if (needed && !mayDo([role], needed))
          await expectProblem(each, await send(each, { key: keys[role] }), 'forbidden');
    }));

  test('is a 405 for other methods, and says in Allow which it takes', () =>
    walk(operations, async (each) => {
      const taken = Object.keys(document.paths?.[each.path] ?? {}).map((method) => method.toUpperCase());
      for (const method of ['PUT', 'PATCH', 'POST', 'DELETE', 'GET'].filter((one) => !taken.includes(one))) {
        const answer = await send(each, { method });
        const allow = answer.headers
          .get('allow')
          ?.split(', ')
          .filter((one) => !/HEAD|OPTIONS/.test(one));
        expect([each.path, allow?.toSorted()]).toEqual([each.path, taken.toSorted()]);
        await answer.body?.cancel();
        expect(answer.status).toBe(405);
        if (each.path.startsWith('/v1/')) break;
      }
    }));

  test('is a 406 where Accept wants none of what it answers', () =>
    walk(
      ofApi.filter((each) => typesOf(each).length > 0 && !typesOf(each).includes('*/*')),
      async (each) => {
        const answer = await send(each, {
          headers: { Accept: 'text/csv' },
          ...(takesJson(each) && { body: '{}' }),
        });
        await expectProblem(each, answer, 'not-acceptable');
      },
    ));

  test('refuses a parameter that the document does not have, and takes none of its own for unknown', () =>
    walk(ofApi, async (each) => {
      const body = takesJson(each) ? { body: '{}' } : {};
      const unknown = await send(each, { query: '?no-such-parameter=1', ...body });
      await expectProblem(each, unknown, 'invalid-query');
      const names = (each.operation.parameters ?? []).flatMap((parameter) =>
        'in' in parameter && parameter.in === 'query' ? [parameter.name] : [],
      );
      for (const name of names) {
        const answer = await send(each, { query: `?${name}=%00`, ...body });
        expect([each.path, name, await answer.text()]).not.toEqual([
          each.path,
          name,
          expect.stringContaining('is not a known parameter'),
        ]);
        expect(answer.status).toBeLessThan(500);
      }
    }));

  test('is a 404 for what is not there', () =>
    walk(
      ofApi.filter(({ path }) => /\{(id|entry)\}/.test(path)),
      async (each) => {
        const body = takesJson(each) && { body: each.method === 'PATCH' ? '{}' : JSON.stringify({}) };
        const answer = await send(each, { ...body });
        const codes = Object.keys(problems).filter((code) => code.endsWith('-not-found')) as ProblemCode[];
        await expectProblem(each, answer, ...codes);
      },
    ));

  test('is a 400 where its path cannot be decoded', () =>
    walk(
      ofApi.filter(({ path }) => path.includes('{')),
      async (each) => {
        const url = each.path.replaceAll(/\{\w+\}/g, '%zz');
        const answer = await send({ ...each, url }, takesJson(each) ? { body: '{}' } : {});
        await expectProblem({ ...each, url }, answer, 'malformed-request', 'no-key');
      },
    ));
});

describe('every route with a JSON body', () => {
  test('is a 400 for what is no JSON, a 415 for what does not call itself so, a 413 for too much', () =>
    walk(ofApi.filter(takesJson), async (each) => {
      await expectProblem(each, await send(each, { body: '{"a":' }), 'malformed-json');
      if (needsJson(each)) await expectProblem(each, await send(each, {}), 'malformed-json');
      const text = await send(each, { body: 'x', headers: { 'Content-Type': 'text/plain' } });
      expect(text.headers.get('accept')).toContain('application/json');
      await expectProblem(each, text, 'wrong-content-type');
      const large = JSON.stringify({ x: 'x'.repeat(each.path === '/v1/batches' ? 8_400_000 : 66_000) });
      await expectProblem(each, await send(each, { body: large }), 'too-large');
    }));

  test('is a 422 for a field that it does not know, with its pointer', () =>
    walk(
      ofApi.filter((each) => takesJson(each) && !each.path.includes('{')),
      async (each) => {
        const answer = await send(each, { body: '{"noSuchField":1}' });
        const { errors } = (await answer.clone().json()) as { errors: { pointer: string }[] };
        expect(errors.map(({ pointer }) => pointer)).toContain('/noSuchField');
        const codes = Object.keys(problems).filter((code) => code.startsWith('invalid-')) as ProblemCode[];
        await expectProblem(each, answer, ...codes);
      },
    ));

  test('that is POSTed is a 400 for an Idempotency-Key that is none', () =>
    walk(
      ofApi.filter(
        ({ method, path }) => method === 'POST' && keyHome(path) !== 'none' && !path.includes('{'),
      ),
      async (each) => {
        const body = takesJson(each) ? '{}' : 'x';
        const type: Record<string, string> = each.path.endsWith('/opml')
          ? { 'Content-Type': 'text/xml' }
          : {};
        const answer = await send(each, { body, headers: { 'Idempotency-Key': '""', ...type } });
        await expectProblem(each, answer, 'malformed-idempotency-key');
      },
    ));
});

test('every route is a 429 with Retry-After when its key asks too often', async () => {
  await fetch(`${strict.url}/v1/tasks`, { headers: { Authorization: `Bearer ${keys.admin}` } });
  await walk(ofApi, async (each) => {
    const answer = await send(each, { from: strict });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    await expectProblem(each, answer, 'too-many-requests');
  });
});

describe('when something of ours breaks', () => {
  /** Makes every call of the store fail with an error that nobody expects. */
  function breakStore(): () => void {
    const restore: (() => void)[] = [];
    const fail = (): never => {
      throw Object.assign(new Error(SECRET), { code: 'ESECRET' });
    };
    const { connection, keys: _keys, ...parts } = api.store;
    for (const part of Object.values(parts) as unknown as Record<string, unknown>[])
      for (const [name, member] of Object.entries(part)) {
        if (typeof member !== 'function' || ['now', 'onCompleted', 'onSettled'].includes(name)) continue;
        restore.push(() => void (part[name] = member));
        part[name] = fail;
      }
    const { mongo } = connection;
    const model = mongo.model.bind(mongo);
    mongo.model = fail as never;
    restore.push(() => void (mongo.model = model));
    return () => restore.forEach((undo) => undo());
  }

  test('a route answers as before, or a 500 that shows nothing of it and can be found in the log', async () => {
    const mend = breakStore();
    let broken = 0;
    try {
      await walk(ofApi, async (each) => {
        const { key } = { key: each.path.startsWith('/v1/keys') ? keys.admin : keys.operate };
        const body = takesJson(each) ? { body: '{}' } : {};
        const answer = await send(each, { key, ...body });
        if (answer.status !== 500) {
          // A stream has no end of its own.
          if (answer.headers.get('content-type')?.startsWith('text/event-stream'))
            await answer.body?.cancel();
          else expect(await answer.text()).not.toContain('10.1.2.3');
          return;
        }
        broken++;
        await expectProblem(each, answer, 'internal');
      });
    } finally {
      mend();
    }
    expect(broken).toBeGreaterThan(20);
    expect(api.log.text).toContain('a request failed');
  });
});
