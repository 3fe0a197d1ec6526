/** The small programs of infra/docker that run inside the containers. */
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { afterAll, describe, expect, test } from '@jest/globals';

const script = (name: string): string => fileURLToPath(new URL(`../infra/docker/${name}`, import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'offload-docker-'));
afterAll(() => rm(folder, { recursive: true }));

async function run(command: string, args: string[], env: Record<string, string>) {
  const child = spawn(command, args, { env: { PATH: process.env['PATH'], ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  return { code, output };
}

const runNode = (name: string, args: string[], env: Record<string, string>) =>
  run(process.execPath, [script(name), ...args], env);

describe('healthcheck.mjs', () => {
  async function answering(status: number, variable: 'HEALTH_PORT' | 'PORT') {
    const asked: (string | undefined)[] = [];
    const server = createServer(({ url }, response) => {
      asked.push(url);
      response.writeHead(status).end(`{"status":${status}}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const result = await runNode('healthcheck.mjs', [], { [variable]: String(port) });
    await new Promise((resolve) => server.close(resolve));
    return { ...result, asked, port };
  }

  test.each(['HEALTH_PORT', 'PORT'] as const)('is content when /readyz at %s is', async (variable) => {
    const { code, output, asked } = await answering(200, variable);
    expect({ code, output, asked }).toEqual({ code: 0, output: '200 {"status":200}\n', asked: ['/readyz'] });
  });

  test('fails, and shows the answer, when the process is not ready', async () => {
    const { code, output } = await answering(503, 'HEALTH_PORT');
    expect({ code, output }).toEqual({ code: 1, output: '503 {"status":503}\n' });
  });

  test('fails, and says why, when nothing answers', async () => {
    const { port } = await answering(200, 'PORT');
    const { code, output } = await runNode('healthcheck.mjs', [], { PORT: String(port) });
    expect(code).toBe(1);
    expect(output).toMatch(/\/readyz does not answer: .*ECONNREFUSED/);
  });
});

describe('make-buckets.mjs', () => {
  test('makes what is missing and leaves what is there', async () => {
    const data = join(folder, 'data');
    await mkdir(join(data, 'offload'), { recursive: true });
    await writeFile(join(data, 'offload', 'object'), 'kept');
    const { code, output } = await runNode('make-buckets.mjs', [data], {
      S3_BUCKETS: 'offload, other.bucket',
    });
    expect({ code, output }).toEqual({
      code: 0,
      output: 'bucket offload is there\nbucket other.bucket is there\n',
    });
    expect(await readdir(data)).toEqual(['offload', 'other.bucket']);
    expect(await readFile(join(data, 'offload', 'object'), 'utf8')).toBe('kept');
  });

  test.each(['../escape', 'a/b', 'UPPER', 'x', '.hidden'])('refuses the name %s', async (name) => {
    const { code, output } = await runNode('make-buckets.mjs', [folder], { S3_BUCKETS: name });
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringContaining(`'${name}' cannot be a bucket`),
    });
  });

  test('refuses to make none', async () => {
    const { code, output } = await runNode('make-buckets.mjs', [folder], { S3_BUCKETS: ' , ' });
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringContaining('S3_BUCKETS is empty'),
    });
  });

  test('says whose the volume must be when it cannot write there', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    const { code, output } = await runNode('make-buckets.mjs', [file], { S3_BUCKETS: 'offload' });
    expect(code).toBe(1);
    expect(output).toMatch(
      /Bucket 'offload' cannot be made: .*\n.*must belong to user \d+; see docs\/docker\.md/,
    );
  });
});

describe('mongo/start-mongod.sh', () => {
  /** Stands for the mongo image's entry point: prints what it was called with. */
  async function start() {
    const bin = join(folder, 'bin');
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, 'docker-entrypoint.sh'), '#!/bin/sh\necho "$@"\n');
    await chmod(join(bin, 'docker-entrypoint.sh'), 0o755);
    const env = { PATH: `${bin}:${process.env['PATH']}`, TMPDIR: folder };
    const result = await run('bash', [script('mongo/start-mongod.sh')], env);
    const key = join(folder, 'replica-set.key');
    return { ...result, key, text: await readFile(key, 'utf8'), mode: (await stat(key)).mode & 0o777 };
  }

  test('starts a member of rs0 with a key that mongod accepts, a new one each time', async () => {
    const first = await start();
    expect(first).toMatchObject({
      code: 0,
      output: `mongod --replSet rs0 --keyFile ${first.key} --bind_ip_all\n`,
      mode: 0o600,
    });
    // 6 to 1,024 characters of base64 (MongoDB, "Keyfiles"); a multiple of 3 bytes needs no padding.
    expect(first.text).toMatch(/^[A-Za-z0-9+/]{1008}$/);
    expect((await start()).text).not.toBe(first.text);
  });
});

describe('mongo/be-primary.js', () => {
  /** Runs the script as mongosh would, on a member in the given state. */
  async function check(member: { status?: { codeName: string }; primary: boolean }) {
    const initiated: unknown[] = [];
    const logins: string[] = [];
    let code: number | undefined;
    const admin = { auth: (user: string, password: string) => logins.push(`${user}:${password}`) };
    const context = createContext({
      process: { env: { MONGO_INITDB_ROOT_USERNAME: 'root', MONGO_INITDB_ROOT_PASSWORD: 'secret' } },
      db: { getSiblingDB: () => admin, hello: () => ({ isWritablePrimary: member.primary }) },
      rs: {
        status() {
          if (member.status) throw Object.assign(new Error(member.status.codeName), member.status);
        },
        initiate: (config: unknown) => initiated.push(config),
      },
      quit: (with_: number) => (code = with_),
    });
    const text = await readFile(script('mongo/be-primary.js'), 'utf8');
    return { run: () => void runInContext(text, context), result: () => ({ initiated, logins, code }) };
  }

  test('founds the replica set once, and is healthy only when the member takes writes', async () => {
    const fresh = await check({ status: { codeName: 'NotYetInitialized' }, primary: false });
    fresh.run();
    expect(JSON.parse(JSON.stringify(fresh.result()))).toEqual({
      initiated: [{ _id: 'rs0', members: [{ _id: 0, host: 'mongo:27017' }] }],
      logins: ['root:secret'],
      code: 1,
    });
    const founded = await check({ primary: true });
    founded.run();
    expect(founded.result()).toMatchObject({ initiated: [], code: 0 });
  });

  test('founds nothing on a mongod that is still being set up', async () => {
    const { run: again, result } = await check({
      status: { codeName: 'NoReplicationEnabled' },
      primary: true,
    });
    expect(again).toThrow('NoReplicationEnabled');
    expect(result()).toMatchObject({ initiated: [], code: undefined });
  });
});

test('mongo/initdb/create-user.js gives our processes rights on their database only', async () => {
  const created: unknown[] = [];
  const context = createContext({
    process: { env: { MONGODB_PASSWORD: 'secret' } },
    db: {
      getSiblingDB: (name: string) => ({ createUser: (user: object) => created.push({ name, ...user }) }),
    },
  });
  runInContext(await readFile(script('mongo/initdb/create-user.js'), 'utf8'), context);
  expect(JSON.parse(JSON.stringify(created))).toEqual([
    { name: 'offload', user: 'offload', pwd: 'secret', roles: ['readWrite'] },
  ]);
});
