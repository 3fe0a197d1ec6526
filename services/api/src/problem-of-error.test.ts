import { describe, expect, test } from '@jest/globals';
import { QuotaExceeded } from '@offload/store/quota';
import { Problem, problemBody, problems, type ProblemCode } from './problem.js';
import { problemOf } from './problem-of-error.js';

const named = (name: string, fields: object = {}) =>
  Object.assign(new Error('secret detail'), { name }, fields);

const cases: [string, unknown, ProblemCode][] = [
  ['a problem', new Problem('too-large', 'x'), 'too-large'],
  [
    'a body that is no JSON',
    named('SyntaxError', { type: 'entity.parse.failed', status: 400 }),
    'malformed-json',
  ],
  [
    'a body over the limit',
    named('PayloadTooLargeError', { type: 'entity.too.large', status: 413 }),
    'too-large',
  ],
  [
    'an unknown encoding',
    named('Error', { type: 'encoding.unsupported', status: 415 }),
    'wrong-content-type',
  ],
  ['an unknown charset', named('Error', { type: 'charset.unsupported', status: 415 }), 'wrong-content-type'],
  ['a body that was cut off', named('Error', { type: 'request.aborted', status: 400 }), 'malformed-request'],
  ['a path that cannot be decoded', new URIError('secret detail'), 'malformed-request'],
  ['a quota that is used up', new QuotaExceeded(5, 1, 5), 'quota-exceeded'],
  ['a store that gave up', named('StoreUnavailable'), 'store-unavailable'],
  ['no server found', named('MongoServerSelectionError'), 'store-unavailable'],
  ['a lost connection', named('MongoNetworkError'), 'store-unavailable'],
  ['a cleared pool', named('MongoPoolClearedError'), 'store-unavailable'],
  ['a server that shuts down', named('MongoServerError', { code: 91 }), 'store-unavailable'],
  ['a primary that stepped down', named('MongoBulkWriteError', { code: 10107 }), 'store-unavailable'],
  ["the local default's PostgreSQL away", named('MongoServerError', { code: 1 }), 'store-unavailable'],
  [
    'a connection that never stood',
    Object.assign(new Error('Cannot call `tasks.find()` before initial connection is complete'), {
      name: 'MongooseError',
    }),
    'store-unavailable',
  ],
  [
    'a connection lost in a group write',
    named('MongoBulkWriteError', { errorResponse: named('MongoNetworkError') }),
    'store-unavailable',
  ],
  ['a duplicate key', named('MongoServerError', { code: 11000 }), 'internal'],
  ['a duplicate key in a group write', named('MongoBulkWriteError', { code: 11000 }), 'internal'],
  ['a wrong use of mongoose', named('MongooseError'), 'internal'],
  ['a mistake of ours', new TypeError('secret detail'), 'internal'],
  ['what is no error', 'secret detail', 'internal'],
  ['nothing', undefined, 'internal'],
];

describe('an error is answered as', () => {
  test.each(cases)('%s', (_name, error, code) => {
    const problem = problemOf(error);
    expect(problem.code).toBe(code);
    expect(problem.status).toBe(problems[code].status);
    expect(JSON.stringify(problemBody(problem, { path: '/v1/tasks', id: 'r1' }))).not.toMatch('secret');
  });
});

test('a database that is away says when to try again', () => {
  expect(problemOf(named('MongoNetworkError')).headers).toMatchObject({
    'Retry-After': expect.stringMatching(/^\d+$/),
  });
});

test('a problem has the members of RFC 9457, the code, the request id and its faults', () => {
  const problem = new Problem('invalid-task', 'why', {
    errors: [{ pointer: '/type', detail: 'is required' }],
  });
  expect(problemBody(problem, { path: '/v1/tasks', id: 'r1' })).toEqual({
    type: '/docs/errors#invalid-task',
    title: problems['invalid-task'].title,
    status: 422,
    detail: 'why',
    instance: '/v1/tasks',
    code: 'invalid-task',
    requestId: 'r1',
    errors: [{ pointer: '/type', detail: 'is required' }],
  });
});
