// How fast s3.upload streams from a URL on loopback to S3, and with how much memory, beside @aws-sdk/lib-storage alone.
// Each way runs in a process of its own; the origin, which makes the bytes up, in another. Needs S3_ENDPOINT and AWS_*:
//   node test/load/upload.mjs [GiB] [rounds]       (after npm run build)
// The comparison needs the other library, which the project does not have:
//   npm install --prefix FOLDER @aws-sdk/lib-storage @aws-sdk/client-s3; LIB_STORAGE=FOLDER node test/load/upload.mjs
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';

const GIB = 1024 ** 3;
const endpoint = process.env.S3_ENDPOINT;
const [role = '1', ...rest] = process.argv.slice(2);

/** Answers `/BYTES` with so many bytes; with `?unknown` without a Content-Length. */
function origin() {
  const chunk = Buffer.alloc(256 * 1024, 'offload ');
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://origin');
    let left = Number(url.pathname.slice(1));
    response.writeHead(200, {
      'content-type': 'application/x-load',
      etag: '"load"',
      ...(url.searchParams.has('unknown') ? {} : { 'content-length': left }),
    });
    const send = () => {
      while (left > 0) {
        const part = chunk.subarray(0, left);
        left -= part.length;
        if (!response.write(part)) return void response.once('drain', send);
      }
      response.end();
    };
    send();
  });
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
}

async function ours(url, Bucket) {
  const { createConnections } = await import('../../services/s3-uploader/dist/connections.js');
  const { createUploadHandler } = await import('../../services/s3-uploader/dist/handler.js');
  const { createOutbound } = await import('@offload/outbound/create-outbound');
  const { runHandler } = await import('@offload/worker/run-handler');
  const { s3Upload } = await import('@offload/contracts/s3-upload');
  const config = {
    endpoint,
    region: 'us-east-1',
    pathStyle: true,
    buckets: [{ name: Bucket, prefixes: [] }],
    default: true,
  };
  const connections = createConnections(new Map([['default', config]]));
  const outbound = createOutbound({ allow: ['loopback'] });
  const handler = createUploadHandler({ connections, outbound });
  return async (key) => {
    await runHandler(s3Upload, handler, { source: { url }, bucket: Bucket, key });
  };
}

async function bare(url, Bucket) {
  const load = createRequire(`${process.env.LIB_STORAGE}/`);
  const { Upload } = load('@aws-sdk/lib-storage');
  const { S3Client: Client } = load('@aws-sdk/client-s3');
  const client = new Client({ endpoint, region: 'us-east-1', forcePathStyle: true });
  return async (Key) => {
    const { body } = await fetch(url);
    await new Upload({ client, params: { Bucket, Key, Body: Readable.fromWeb(body) } }).done();
  };
}

async function way(make, url, bucket, key) {
  const upload = await make(url, bucket);
  const idle = process.memoryUsage().rss;
  const began = performance.now();
  await upload(key);
  const ms = performance.now() - began;
  process.send({ ms, idle, peak: process.resourceUsage().maxRSS * 1024 }, () => process.exit());
}

async function ask(...args) {
  const child = fork(fileURLToPath(import.meta.url), args);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${args[0]} ended with ${code}`);
  });
  ended.catch(() => {}); // It also ends after its message.
  const [message] = await Promise.race([once(child, 'message'), ended]);
  return { child, message };
}

async function main(bytes, rounds) {
  const Bucket = `load-upload-${process.pid}`;
  const s3 = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
  const { child, message } = await ask('origin');
  const ways = [
    ['s3.upload, length known', 'ours', ''],
    ['s3.upload, length unknown', 'ours', '?unknown'],
    ...(process.env.LIB_STORAGE ? [['lib-storage alone', 'bare', '']] : []),
  ];
  const remove = async () => {
    for (const { Key } of (await s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? [])
      await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  };
  try {
    for (let round = 1; round <= rounds; round++)
      for (const [name, role, query] of ways) {
        const url = `http://127.0.0.1:${message.port}/${bytes}${query}`;
        const { message: seen } = await ask(role, url, Bucket, 'load.bin');
        const speed = bytes / 1024 ** 2 / (seen.ms / 1000);
        const mb = (value) => `${Math.round(value / 1e6)} MB`;
        console.log(
          `${name}: ${speed.toFixed(0)} MiB/s, RSS ${mb(seen.idle)} before, ${mb(seen.peak)} at most`,
        );
        await remove();
      }
  } finally {
    child.kill();
    await remove();
    await s3.send(new DeleteBucketCommand({ Bucket }));
  }
}

if (role === 'origin') origin();
else if (role === 'ours') await way(ours, ...rest);
else if (role === 'bare') await way(bare, ...rest);
else await main(Number(role) * GIB, Number(rest[0] ?? 3));
