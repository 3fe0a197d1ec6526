import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { createClient, ProblemError, TaskFailed, type Client } from '@offload/client';
import { plain } from '../support/images.js';
import { startSystem, type System } from '../support/system.js';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

let system: System;
let client: Client;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offload-client-'));
  await symlink(join(checkout, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'photo.png'), await plain().png().toBuffer());
  system = await startSystem({
    label: 'client',
    processes: { web: 1, clock: 1, echo: 1, 'image-resizer': 1 },
  });
  client = createClient({ baseUrl: system.apiUrl });
}, 90_000);
afterAll(async () => {
  await system?.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

describe('the examples of the README', () => {
  /** As a user would run it: the built package, in a process of its own. */
  async function runExample(
    index: number,
  ): Promise<{ code: number | string; output: string; errors: string }> {
    const text = await readFile(join(checkout, 'libs/client/README.md'), 'utf8');
    const source = [...text.matchAll(/^```js example\n(.*?)^```$/gms)][index]?.[1];
    if (!source) throw new Error(`The README has no example ${index}.`);
    await writeFile(join(folder, 'example.mjs'), source);
    const env = { ...process.env, NODE_OPTIONS: '', OFFLOAD_URL: system.apiUrl };
    return new Promise((resolve) => {
      const options = { cwd: folder, env, timeout: 60_000 };
      execFile(process.execPath, ['example.mjs'], options, (error, output, errors) =>
        resolve({ code: error?.code ?? 0, output, errors }),
      );
    });
  }

  test('upload a photo and save its variant', async () => {
    const { code, output, errors } = await runExample(0);
    expect({ code, errors }).toEqual({ code: 0, errors: expect.stringContaining('succeeded') });
    expect(output).toMatch(/^small\.webp has \d+ bytes\n$/);
    expect(await sharp(join(folder, 'small.webp')).metadata()).toMatchObject({ format: 'webp', width: 64 });
  }, 90_000);

  test('tell apart what can go wrong', async () => {
    const { code, output } = await runExample(1);
    expect(code).toBe(0);
    expect(output.split('\n')).toEqual([
      'hello',
      expect.stringMatching(/^the task failed: \S+$/),
      'refused: invalid-task /input/message',
      'not yet',
      '',
    ]);
  }, 90_000);

  test('run a batch and watch it', async () => {
    const { code, output, errors } = await runExample(2);
    expect({ code, output }).toEqual({ code: 0, output: 'one\n' });
    expect(errors).toContain('succeeded');
  }, 90_000);
});

test('a task is watched, cancelled and run again by its handle', async () => {
  const handle = await client.systemEcho({ message: 'hi', delayMs: 30_000 });
  const states: string[] = [];
  for await (const { state } of handle.events()) {
    states.push(state);
    if (state === 'running') await handle.cancel();
  }
  expect(states.at(-1)).toBe('cancelled');
  await expect(handle.wait()).rejects.toMatchObject({ code: 'cancelled' });
  expect((await handle.retry()).state).toMatch(/scheduled|queued|running/);
  await handle.cancel();
  await handle.wait().catch((error: unknown) => expect(error).toBeInstanceOf(TaskFailed));
  await handle.delete();
  await expect(handle.task()).rejects.toMatchObject({ code: 'task-not-found', status: 404 });
}, 60_000);

test('an own idempotency key gives the same task, and another body a problem', async () => {
  const options = { idempotencyKey: `k-${Date.now()}` };
  const first = await client.systemEcho({ message: 'a' }, options);
  const second = await client.systemEcho({ message: 'a' }, options);
  expect([second.id, second.existing]).toEqual([first.id, 'idempotency-key']);
  const refused = await client.systemEcho({ message: 'b' }, options).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ProblemError);
  expect(refused).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
});

test('a stream of Node is uploaded whole', async () => {
  const bytes = Buffer.alloc(3_000_000, 'x');
  const source = Readable.from([bytes.subarray(0, 1_000_000), bytes.subarray(1_000_000)]);
  let told = 0;
  const upload = await client.upload(source, { name: 'x.bin', onProgress: (sent) => (told = sent) });
  expect({ size: upload.size, name: upload.name, told }).toEqual({
    size: 3_000_000,
    name: 'x.bin',
    told: 3_000_000,
  });
});

test('a batch is waited for, and its tasks are listed', async () => {
  const batch = await client.createBatch([
    { type: 'system.echo', input: { message: 'a' } },
    { type: 'system.echo', input: { fail: 'permanent' } },
  ]);
  const { counts, completedAt } = await batch.wait({ timeoutMs: 30_000 });
  expect(counts).toMatchObject({ succeeded: 1, failed: 1 });
  expect(completedAt).not.toBeNull();
  const ids: string[] = [];
  for await (const { id } of batch.tasks()) ids.push(id);
  expect(ids.sort()).toEqual([...batch.taskIds].sort());
}, 60_000);

test('a wait goes on over a restart of the API', async () => {
  const web = system.processes.find(({ type }) => type === 'web');
  const handle = await client.systemEcho({ message: 'over', delayMs: 4_000 });
  const waiting = handle.wait({ timeoutMs: 50_000 });
  web?.signal('SIGKILL');
  await web?.exited;
  await system.start('web');
  expect((await waiting).result.message).toBe('over');
}, 90_000);
