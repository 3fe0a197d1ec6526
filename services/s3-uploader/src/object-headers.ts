import type { CreateMultipartUploadCommandInput, HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Input } from '@offload/contracts/define-task';
import { TaskError } from '@offload/contracts/errors';
import type { s3Upload } from '@offload/contracts/s3-upload';

/** The headers of an object, as PutObject and CreateMultipartUpload take them alike. */
export type ObjectHeaders = Pick<
  CreateMultipartUploadCommandInput,
  | 'ContentType'
  | 'ContentDisposition'
  | 'ContentEncoding'
  | 'ContentLanguage'
  | 'CacheControl'
  | 'Metadata'
  | 'Tagging'
  | 'StorageClass'
  | 'ServerSideEncryption'
  | 'SSEKMSKeyId'
>;

type UploadInput = Input<typeof s3Upload>;

/** Where multipart objects say their SHA-256: S3 itself keeps none of all their bytes. */
export const SHA256_METADATA = 'offload-sha256';

/** @param sha256 of all bytes, when it is known before they are sent */
export function objectHeaders(input: UploadInput, type: string, sha256: string | null): ObjectHeaders {
  const { contentDisposition, contentEncoding, contentLanguage, cacheControl, tags, storageClass } = input;
  const { encryption } = input;
  const metadata = { ...input.metadata, ...(sha256 !== null && { [SHA256_METADATA]: sha256 }) };
  return {
    ContentType: type,
    ...(contentDisposition !== undefined && { ContentDisposition: contentDisposition }),
    ...(contentEncoding !== undefined && { ContentEncoding: contentEncoding }),
    ...(contentLanguage !== undefined && { ContentLanguage: contentLanguage }),
    ...(cacheControl !== undefined && { CacheControl: cacheControl }),
    ...(Object.keys(metadata).length > 0 && { Metadata: metadata }),
    ...(tags && { Tagging: new URLSearchParams(tags).toString().replaceAll('+', '%20') }),
    ...(storageClass !== undefined && {
      StorageClass: storageClass as NonNullable<ObjectHeaders['StorageClass']>,
    }),
    ...(encryption && { ServerSideEncryption: encryption.algorithm }),
    ...(encryption?.kmsKeyId !== undefined && { SSEKMSKeyId: encryption.kmsKeyId }),
  };
}

/** Whether an object that stands there has these headers; tags cannot be seen, so with tags it never has. */
export function hasHeaders(head: HeadObjectCommandOutput, wanted: ObjectHeaders): boolean {
  const { Metadata: metadata = {}, Tagging, StorageClass, ServerSideEncryption, SSEKMSKeyId } = wanted;
  const own = (all: Record<string, string> = {}) =>
    Object.entries(all)
      .filter(([name]) => name !== SHA256_METADATA)
      .map(([name, value]) => `${name}=${value}`)
      .sort()
      .join('\n');
  return (
    Tagging === undefined &&
    (
      ['ContentType', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage', 'CacheControl'] as const
    ).every((name) => head[name] === wanted[name]) &&
    own(head.Metadata) === own(metadata) &&
    (head.StorageClass ?? 'STANDARD') === (StorageClass ?? 'STANDARD') &&
    (ServerSideEncryption === undefined || head.ServerSideEncryption === ServerSideEncryption) &&
    (SSEKMSKeyId === undefined || head.SSEKMSKeyId === SSEKMSKeyId)
  );
}

/** A server that takes the header and ignores it must not pass for one that encrypts. Throws TaskError, permanent. */
export function checkEncryption(head: HeadObjectCommandOutput, input: UploadInput): void {
  const wanted = input.encryption?.algorithm;
  if (wanted === undefined || head.ServerSideEncryption === wanted) return;
  throw new TaskError(
    'encryption-not-applied',
    `The server says ${head.ServerSideEncryption ?? 'no encryption'} of ${input.bucket}, not ${wanted}; the object stands there as it is. Remove it, or do without encryption.`,
    { retry: 'no' },
  );
}
