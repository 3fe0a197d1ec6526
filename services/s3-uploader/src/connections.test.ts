import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readEnv } from '@offload/runtime/env';
import { createConnections } from './connections.js';
import { presignObject } from './presign-object.js';
import { connectionConfigs, s3Env } from './s3-env.js';

const read = (env: NodeJS.ProcessEnv) => connectionConfigs(readEnv(env, s3Env), env);
const json = (connections: object): NodeJS.ProcessEnv => ({ S3_CONNECTIONS: JSON.stringify(connections) });
const minimal = { buckets: ['media'] };

describe('the connections of the environment', () => {
  test('are the one made of S3_BUCKETS and its fellows, named default', () => {
    expect(read({ S3_BUCKETS: ' media, backups ,', S3_ENDPOINT: 'http://s3:7070' })).toEqual(
      new Map([
        [
          'default',
          {
            endpoint: 'http://s3:7070',
            region: 'us-east-1',
            pathStyle: true,
            buckets: [
              { name: 'media', prefixes: [] },
              { name: 'backups', prefixes: [] },
            ],
            default: false,
          },
        ],
      ]),
    );
  });

  test('and those of S3_CONNECTIONS, with credentials from the variables that they name', () => {
    const all = read({
      S3_BUCKETS: 'media',
      R2_KEY: 'key',
      R2_SECRET: 'secret',
      ...json({
        r2: {
          endpoint: 'https://r2.example.com',
          region: 'auto',
          credentials: { accessKeyIdEnv: 'R2_KEY', secretAccessKeyEnv: 'R2_SECRET' },
          buckets: ['media', { name: 'shared', prefixes: ['uploads/', 'tmp'] }],
        },
        archive: { credentials: { profile: 'archive' }, buckets: ['cold'] },
      }),
    });
    expect([...all.keys()].sort()).toEqual(['archive', 'default', 'r2']);
    expect(all.get('r2')).toMatchObject({
      pathStyle: true,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      buckets: [
        { name: 'media', prefixes: [] },
        { name: 'shared', prefixes: ['uploads/', 'tmp'] },
      ],
    });
    expect(all.get('archive')).toMatchObject({ pathStyle: false, credentials: { profile: 'archive' } });
  });

  test('may stand in a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'connections-'));
    const file = join(folder, 's3.json');
    writeFileSync(file, JSON.stringify({ a: minimal }));
    expect([...read({ S3_CONNECTIONS: file }).keys()]).toEqual(['a']);
    rmSync(folder, { recursive: true });
  });

  test.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['neither of them', {}, /S3_BUCKETS is not set, nor is S3_CONNECTIONS/],
    ['an empty list of buckets', { S3_BUCKETS: ',' }, /S3_BUCKETS/],
    ['what cannot be a bucket', { S3_BUCKETS: 'My_Bucket' }, /S3_BUCKETS/],
    [
      'an endpoint that is not http',
      { S3_BUCKETS: 'media', S3_ENDPOINT: 'ftp://h' },
      /S3_ENDPOINT: must be an http/,
    ],
    [
      'a style that is neither',
      { S3_BUCKETS: 'media', S3_FORCE_PATH_STYLE: 'maybe' },
      /must be true or false/,
    ],
    ['what is not JSON', { S3_CONNECTIONS: '{a' }, /S3_CONNECTIONS: is not JSON/],
    ['a file that is not there', { S3_CONNECTIONS: 'no/such/file' }, /neither JSON nor a file/],
    ['two called default', { S3_BUCKETS: 'media', ...json({ default: minimal }) }, /makes another/],
    [
      'two defaults',
      json({ a: { ...minimal, default: true }, b: { ...minimal, default: true } }),
      /only one/,
    ],
    ['a connection without buckets', json({ a: { buckets: [] } }), /buckets/],
    ['an unknown field', json({ a: { ...minimal, secretAccessKey: 'x' } }), /secretAccessKey/],
    ['a name with blanks', json({ 'a b': minimal }), /lower-case/],
    [
      'a prefix that is none',
      json({ a: { buckets: [{ name: 'media', prefixes: ['/x'] }] } }),
      /beginning of keys/,
    ],
    [
      'a variable that is not set',
      json({ a: { ...minimal, credentials: { accessKeyIdEnv: 'NO_KEY', secretAccessKeyEnv: 'NO_SECRET' } } }),
      /connection a names NO_KEY, which is not set/,
    ],
  ])('%s is refused at the start', (_name, env, message) => {
    expect(() => read(env)).toThrow(message);
  });

  test('secrets that were put into the JSON by mistake are not printed', () => {
    expect(() => read({ S3_CONNECTIONS: '{"a": hunter2' })).toThrow(/^((?!hunter2)[\s\S])*$/);
  });
});

describe('a task names its target', () => {
  const two = { a: minimal, b: { buckets: [{ name: 'media', prefixes: ['in/', 'tmp-'] }] } };
  const connections = (all: object) => createConnections(read(json(all)));

  test.each([
    ['the only one', { a: minimal }, 'a'],
    ['the one called default', { a: minimal, default: minimal }, 'default'],
    ['the marked one', { default: minimal, b: { ...minimal, default: true } }, 'b'],
  ])('or takes %s', (_name, all, name) => {
    expect(connections(all).get(undefined).name).toBe(name);
  });

  test('and is told when there is no default, or none of this name', () => {
    expect(() => connections(two).get(undefined)).toThrow(
      expect.objectContaining({ code: 'target-required', retry: 'no' }),
    );
    expect(() => connections(two).get('c')).toThrow(
      expect.objectContaining({ code: 'no-such-target', message: 'There is no target c; there are a, b.' }),
    );
  });

  test.each([
    ['a', 'media', 'any/key', true],
    ['a', 'other', 'any/key', false],
    ['b', 'media', 'in/x', true],
    ['b', 'media', 'tmp-1', true],
    ['b', 'media', 'in', false],
    ['b', 'media', 'inside/x', false],
    ['b', 'media', 'out/in/x', false],
    ['b', 'media', 'IN/x', false],
  ])('target %s, bucket %s, key %s: allowed %s', (target, bucket, key, allowed) => {
    const check = () => connections(two).get(target).check(bucket, key);
    if (allowed) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code: 'target-not-allowed', retry: 'no' }));
  });
});

describe('a link', () => {
  const connection = (change: object = {}, credentials: object = {}) =>
    createConnections(read(json({ a: { ...minimal, endpoint: 'http://s3:7070', ...change } })), {
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret', ...credentials },
    }).get('a');
  const place = { Bucket: 'media', Key: 'a b/ü.png' };
  const now = new Date('2026-11-24T10:00:00Z');

  test('is for the endpoint that clients reach, and ends when it was asked to', async () => {
    const { url, expiresAt } = await presignObject(
      connection({ publicEndpoint: 'https://cdn.example.com' }),
      place,
      3_600_000,
      now,
    );
    expect(url).toMatch(/^https:\/\/cdn\.example\.com\/media\/a%20b\/%C3%BC\.png\?/);
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('3600');
    expect(expiresAt).toBe('2026-11-24T11:00:00.000Z');
  });

  test('says so when the credentials end sooner', async () => {
    const expiration = new Date('2026-11-24T10:15:00Z');
    const { expiresAt } = await presignObject(connection({}, { expiration }), place, 3_600_000, now);
    expect(expiresAt).toBe('2026-11-24T10:15:00.000Z');
  });
});
