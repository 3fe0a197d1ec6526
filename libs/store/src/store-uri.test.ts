import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '@offload/runtime/env';
import { checkStoreUri, explainStoreFailure } from './store-uri.js';

const failure = (message: string, code?: number) => Object.assign(new Error(message), { code });
const refusal = (uri: string): Error => {
  try {
    checkStoreUri(uri);
  } catch (error) {
    return error as Error;
  }
  throw new Error('not refused');
};

describe('a database URI', () => {
  test.each([
    ['mongodb://ann:s3cret@h:27018/shop?authSource=admin', 'h:27018/shop'],
    ['mongodb://a,b:1/shop', 'a:27017,b:1/shop'],
    ['mongodb+srv://ann:s3cret@cluster.example.com/shop', 'cluster.example.com/shop'],
  ])('%s is shown without user and password', (uri, shown) => {
    expect(checkStoreUri(uri)).toEqual({ shown });
  });

  test.each([
    ['', 'percent-encoded'],
    ['http://ann:s3cret@h/shop', 'Invalid scheme'],
    ['mongodb://', 'host list'],
    ['mongodb://ann:s3@cret@h/shop', 'percent-encoded'],
    ['mongodb://ann:s3/cret@h/shop', 'unescaped characters'],
    ['mongodb://ann:a?s3cret=1@h/shop', 'percent-encoded'],
    ['mongodb://ann:s3cret@h:99999/shop', 'h:99999'],
    ['mongodb://ann:s3cret@h/shop?colour=red', 'colour'],
    ['mongodb://ann:s3cret@h', 'no database name'],
    ['mongodb://ann:s3cret@h/?authSource=admin', 'no database name'],
    ['mongodb+srv://ann:s3cret@cluster.example.com', 'no database name'],
  ])('%s is refused before connecting, with what to do and never the password', (uri, words) => {
    const error = refusal(uri);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toContain(words);
    expect(error.message).toContain('MONGODB_URI');
    expect(error.message).not.toMatch(/s3|cret/);
  });
});

test.each([
  [failure('Authentication failed.', 18), /refuses the user or password.*authSource/],
  [failure('not authorized on shop to execute command', 13), /role readWrite/],
  [failure('connect ECONNREFUSED 127.0.0.1:1'), /No database listens at h:1\/shop/],
  [failure('getaddrinfo ENOTFOUND h'), /host name/],
  [failure('something new'), /something new/],
])('%s is explained with what to do', (error, words) => {
  expect(explainStoreFailure(error, { shown: 'h:1/shop' })).toMatch(words);
});
