import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** A vhost of the tests' broker that belongs to one test file. */
export interface TestVhost {
  /** The broker's URL with this vhost. */
  url: string;
  /** The same through another address, e.g. a proxy's. */
  urlAt(port: number): string;
  host: string;
  port: number;
  name: string;
  /** Ends the connections of that name as an operator would; waits until one is there. */
  closeConnections(connectionName: string): Promise<number>;
  deleteQueue(queue: string): Promise<void>;
  /** e.g. `setPolicy('short', '^feed', { 'max-length': 5 })`; in force when it resolves. */
  setPolicy(name: string, pattern: string, definition: Record<string, unknown>): Promise<void>;
  /** A path below /api, e.g. `queues/%2F/tasks`. */
  api(path: string, method?: string, body?: unknown): Promise<Response>;
  remove(): Promise<void>;
}

/**
 * Makes a vhost on the broker at AMQP_URL through the management API at RABBITMQ_MANAGEMENT_URL, whose user and
 * password are those of AMQP_URL unless it carries its own.
 */
export async function createTestVhost(label: string): Promise<TestVhost> {
  const amqp = new URL(required('AMQP_URL'));
  const management = new URL(required('RABBITMQ_MANAGEMENT_URL'));
  const from = management.username ? management : amqp;
  const user = decodeURIComponent(from.username);
  const authorization = `Basic ${Buffer.from(`${user}:${decodeURIComponent(from.password)}`).toString('base64')}`;
  const name = `test-${label}-${randomUUID().slice(0, 8)}`;

  const api: TestVhost['api'] = async (path, method = 'GET', body) => {
    const response = await fetch(new URL(`/api/${path}`, management.origin), {
      method,
      // A connection kept for the next call may be closed by the broker just as that begins ("fetch failed").
      headers: { authorization, 'content-type': 'application/json', connection: 'close' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok)
      throw new Error(`RabbitMQ ${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const urlAt = (port: number | string, host = amqp.hostname) => {
    const url = new URL(amqp);
    url.hostname = host;
    url.port = String(port);
    url.pathname = `/${name}`;
    return url.href;
  };

  await api(`vhosts/${name}`, 'PUT', {});
  for (const each of new Set([user, decodeURIComponent(amqp.username)]))
    await api(`permissions/${name}/${encodeURIComponent(each)}`, 'PUT', {
      configure: '.*',
      write: '.*',
      read: '.*',
    });

  const port = Number(amqp.port) || 5672;
  return {
    url: urlAt(port),
    urlAt: (at) => urlAt(at, '127.0.0.1'),
    host: amqp.hostname,
    port,
    name,
    api,
    async closeConnections(connectionName) {
      // The management database hears of a new connection a moment later.
      for (let tries = 0; tries < 100; tries += 1) {
        const all = (await (await api(`vhosts/${name}/connections`)).json()) as {
          name: string;
          user_provided_name?: string;
        }[];
        const named = all.filter((connection) => connection.user_provided_name === connectionName);
        for (const connection of named)
          await api(`connections/${encodeURIComponent(connection.name)}`, 'DELETE');
        if (named.length > 0) return named.length;
        await sleep(100);
      }
      throw new Error(`RabbitMQ knows no connection named ${connectionName} in vhost ${name}`);
    },
    deleteQueue: async (queue) => void (await api(`queues/${name}/${encodeURIComponent(queue)}`, 'DELETE')),
    async setPolicy(policy, pattern, definition) {
      await api(`policies/${name}/${policy}`, 'PUT', { pattern, definition, 'apply-to': 'queues' });
    },
    remove: async () => void (await api(`vhosts/${name}`, 'DELETE')),
  };
}

function required(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is not set: run the integration tests through npm test, which starts RabbitMQ.`);
  return value;
}
