import supertest from 'supertest';
import { systemEcho } from '@offload/contracts/system-echo';
import { newTask } from '@offload/store/new-task';
import type { TaskRecord } from '@offload/store/task-record';
import { startApi, type ApiFixture } from './api-fixture.js';
import { testDatabase, type TestDatabase } from './database.js';
import { createTestVhost, type TestVhost } from './rabbitmq.js';
import { when } from './signals.js';

type ApiOptions = Omit<Parameters<typeof startApi>[0], 'mongodbUri' | 'amqpUrl'>;

/** The API in this process, ready, on a database of its own. */
export interface OwnApi extends ApiFixture {
  database: TestDatabase;
  client: ReturnType<typeof supertest>;
  /** Stores a new echo task of `local` with these fields changed, as it is given. */
  insert(change?: Partial<TaskRecord>): Promise<TaskRecord>;
  /** Stops it and removes what was its own. */
  remove(): Promise<void>;
}

/** The address of a broker that is never there. */
export const NO_BROKER = 'amqp://127.0.0.1:1';

/** For what needs no broker: tasks that are accepted stay scheduled. */
export const startApiWithoutBroker = (label: string, options: ApiOptions = {}): Promise<OwnApi> =>
  start(label, NO_BROKER, options);

/** With a vhost of its own, and a publisher that is ready. */
export async function startApiWithBroker(
  label: string,
  options: ApiOptions = {},
): Promise<OwnApi & { vhost: TestVhost }> {
  const vhost = await createTestVhost(label);
  const api = await start(label, vhost.url, options);
  await when(api.publisher, () => api.publisher.ready, 'the publisher to be ready');
  return {
    ...api,
    vhost,
    async remove() {
      await api.remove();
      await vhost.remove();
    },
  };
}

async function start(label: string, amqpUrl: string, options: ApiOptions): Promise<OwnApi> {
  const database = testDatabase(label);
  const api = await startApi({ ...options, mongodbUri: database.uri, amqpUrl });
  await api.store.connection.ready();
  return {
    ...api,
    database,
    client: supertest(api.url),
    async insert(change = {}) {
      const made = { owner: 'local', lane: 'interactive', now: api.store.tasks.now() } as const;
      const task = { ...newTask(systemEcho, { message: '', delayMs: 0 }, made), ...change };
      await api.store.tasks.create(task);
      return task;
    },
    async remove() {
      await api.stop();
      await database.remove();
    },
  };
}
