import { GetObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Connection } from './connections.js';
import type { ObjectPlace } from './stored-object.js';

/**
 * A link with which anybody can read the object (SigV4 in the query). It ends with the credentials that signed it, if
 * they end sooner: then it says so.
 */
export async function presignObject(
  { signer }: Pick<Connection, 'signer'>,
  { Bucket, Key }: ObjectPlace,
  expiresInMs: number,
  now = new Date(),
): Promise<{ url: string; expiresAt: string }> {
  const expiresIn = Math.floor(expiresInMs / 1_000);
  const command = new GetObjectCommand({ Bucket, Key });
  const url = await getSignedUrl(signer, command, { expiresIn, signingDate: now });
  const { expiration } = await signer.config.credentials();
  const end = Math.min(now.getTime() + expiresIn * 1_000, expiration?.getTime() ?? Infinity);
  return { url, expiresAt: new Date(end).toISOString() };
}
