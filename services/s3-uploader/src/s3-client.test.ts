import { expect, test } from '@jest/globals';
import { readEnv } from '@offload/runtime/env';
import { objectUrl } from './s3-client.js';
import { connectionConfigs, s3Env } from './s3-env.js';

const read = (env: NodeJS.ProcessEnv) =>
  connectionConfigs(readEnv({ S3_BUCKETS: 'media', ...env }, s3Env), {}).get('default')!;

test.each([
  ['AWS itself', {}, 'https://media.s3.us-east-1.amazonaws.com/a/b.png'],
  ['AWS in another region', { AWS_REGION: 'eu-west-1' }, 'https://media.s3.eu-west-1.amazonaws.com/a/b.png'],
  ['AWS in path style', { S3_FORCE_PATH_STYLE: 'true' }, 'https://s3.us-east-1.amazonaws.com/media/a/b.png'],
  ['an own server', { S3_ENDPOINT: 'http://127.0.0.1:7070' }, 'http://127.0.0.1:7070/media/a/b.png'],
  ['an own server below a path', { S3_ENDPOINT: 'https://h/s3/' }, 'https://h/s3/media/a/b.png'],
  [
    'an own server with hosts for buckets',
    { S3_ENDPOINT: 'https://s3.example.com', S3_FORCE_PATH_STYLE: 'false' },
    'https://media.s3.example.com/a/b.png',
  ],
])('the location on %s', (_name, env, url) => {
  expect(objectUrl(read(env), 'media', 'a/b.png')).toBe(url);
});

test('every character of a key that a URL cannot hold is encoded, its slashes are not', () => {
  const url = objectUrl(read({}), 'media', "a b/ü?#%+!'()*.png");
  expect(url).toMatch(/\/a%20b\/%C3%BC%3F%23%25%2B%21%27%28%29%2A\.png$/);
});
