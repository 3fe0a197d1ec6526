import { expect, test } from '@jest/globals';
import { hostKey, isSharedPlatform } from './host-key.js';

test.each([
  ['http://example.com/', 'example.com', false],
  ['http://www.example.com/feed', 'example.com', false],
  ['https://a.b.example.co.uk:8443/', 'example.co.uk', false],
  ['http://EXAMPLE.com./', 'example.com', false],
  ['http://bücher.example/', 'xn--bcher-kva.example', false],
  ['http://a.github.io/', 'a.github.io', false],
  ['http://www.a.github.io/', 'a.github.io', false],
  ['http://a.blogspot.com/', 'a.blogspot.com', false],
  ['http://a.wordpress.com/', 'a.wordpress.com', false],
  ['http://a.substack.com/feed', 'a.substack.com', false],
  ['http://bucket.s3.amazonaws.com/', 'bucket.s3.amazonaws.com', false],
  ['https://s3.amazonaws.com/bucket/key', 's3.amazonaws.com:443', true],
  ['http://feeds.feedburner.com/a', 'feedburner.com', true],
  ['https://medium.com/feed/@a', 'medium.com', true],
  ['http://127.0.0.1:8080/', '127.0.0.1:8080', false],
  ['http://[2600::1]/', '[2600::1]:80', false],
  ['http://minio:9000/', 'minio:9000', false],
  ['http://localhost/', 'localhost:80', false],
  ['http://com/', 'com:80', false],
])('%s burdens %s; shared by many: %s', (url, key, shared) => {
  expect(hostKey(new URL(url))).toBe(key);
  expect(isSharedPlatform(new URL(url))).toBe(shared);
});
