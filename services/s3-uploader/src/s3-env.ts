import { bucketName } from '@offload/contracts/s3-key';
import { ConfigError } from '@offload/runtime/env';
import { z } from 'zod';
import { endpoint, readConnections, type ConnectionConfig } from './connection-config.js';

/**
 * Where uploads go. Credentials are not here: the SDK's provider chain finds them (AWS_ACCESS_KEY_ID and
 * AWS_SECRET_ACCESS_KEY, profiles, the roles of ECS, EKS and EC2), or the connections name other variables.
 */
export const s3Env = {
  /** JSON, or the path of a file with it: connections by name. */
  S3_CONNECTIONS: z.string().optional(),
  /** Absent: AWS itself. This and the next ones are the connection `default`. */
  S3_ENDPOINT: endpoint.optional(),
  AWS_REGION: z.string().default('us-east-1'),
  /** The only buckets of it that tasks may name. Required without S3_CONNECTIONS. */
  S3_BUCKETS: z
    .string()
    .transform((list) => list.split(',').flatMap((name) => name.trim() || []))
    .pipe(z.array(bucketName).min(1))
    .optional(),
  /** By default true with S3_ENDPOINT, false without. */
  S3_FORCE_PATH_STYLE: z.stringbool({ error: 'must be true or false' }).optional(),
};

export type S3Config = { [K in keyof typeof s3Env]: z.output<(typeof s3Env)[K]> };

/**
 * The connections of the environment by name: those of S3_CONNECTIONS, and `default` made of the other variables when
 * S3_BUCKETS is set. Throws ConfigError.
 * @param env where the variables stand that connections name for their credentials
 */
export function connectionConfigs(config: S3Config, env: NodeJS.ProcessEnv): Map<string, ConnectionConfig> {
  const fail = (why: string): never => {
    throw new ConfigError(
      `The environment is not right:\n  ${why}\nSee docs/operating.md for every variable, docs/uploads.md for connections.`,
    );
  };
  const { S3_CONNECTIONS, S3_BUCKETS, S3_ENDPOINT, AWS_REGION, S3_FORCE_PATH_STYLE } = config;
  let all = new Map<string, ConnectionConfig>();
  try {
    if (S3_CONNECTIONS !== undefined) all = readConnections(S3_CONNECTIONS, env);
  } catch (error) {
    fail(`S3_CONNECTIONS: ${(error as Error).message}`);
  }
  if (S3_BUCKETS !== undefined) {
    if (all.has('default')) fail('S3_CONNECTIONS: has a connection `default`, and S3_BUCKETS makes another');
    all.set('default', {
      endpoint: S3_ENDPOINT,
      region: AWS_REGION,
      pathStyle: S3_FORCE_PATH_STYLE ?? S3_ENDPOINT !== undefined,
      buckets: S3_BUCKETS.map((name) => ({ name, prefixes: [] })),
      default: false,
    });
  }
  if (all.size === 0) fail('S3_BUCKETS is not set, nor is S3_CONNECTIONS');
  return all;
}
