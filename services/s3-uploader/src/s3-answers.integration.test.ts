import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { s3Upload } from '@offload/contracts/s3-upload';
import { runHandler } from '@offload/worker/run-handler';
import { createTestBucket, startS3Link, type S3Link, type TestBucket } from '../../../test/support/s3.js';
import { connectionTo, testConnections } from '../../../test/support/upload.js';
import { createUploadHandler } from './handler.js';

// Real work on a machine that may be busy.
jest.setTimeout(30_000);

let bucket: TestBucket;
let link: S3Link;
beforeAll(async () => {
  bucket = await createTestBucket('s3-answers');
  link = await startS3Link(bucket.endpoint);
});
afterAll(async () => {
  await link.close();
  await bucket.remove();
});

/** A small upload, with one retry where the SDK makes any. */
async function upload(endpoint = link.endpoint) {
  const file = randomUUID();
  const config = connectionTo({ endpoint, buckets: [bucket.name] });
  const connections = testConnections(config, { maxAttempts: 2 });
  const outbound = { fetch: () => Promise.reject(new Error('no URLs here')) };
  const handler = createUploadHandler({ connections, outbound });
  const input = { source: { file }, bucket: bucket.name, key: `answers/${file}` };
  try {
    return await runHandler(s3Upload, handler, input, { files: { [file]: { body: Buffer.from('x') } } });
  } finally {
    connections.destroy();
  }
}

test.each<[string, number, string, 'no' | 'yes', RegExp]>([
  ['AccessDenied', 403, 'access-denied', 'no', /may not write/],
  ['SignatureDoesNotMatch', 403, 'bad-credentials', 'no', /operator has to correct/],
  ['InvalidAccessKeyId', 403, 'bad-credentials', 'no', /access key/],
  ['ExpiredToken', 400, 'expired-credentials', 'yes', /session token/],
  ['RequestTimeTooSkewed', 403, 'clock-skew', 'yes', /clocks/],
  ['NoSuchBucket', 404, 'no-such-bucket', 'no', /has to make it/],
  ['PermanentRedirect', 301, 'wrong-region', 'no', /another region/],
  ['TemporaryRedirect', 307, 'wrong-region', 'no', /another region/],
  ['AuthorizationHeaderMalformed', 400, 'wrong-region', 'no', /region/],
  ['InvalidStorageClass', 400, 'invalid-storage-class', 'no', /choose another/],
  ['QuotaExceeded', 403, 'quota-exceeded', 'no', /make room/],
  ['XMinioStorageFull', 507, 'quota-exceeded', 'no', /make room/],
  ['SlowDown', 503, 's3-throttled', 'yes', /fewer requests/],
  ['TooManyRequests', 429, 's3-throttled', 'yes', /fewer requests/],
  ['ServiceUnavailable', 503, 's3-busy', 'yes', /at the moment/],
  ['InternalError', 500, 's3-busy', 'yes', /at the moment/],
  ['KMS.DisabledException', 400, 'kms-key-unusable', 'no', /KMS key/],
  ['NotImplemented', 501, 's3-refused', 'no', /as the test wished/],
])('the answer %s (%d) is %s, retry %s', async (code, answer, expected, retry, says) => {
  link.mishap = () => ({ answer, code });
  await expect(upload()).rejects.toMatchObject({
    name: 'TaskError',
    code: expected,
    retry,
    message: expect.stringMatching(says) as unknown as string,
  });
});

/** The address of a port that answers whatever comes with this text. */
async function listen(text: string): Promise<[string, () => Promise<void>]> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => socket.end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return [`127.0.0.1:${(server.address() as AddressInfo).port}`, close];
}

test('an endpoint where nobody listens is tried again', async () => {
  const [address, close] = await listen('');
  await close();
  await expect(upload(`http://${address}`)).rejects.toMatchObject({ code: 's3-unreachable', retry: 'yes' });
});

const PAGE = 'HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\ncontent-length: 15\r\n\r\n<html>no</html>';

test.each([
  ['drops every connection is tried again', 'http', '', 's3-unreachable', 'yes'],
  ['does not speak TLS is a mistake of the configuration', 'https', PAGE, 's3-tls-failed', 'no'],
  ['is no S3 at all is one, too', 'http', PAGE, 's3-refused', 'no'],
])('an endpoint that %s', async (_name, scheme, text, code, retry) => {
  const [address, close] = await listen(text);
  await expect(upload(`${scheme}://${address}`)).rejects.toMatchObject({ code, retry });
  await close();
});
