import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { TaskError } from '@offload/contracts/errors';
import type { ConnectionConfig } from './connection-config.js';
import { COMPLETION_MS, createS3Client, objectUrl } from './s3-client.js';

/** A place that tasks may upload to, as the operator has named it. */
export interface Connection {
  name: string;
  s3: S3Client;
  /** The same for requests whose answer may take minutes: asked again, some servers answer before the work is done. */
  patient: S3Client;
  /** Signs links for the endpoint that clients reach, which may be another than the workers'. */
  signer: S3Client;
  /** See objectUrl in s3-client.ts. */
  objectUrl(bucket: string, key: string): string;
  /** Throws TaskError `target-not-allowed` for a bucket, or a key in it, that the operator does not allow. */
  check(bucket: string, key?: string): void;
}

export interface Connections {
  /** The one of this name, or the default. Throws TaskError `no-such-target` or `target-required`, both permanent. */
  get(name: string | undefined): Connection;
  destroy(): void;
}

/**
 * @param configs by name; see connectionConfigs
 * @param options for tests: credentials, retries
 */
export function createConnections(
  configs: ReadonlyMap<string, ConnectionConfig>,
  options: S3ClientConfig = {},
): Connections {
  const connections = new Map([...configs].map(([name, config]) => [name, connect(name, config, options)]));
  const fallback = defaultOf(configs);
  const names = [...configs.keys()].join(', ');
  return {
    get(name) {
      const wanted = name ?? fallback;
      if (wanted === undefined)
        throw new TaskError('target-required', `Say which target: there are ${names}, and no default.`, {
          retry: 'no',
        });
      const connection = connections.get(wanted);
      if (connection) return connection;
      throw new TaskError('no-such-target', `There is no target ${wanted}; there are ${names}.`, {
        retry: 'no',
      });
    },
    destroy() {
      for (const { s3, patient, signer } of connections.values())
        [s3, patient, signer].forEach((client) => client.destroy());
    },
  };
}

/** The one that is marked as it, else the one named `default`, else the only one. */
function defaultOf(configs: ReadonlyMap<string, ConnectionConfig>): string | undefined {
  const marked = [...configs].find(([, config]) => config.default)?.[0];
  if (marked !== undefined) return marked;
  if (configs.has('default')) return 'default';
  return configs.size === 1 ? [...configs.keys()][0] : undefined;
}

const patience = { connectionTimeout: 5_000, socketTimeout: COMPLETION_MS };

function connect(name: string, config: ConnectionConfig, options: S3ClientConfig): Connection {
  const s3 = createS3Client(config, options);
  const atClients = { ...config, endpoint: config.publicEndpoint ?? config.endpoint };
  return {
    name,
    s3,
    patient: createS3Client(config, { requestHandler: patience, ...options }),
    signer: config.publicEndpoint === undefined ? s3 : createS3Client(atClients, options),
    objectUrl: (bucket, key) => objectUrl(atClients, bucket, key),
    check(bucket, key) {
      const allowed = config.buckets.find((each) => each.name === bucket);
      const refuse = (message: string): TaskError =>
        new TaskError('target-not-allowed', message, { retry: 'no' });
      if (!allowed) {
        const names = config.buckets.map((each) => each.name).join(', ');
        throw refuse(`Tasks may not write to bucket ${bucket} of ${name}; the operator allows ${names}.`);
      }
      if (key === undefined || allowed.prefixes.length === 0) return;
      if (!allowed.prefixes.some((prefix) => key.startsWith(prefix)))
        throw refuse(
          `Tasks may not write ${key} to bucket ${bucket} of ${name}; the operator allows keys that begin with ${allowed.prefixes.join(', ')}.`,
        );
    },
  };
}
