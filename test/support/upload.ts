import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { ConnectionConfig } from '../../services/s3-uploader/src/connection-config.js';
import { createConnections, type Connections } from '../../services/s3-uploader/src/connections.js';

/** How tests reach a bucket: over the S3 server, or over a link to it. */
export function connectionTo(
  { endpoint, buckets }: { endpoint: string; buckets: string[] },
  change: Partial<ConnectionConfig> = {},
): ConnectionConfig {
  return {
    endpoint,
    region: 'us-east-1',
    pathStyle: true,
    buckets: buckets.map((name) => ({ name, prefixes: [] })),
    default: false,
    ...change,
  };
}

/** The connection `default`, with these credentials if they are given. */
export const testConnections = (config: ConnectionConfig, options?: S3ClientConfig): Connections =>
  createConnections(new Map([['default', config]]), options);

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** These bytes in the pieces that a network gives. */
export const sourceOf = (body: Buffer): Readable => Readable.from(chunksOf(body));

export function* chunksOf(body: Buffer): Generator<Buffer> {
  for (let from = 0; from < body.length; from += 64 * 1024) yield body.subarray(from, from + 64 * 1024);
}

/** Gives these bytes and then nothing, not even an end. */
export function hangingAfter(body: Buffer): Readable {
  const chunks = chunksOf(body);
  return new Readable({
    read() {
      const next = chunks.next();
      if (!next.done) this.push(next.value);
    },
  });
}
