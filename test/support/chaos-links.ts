import type { ProcessType } from './processes.js';
import type { Origin } from './origin.js';
import type { SystemOptions } from './system.js';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

/** The links between processes and servers that can be broken one by one. */
export const linkNames = [
  'api-broker',
  'api-database',
  'clock-broker',
  'clock-database',
  'worker-broker',
  'worker-database',
  'worker-origin',
  'worker-s3',
] as const;
export type LinkName = (typeof linkNames)[number];

export type Links = Record<LinkName, TcpProxy>;

/** A proxy on every link. */
export async function startLinks(origin: Origin): Promise<Links> {
  const targets = {
    broker: new URL(required('AMQP_URL')),
    database: new URL(required('MONGODB_URI')),
    origin: new URL(origin.url),
    s3: new URL(required('S3_ENDPOINT')),
  };
  const links = linkNames.map(async (name) => {
    const { hostname, port } = targets[name.split('-')[1] as keyof typeof targets];
    return [name, await startTcpProxy({ host: hostname, port: Number(port) })] as const;
  });
  return Object.fromEntries(await Promise.all(links)) as Links;
}

/** The environment that leads a process over its links. */
export function overLinks(links: Links): NonNullable<SystemOptions['envOf']> {
  return (type, { vhost, database }) => {
    const role = roleOf(type);
    return {
      AMQP_URL: vhost.urlAt(links[`${role}-broker`].port),
      MONGODB_URI: database.uriAt(links[`${role}-database`].port),
      ...(type === 's3-uploader' && { S3_ENDPOINT: `http://127.0.0.1:${links['worker-s3'].port}` }),
    };
  };
}

const roleOf = (type: ProcessType): 'api' | 'clock' | 'worker' =>
  type === 'web' ? 'api' : type === 'clock' ? 'clock' : 'worker';

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the chaos tests through npm test.`);
  return value;
}
