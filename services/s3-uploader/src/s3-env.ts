import { bucketName } from '@offload/contracts/s3-upload';
import { z } from 'zod';

/**
 * Where uploads go. Credentials are not here: the SDK's provider chain finds them (AWS_ACCESS_KEY_ID and
 * AWS_SECRET_ACCESS_KEY, profiles, the roles of ECS, EKS and EC2).
 */
export const s3Env = {
  /** Absent: AWS itself. */
  S3_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  AWS_REGION: z.string().default('us-east-1'),
  /** The only buckets that tasks may name. */
  S3_BUCKETS: z
    .string()
    .transform((list) => list.split(',').flatMap((name) => name.trim() || []))
    .pipe(z.array(bucketName).min(1)),
  /** By default true with S3_ENDPOINT, false without. */
  S3_FORCE_PATH_STYLE: z.stringbool({ error: 'must be true or false' }).optional(),
};

export type S3Config = { [K in keyof typeof s3Env]: z.output<(typeof s3Env)[K]> };
