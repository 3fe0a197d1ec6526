import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTerminal, type TaskState } from '@offload/contracts/task';
import { testDatabase, type TestDatabase } from './database.js';
import { startProcess, type ProcessType, type ServiceProcess } from './processes.js';
import { createTestVhost, type TestVhost } from './rabbitmq.js';

/** A task as the API shows it, as far as tests look at it. */
export interface ShownTask {
  id: string;
  type: string;
  state: TaskState;
  attempt: number;
  attemptLimit: number;
  progress: { done: number; total: number | null; note: string | null } | null;
  result: unknown;
  error: { code: string; message: string } | null;
  files: { name: string; type: string; size: number; sha256: string; url: string }[];
}

/** A whole system of its own: a vhost, a database, and processes of the built services. */
export interface System {
  apiUrl: string;
  vhost: TestVhost;
  database: TestDatabase;
  processes: ServiceProcess[];
  /** Starts one more process; resolves once it works. */
  start(type: ProcessType, env?: Record<string, string>): Promise<ServiceProcess>;
  /** POST /v1/tasks; rejects unless the task is stored (202; 200 when it has ended already). `signal` ends the wait for the answer. */
  submit(type: string, input: unknown, options?: { signal?: AbortSignal }): Promise<ShownTask>;
  task(id: string): Promise<ShownTask>;
  /** The task once it has ended, by long polling; rejects after `ms`. */
  ended(id: string, ms?: number): Promise<ShownTask>;
  /** Ends every process in order (workers first) and removes vhost and database. */
  stop(): Promise<void>;
}

export interface SystemOptions {
  label: string;
  processes: Partial<Record<ProcessType, number>>;
  env?: Record<string, string>;
  /** What processes of a type get besides, e.g. the address of a proxy of their own. */
  envOf?: (
    type: ProcessType,
    servers: { vhost: TestVhost; database: TestDatabase },
  ) => Record<string, string>;
}

/** Starts a system for one test file. Its processes get only what is said here, not the tests' environment. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const vhost = await createTestVhost(options.label);
  const database = testDatabase(options.label);
  const port = await freePort();
  const apiUrl = `http://127.0.0.1:${port}`;
  const env: Record<string, string> = {
    ...passedOn(),
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    HOST: '127.0.0.1',
    PORT: String(port),
    OUTBOUND_ALLOW: 'loopback',
    // A busy machine must not refuse what a test asks for; shedding has tests of its own.
    SHED_LOOP_MS: '0',
    SHED_STORE_MS: '0',
    AMQP_URL: vhost.url,
    MONGODB_URI: database.uri,
    ...options.env,
  };
  const processes: ServiceProcess[] = [];
  const start: System['start'] = async (type, more = {}) => {
    const started = startProcess(type, { ...env, ...options.envOf?.(type, { vhost, database }), ...more });
    processes.push(started);
    await started.started();
    if (type === 'web') await ready(apiUrl);
    return started;
  };
  const stop = async (): Promise<void> => {
    const isServer = (each: ServiceProcess) => ['web', 'clock'].includes(each.type);
    for (const group of [processes.filter((each) => !isServer(each)), processes.filter(isServer)]) {
      // One that a test has frozen hears nothing else.
      group.forEach((each) => each.signal('SIGCONT'));
      group.forEach((each) => each.signal('SIGTERM'));
      await Promise.all(group.map((each) => each.exited));
    }
    await vhost.remove();
    await database.remove();
  };

  try {
    const types = Object.entries(options.processes) as [ProcessType, number][];
    await Promise.all(types.flatMap(([type, count]) => Array.from({ length: count }, () => start(type))));
  } catch (error) {
    await stop();
    throw error;
  }
  return { apiUrl, vhost, database, processes, start, stop, ...client(apiUrl) };
}

/** Waits until the API says that it can do its work, asking each tenth of a second for at most 20 s. */
export async function ready(apiUrl: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(`${apiUrl}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(`${apiUrl}/readyz did not become ready in 20 s.`);
}

/** The tests' own servers and credentials that a service may need. */
function passedOn(): Record<string, string> {
  const names = ['S3_ENDPOINT', 'S3_BUCKETS', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

export function client(apiUrl: string): Pick<System, 'submit' | 'task' | 'ended'> {
  const get = async (id: string, headers: Record<string, string> = {}): Promise<ShownTask> => {
    const response = await fetch(`${apiUrl}/v1/tasks/${id}`, { headers });
    if (!response.ok) throw new Error(`GET ${id}: ${response.status} ${await response.text()}`);
    return (await response.json()) as ShownTask;
  };
  return {
    async submit(type, input, options = {}) {
      const response = await fetch(`${apiUrl}/v1/tasks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-request-id': randomUUID() },
        body: JSON.stringify({ type, input }),
        signal: options.signal,
      });
      if (!response.ok) throw new Error(`POST: ${response.status} ${await response.text()}`);
      return (await response.json()) as ShownTask;
    },
    task: (id) => get(id),
    async ended(id, ms = 30_000) {
      const until = performance.now() + ms;
      for (;;) {
        const left = Math.ceil((until - performance.now()) / 1000);
        const task = await get(id, { prefer: `wait=${Math.max(1, Math.min(20, left))}` });
        if (isTerminal(task.state)) return task;
        if (left <= 0) throw new Error(`task ${id} did not end in ${ms} ms: ${JSON.stringify(task)}`);
      }
    },
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
