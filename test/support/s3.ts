import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';

/** A bucket of the tests' S3 server (S3_ENDPOINT, AWS_*) that belongs to one test file. */
export interface TestBucket {
  name: string;
  endpoint: string;
  s3: S3Client;
  /** Keys of the multipart uploads that were begun and neither completed nor aborted. */
  openUploads(): Promise<string[]>;
  keys(): Promise<string[]>;
  /** With all that is in it. */
  remove(): Promise<void>;
}

export async function createTestBucket(label: string): Promise<TestBucket> {
  const endpoint = process.env['S3_ENDPOINT'];
  if (!endpoint) throw new Error('S3_ENDPOINT is not set; `npm test` starts an S3 server and sets it.');
  const s3 = new S3Client({
    endpoint,
    region: process.env['AWS_REGION'] ?? 'us-east-1',
    forcePathStyle: true,
  });
  const Bucket = `test-${label}-${randomUUID().slice(0, 8)}`;
  await s3.send(new CreateBucketCommand({ Bucket }));

  const uploads = async () => (await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? [];
  const keys = async () =>
    ((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key!);
  return {
    name: Bucket,
    endpoint,
    s3,
    openUploads: async () => (await uploads()).map(({ Key }) => Key!),
    keys,
    async remove() {
      for (const { Key, UploadId } of await uploads())
        await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
      for (const Key of await keys()) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
      await s3.send(new DeleteBucketCommand({ Bucket }));
      s3.destroy();
    },
  };
}

/** An S3 operation as a test names it, e.g. `UploadPart`. */
export type S3Operation =
  | 'PutObject'
  | 'HeadObject'
  | 'GetObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload';

/**
 * What the link does with one request instead of passing it on: answers it (status and error code), swallows it,
 * turns one of its body's bits, passes it on and loses the reply, or changes the reply's headers.
 */
export type Mishap =
  | { answer: number; code: string }
  | { hang: true }
  | { flipBit: true }
  | { loseReply: true }
  | { headers: Record<string, string> };

/** A link to the S3 server on which a test lets mishaps happen. */
export interface S3Link {
  endpoint: string;
  /** What came by, in order. */
  seen: S3Operation[];
  /** The same with their headers. */
  sent: { operation: S3Operation; headers: IncomingMessage['headers'] }[];
  /** Asked for each request; `n` counts those of its operation from 1. */
  mishap: (operation: S3Operation, n: number) => Mishap | undefined;
  close(): Promise<void>;
}

export async function startS3Link(endpoint: string): Promise<S3Link> {
  const target = new URL(endpoint);
  const server = createServer((request, response) => {
    const operation = operationOf(request);
    link.seen.push(operation);
    link.sent.push({ operation, headers: request.headers });
    const mishap = link.mishap(operation, link.seen.filter((each) => each === operation).length);
    request.on('error', () => {});
    if (mishap && 'hang' in mishap) return;
    if (mishap && 'answer' in mishap) return answerError(request, response, mishap);
    pass(request, response, target, mishap ?? {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const link: S3Link = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    sent: [],
    mishap: () => undefined,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
  return link;
}

function operationOf({ method, url }: IncomingMessage): S3Operation {
  const query = new URL(url ?? '/', 'http://s3').searchParams;
  const multipart = query.has('uploadId');
  if (method === 'POST') return multipart ? 'CompleteMultipartUpload' : 'CreateMultipartUpload';
  if (method === 'PUT') return multipart ? 'UploadPart' : 'PutObject';
  if (method === 'DELETE') return 'AbortMultipartUpload';
  return method === 'HEAD' ? 'HeadObject' : 'GetObject';
}

function answerError(
  request: IncomingMessage,
  response: ServerResponse,
  { answer, code }: { answer: number; code: string },
): void {
  request.resume().once('end', () => {
    response.writeHead(answer, { 'content-type': 'application/xml' });
    response.end(
      request.method === 'HEAD'
        ? undefined
        : `<?xml version="1.0"?><Error><Code>${code}</Code><Message>as the test wished</Message></Error>`,
    );
  });
}

/** With the Host header as it came: it is part of the signature. */
function pass(
  request: IncomingMessage,
  response: ServerResponse,
  target: URL,
  mishap: Partial<{ flipBit: true; loseReply: true; headers: Record<string, string> }>,
): void {
  const { method, url: path, headers } = request;
  const upstream = forward({ host: target.hostname, port: target.port, method, path, headers }, (reply) => {
    if (mishap.loseReply) return void reply.resume().once('end', () => response.destroy());
    response.writeHead(reply.statusCode ?? 502, { ...reply.headers, ...mishap.headers });
    reply.pipe(response);
  });
  upstream.on('error', () => response.destroy());
  response.once('close', () => upstream.destroy());
  let first = true;
  request.on('data', (chunk: Buffer) => {
    if (first && mishap.flipBit) chunk[0]! ^= 1;
    first = false;
    if (upstream.write(chunk)) return;
    request.pause();
    upstream.once('drain', () => request.resume());
  });
  request.once('end', () => upstream.end());
}
