import express from 'express';
import supertest from 'supertest';
import { describe, expect, test } from '@jest/globals';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { answerErrors } from './answer-error.js';
import { cors } from './cors.js';
import { Problem } from './problem.js';
import { requestId } from './request-id.js';

const PAGE = 'https://app.example';

const clientOf = (...origins: string[]) =>
  supertest(
    express()
      .use(requestId, cors(origins))
      .get('/', (_request, response) => void response.json({}))
      .get('/secret', () => {
        throw new Problem('no-key', 'Send a key.');
      })
      .use(answerErrors(new RecordedLog())),
  );
const corsHeaders = ({ headers }: { headers: Record<string, string> }) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

describe('pages of other origins', () => {
  test('are told nothing by default', async () => {
    const answer = await clientOf().get('/').set('Origin', PAGE).expect(200);
    expect([corsHeaders(answer), answer.get('Vary')]).toEqual([[], undefined]);
  });

  test('that are allowed may read answers and the headers that clients need, never with credentials', async () => {
    const answer = await clientOf('https://other.example', PAGE).get('/').set('Origin', PAGE).expect(200);
    expect(answer.get('Access-Control-Allow-Origin')).toBe(PAGE);
    expect(answer.get('Vary')).toBe('Origin');
    const exposed = answer.get('Access-Control-Expose-Headers');
    for (const name of ['Location', 'Retry-After', 'ETag', 'RateLimit', 'X-Request-Id'])
      expect(exposed).toMatch(name);
    expect(answer.get('Access-Control-Allow-Credentials')).toBeUndefined();
  });

  test('that are allowed may read why they were refused', async () => {
    const answer = await clientOf(PAGE).get('/secret').set('Origin', PAGE).expect(401);
    expect(answer.get('Access-Control-Allow-Origin')).toBe(PAGE);
  });

  test.each(['https://evil.example', 'https://app.example.evil.example', 'http://app.example', 'null'])(
    'that are not allowed are told nothing, and caches know it: %s',
    async (origin) => {
      const answer = await clientOf(PAGE).get('/').set('Origin', origin).expect(200);
      expect([corsHeaders(answer), answer.get('Vary')]).toEqual([[], 'Origin']);
    },
  );

  test('may all be allowed', async () => {
    const answer = await clientOf('*').get('/').set('Origin', PAGE).expect(200);
    expect(answer.get('Access-Control-Allow-Origin')).toBe('*');
    expect(answer.get('Vary')).toBeUndefined();
  });
});

test('a preflight needs no key, names what may be sent, and may be remembered', async () => {
  const answer = await clientOf(PAGE)
    .options('/secret')
    .set({ Origin: PAGE, 'Access-Control-Request-Method': 'POST' })
    .expect(204);
  expect(answer.get('Access-Control-Allow-Methods')).toMatch('PATCH');
  expect(answer.get('Access-Control-Allow-Headers')).toMatch('Idempotency-Key');
  expect(answer.get('Access-Control-Max-Age')).toBe('7200');
  expect(answer.get('Access-Control-Allow-Origin')).toBe(PAGE);
});
