import { readFileSync } from 'node:fs';
import { bucketName, keyFault } from '@offload/contracts/s3-key';
import { z } from 'zod';

export const endpoint = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

/** Names of variables, not what they hold. */
const variable = z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'is the name of an environment variable');

const prefix = z.string().refine((text) => keyFault(text.replace(/\/$/, '')) === undefined, {
  error: 'is the beginning of keys, e.g. uploads/',
});

const bucket = z.union([
  bucketName.transform((name) => ({ name, prefixes: [] as string[] })),
  z.strictObject({ name: bucketName, prefixes: z.array(prefix).min(1) }),
]);

const connection = z.strictObject({
  endpoint: endpoint.optional(),
  publicEndpoint: endpoint.optional(),
  region: z.string().min(1).default('us-east-1'),
  pathStyle: z.boolean().optional(),
  credentials: z
    .union([
      z.strictObject({
        accessKeyIdEnv: variable,
        secretAccessKeyEnv: variable,
        sessionTokenEnv: variable.optional(),
      }),
      z.strictObject({ profile: z.string().min(1) }),
    ])
    .optional(),
  buckets: z.array(bucket).min(1),
  default: z.boolean().default(false),
});

const connectionsFile = z
  .record(z.string(), connection)
  .refine((all) => Object.keys(all).every((name) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(name)), {
    error: 'names are made of lower-case letters, digits and dashes',
  })
  .refine((all) => Object.values(all).filter((each) => each.default).length <= 1, 'only one is the default');

type Parsed = z.output<typeof connection>;

/** How one connection is made. */
export interface ConnectionConfig extends Omit<Parsed, 'credentials' | 'pathStyle'> {
  /** The bucket stands in the path, not in the host's name. */
  pathStyle: boolean;
  /** Absent: the SDK's provider chain finds them. */
  credentials?:
    { accessKeyId: string; secretAccessKey: string; sessionToken?: string } | { profile: string } | undefined;
}

/**
 * Reads S3_CONNECTIONS: JSON, or the path of a file with it. Throws an Error that says what is wrong with it.
 * @param env where the named variables stand
 */
export function readConnections(text: string, env: NodeJS.ProcessEnv): Map<string, ConnectionConfig> {
  const parsed = connectionsFile.safeParse(parseJson(text.trim().startsWith('{') ? text : contentOf(text)));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error).replace(/\s*\n\s*/g, ' '));
  return new Map(
    Object.entries(parsed.data).map(([name, { credentials, pathStyle, ...rest }]) => [
      name,
      {
        ...rest,
        pathStyle: pathStyle ?? rest.endpoint !== undefined,
        credentials:
          credentials && 'accessKeyIdEnv' in credentials
            ? fromVariables(name, credentials, env)
            : credentials,
      },
    ]),
  );
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`is neither JSON nor a file that can be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's message would quote the text.
    throw new Error('is not JSON', { cause: error });
  }
}

function fromVariables(
  name: string,
  credentials: { accessKeyIdEnv: string; secretAccessKeyEnv: string; sessionTokenEnv?: string | undefined },
  env: NodeJS.ProcessEnv,
) {
  const read = (variable: string): string => {
    const value = env[variable];
    if (!value) throw new Error(`connection ${name} names ${variable}, which is not set`);
    return value;
  };
  const { accessKeyIdEnv, secretAccessKeyEnv, sessionTokenEnv } = credentials;
  return {
    accessKeyId: read(accessKeyIdEnv),
    secretAccessKey: read(secretAccessKeyEnv),
    ...(sessionTokenEnv !== undefined && { sessionToken: read(sessionTokenEnv) }),
  };
}
