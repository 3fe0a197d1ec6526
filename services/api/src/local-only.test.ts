import express from 'express';
import supertest from 'supertest';
import { describe, expect, test } from '@jest/globals';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { answerErrors } from './answer-error.js';
import { isLoopback, localOnly } from './local-only.js';
import { requestId } from './request-id.js';

const app = express()
  .use(requestId, localOnly(['https://app.example']))
  .use((_request, response) => void response.json({}))
  .use(answerErrors(new RecordedLog()));

describe('on loopback, a page of another site', () => {
  test.each(['localhost', 'localhost:3000', 'LOCALHOST:1', '127.0.0.1:3000', '[::1]:3000', '[::1]'])(
    'does not stand in the way of Host %s',
    async (host) => {
      await supertest(app).get('/').set('Host', host).expect(200);
    },
  );

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:3000',
    '10.0.0.1',
    '[::2]',
    ' ',
  ])('cannot use a name that it points here (DNS rebinding): Host %s', async (host) => {
    const answer = await supertest(app).get('/').set('Host', host).expect(421);
    expect(answer.body).toMatchObject({ code: 'wrong-host' });
  });

  test.each(['http://evil.example', 'null', 'http://localhost:9999', 'https://localhost:3000'])(
    'cannot send data: Origin %s',
    async (origin) => {
      const post = supertest(app).post('/').set('Host', 'localhost:3000').set('Origin', origin);
      expect((await post.expect(403)).body).toMatchObject({ code: 'cross-site' });
    },
  );

  test('is told from our own, from none, and from those of CORS_ORIGINS', async () => {
    const post = () => supertest(app).post('/').set('Host', 'localhost:3000');
    expect((await post().set('Origin', 'http://localhost:3000')).status).toBe(200);
    expect((await post()).status).toBe(200);
    expect((await post().set('Origin', 'https://app.example')).status).toBe(200);
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.8.0.1', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.5', false],
  ['example.com', false],
])('%s is reached from this machine only: %p', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
