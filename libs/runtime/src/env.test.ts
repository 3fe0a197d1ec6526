import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, integer, processEnv, readEnv, serverEnv } from './env.js';

test('values are parsed, defaults filled in, and an empty variable counts as absent', () => {
  const env = readEnv({ HEALTH_PORT: '0', LOG_LEVEL: '' }, processEnv);
  expect(env).toEqual({
    NODE_ENV: 'production',
    LOG_LEVEL: 'info',
    HEALTH_PORT: 0,
    HOST: '127.0.0.1',
    RELEASE: '0.1.0',
    WATCHDOG_MS: 15_000,
  });
});

test('all faults are told at once, each with its variable, and never with a secret value', () => {
  const shape = { ...processEnv, ...serverEnv, COUNT: integer(1, 10), NAME: z.string() };
  const env = { LOG_LEVEL: 'loud', AMQP_URL: 'http://user:hunter2@host', COUNT: '11' };
  let message = '';
  try {
    readEnv(env, shape);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    message = (error as Error).message;
  }
  for (const part of [
    'LOG_LEVEL:',
    'AMQP_URL: must be an amqp://',
    'COUNT:',
    'MONGODB_URI is not set',
    'NAME is not set',
  ])
    expect(message).toContain(part);
  expect(message).not.toContain('hunter2');
});
