import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { ConnectionConfig } from './connection-config.js';

type Place = Pick<ConnectionConfig, 'endpoint' | 'region' | 'pathStyle'>;

/** An answer that does not come for so long is taken for lost, in milliseconds. */
const ANSWER_MS = 60_000;
/** Completing a multipart upload copies all of it on some servers, and most say nothing meanwhile. */
export const COMPLETION_MS = 900_000;

/**
 * A client that retries a request or a part by itself three times. Checksums are ours to send (SHA-256, see
 * upload-object.ts), so the SDK adds none of its own.
 * @param options For tests: credentials, retries.
 */
export function createS3Client(
  { endpoint, region, pathStyle, credentials }: Place & Pick<ConnectionConfig, 'credentials'>,
  options: S3ClientConfig = {},
): S3Client {
  const client = new S3Client({
    ...(endpoint !== undefined && { endpoint }),
    region,
    forcePathStyle: pathStyle,
    ...(credentials && ('profile' in credentials ? credentials : { credentials })),
    maxAttempts: 4,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5_000, socketTimeout: ANSWER_MS },
    ...options,
  });
  signAsChecksummed(client);
  return client;
}

/**
 * Signs a body by the SHA-256 that goes with it anyway; the SDK would compute it once more (x-amz-content-sha256; AWS
 * General Reference, "Signature Version 4").
 */
function signAsChecksummed(client: S3Client): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const { ChecksumSHA256: sum, Body: body } = args.input as { ChecksumSHA256?: string; Body?: unknown };
      if (sum !== undefined && body !== undefined) {
        const { headers } = args.request as { headers: Record<string, string> };
        headers['x-amz-content-sha256'] = Buffer.from(sum, 'base64').toString('hex');
      }
      return next(args);
    },
    { step: 'build', name: 'signAsChecksummed' },
  );
}

/** The object's URL, in the same style that the client uses. Reading it needs the bucket's permission. */
export function objectUrl({ endpoint, region, pathStyle }: Place, bucket: string, key: string): string {
  const base = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`);
  const prefix = base.pathname.replace(/\/$/, '');
  const path = key.split('/').map(encodeRfc3986).join('/');
  return pathStyle
    ? `${base.origin}${prefix}/${bucket}/${path}`
    : `${base.protocol}//${bucket}.${base.host}${prefix}/${path}`;
}

/** RFC 3986, 2.3: encodeURIComponent leaves ! ' ( ) * alone, which S3's signature does not. */
const encodeRfc3986 = (part: string): string =>
  encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
