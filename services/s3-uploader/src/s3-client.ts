import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { S3Config } from './s3-env.js';

export type S3Target = Pick<S3Config, 'S3_ENDPOINT' | 'AWS_REGION' | 'S3_FORCE_PATH_STYLE'>;

const pathStyle = (config: S3Target): boolean =>
  config.S3_FORCE_PATH_STYLE ?? config.S3_ENDPOINT !== undefined;

/**
 * A client that retries a request or a part by itself three times. Checksums are ours to send (SHA-256, see
 * upload-object.ts), so the SDK adds none of its own.
 * @param options For tests: credentials, retries.
 */
export function createS3Client(config: S3Target, options: S3ClientConfig = {}): S3Client {
  return new S3Client({
    endpoint: config.S3_ENDPOINT,
    region: config.AWS_REGION,
    forcePathStyle: pathStyle(config),
    maxAttempts: 4,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
    ...options,
  });
}

/** The object's URL, in the same style that the client uses. Reading it needs the bucket's permission. */
export function objectUrl(config: S3Target, bucket: string, key: string): string {
  const base = new URL(config.S3_ENDPOINT ?? `https://s3.${config.AWS_REGION}.amazonaws.com`);
  const prefix = base.pathname.replace(/\/$/, '');
  const path = key.split('/').map(encodeRfc3986).join('/');
  return pathStyle(config)
    ? `${base.origin}${prefix}/${bucket}/${path}`
    : `${base.protocol}//${bucket}.${base.host}${prefix}/${path}`;
}

/** RFC 3986, 2.3: encodeURIComponent leaves ! ' ( ) * alone, which S3's signature does not. */
const encodeRfc3986 = (part: string): string =>
  encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
