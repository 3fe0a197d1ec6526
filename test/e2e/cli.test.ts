import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { plain } from '../support/images.js';
import { answer, startScriptedServer } from '../support/scripted-server.js';
import { startSystem, type ShownTask, type System } from '../support/system.js';

const OFFLOAD = fileURLToPath(new URL('../../libs/cli/bin/offload.js', import.meta.url));

let system: System;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offload-cli-'));
  await writeFile(join(folder, 'photo.png'), await plain().png().toBuffer());
  system = await startSystem({
    label: 'cli',
    processes: { web: 1, clock: 1, echo: 1, 'image-resizer': 1 },
  });
}, 90_000);
afterAll(async () => {
  await system?.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

interface Ran {
  code: number | null;
  out: string;
  err: string;
}

/** The built command as a user runs it, in the folder. */
async function offload(argv: string[], options: { input?: string; env?: object } = {}): Promise<Ran> {
  const env = { ...process.env, NODE_OPTIONS: '', OFFLOAD_URL: system.apiUrl, ...options.env };
  const child = spawn(process.execPath, [OFFLOAD, ...argv], { cwd: folder, env, timeout: 60_000 });
  child.stdin.end(options.input ?? '');
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, out, err };
}

const json = <T = ShownTask>({ out }: Ran): T => JSON.parse(out) as T;
const idOf = ({ out }: Ran): string => out.trim();

describe('exit codes tell', () => {
  test('0: the task succeeded; its progress goes to stderr, its result to stdout', async () => {
    const ran = await offload(['submit', 'system.echo', '-i', '{"message":"hi"}', '--wait']);
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/^[0-9a-f-]{36} system\.echo succeeded\n[^]*"message": "hi"/);
    expect(ran.err).toContain('succeeded');
  }, 60_000);

  test('1: it failed, with its code and message', async () => {
    const ran = await offload(['submit', 'system.echo', '-i', '{"fail":"permanent"}', '--wait']);
    expect([ran.code, ran.out]).toEqual([1, '']);
    expect(ran.err).toMatch(/^offload: [a-z-]+: /m);
  }, 60_000);

  test.each([
    ['an unknown command', ['frobnicate']],
    ['a missing argument', ['wait']],
    ['a number that is none', ['list', '--limit', 'x']],
    ['a time without a zone', ['submit', 'system.echo', '--run-at', '2027-01-01T00:00:00']],
    ['an input that is not JSON', ['submit', 'system.echo', '-i', '{']],
    ['a file that is not there', ['upload', 'nowhere.png']],
    ['dead letters without saying which', ['dead-letters', 'requeue']],
  ])('2: %s', async (_what, argv) => {
    const { code, err } = await offload(argv);
    expect(code).toBe(2);
    expect(err).not.toBe('');
  });

  test('2: an address that is none', async () => {
    expect((await offload(['queues'], { env: { OFFLOAD_URL: 'localhost:3000' } })).code).toBe(2);
  });

  test('3: the API refused, with each fault and its place', async () => {
    const { code, err } = await offload(['submit', 'system.echo', '-i', '{"message":1}']);
    expect(code).toBe(3);
    expect(err).toMatch(/offload: invalid-task: [^]*\/input\/message[^]*\(request /);
  });

  test('4: nobody answers', async () => {
    const { code, err } = await offload(['get', 'x'], { env: { OFFLOAD_URL: 'http://127.0.0.1:9' } });
    expect(code).toBe(4);
    expect(err).toContain('http://127.0.0.1:9 does not answer');
  }, 60_000);

  test('5: not in time', async () => {
    const id = idOf(await offload(['submit', 'system.echo', '-i', '{"delayMs":60000}']));
    expect((await offload(['wait', id, '--wait-ms', '300'])).code).toBe(5);
    expect((await offload(['cancel', id])).out).toBe(`${id} cancelled\n`);
  }, 60_000);
});

test('an image goes up, is resized, and comes down whole, never over another file', async () => {
  const file = idOf(await offload(['upload', 'photo.png', '--type', 'image/png']));
  const input = JSON.stringify({
    source: { file },
    variants: [{ name: 'small.webp', width: 32, format: 'webp' }],
  });
  await writeFile(join(folder, 'resize.json'), input);
  const done = json(await offload(['--json', 'submit', 'image.resize', '-i', '@resize.json', '--wait']));
  expect(done.state).toBe('succeeded');
  expect((await offload(['download', done.id])).out).toMatch(/^small\.webp \(\d+ bytes\)\n$/);
  expect(await sharp(join(folder, 'small.webp')).metadata()).toMatchObject({ width: 32 });
  const again = await offload(['download', done.id, 'small.webp']);
  expect([again.code, again.err]).toEqual([2, expect.stringContaining('--force')]);
  expect((await offload(['download', done.id, 'small.webp', '--force'])).code).toBe(0);
  await offload(['download', done.id, '-o', 'other.webp']);
  expect(await readFile(join(folder, 'other.webp'))).toEqual(await readFile(join(folder, 'small.webp')));
  expect((await offload(['download', done.id, 'large.webp'])).err).toContain('there: small.webp');
}, 90_000);

test('tasks are listed by conditions, one line of JSON each', async () => {
  const options = ['--tag', 'listed', '--lane', 'bulk', '--delay-ms', '3600000'];
  const ids = [
    idOf(await offload(['submit', 'system.echo', '-i', '-', ...options], { input: '{}' })),
    idOf(await offload(['submit', 'system.echo', ...options])),
  ];
  const { out } = await offload(['list', '--tag', 'listed', '--json']);
  const listed = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ShownTask);
  expect(listed.map(({ id, state }) => [id, state])).toEqual(ids.reverse().map((id) => [id, 'scheduled']));
  const one = await offload(['list', '--tag', 'listed', '-n', '1']);
  expect(one.out.trim().split('\n')).toHaveLength(2);
  expect(one.out).toContain('STATE');
}, 60_000);

test('a batch is waited for, and exit code 1 tells that one failed', async () => {
  const tasks = [
    { ref: 'a', type: 'system.echo', input: { message: 'x' } },
    { type: 'system.echo', input: { fail: 'permanent' }, after: ['#a'] },
  ];
  const ran = await offload(['batch', '-', '--wait'], { input: JSON.stringify({ tasks }) });
  expect([ran.code, ran.out]).toEqual([1, expect.stringContaining('1 succeeded, 1 failed, 0 cancelled')]);
}, 60_000);

test('dead letters are listed, run again and removed', async () => {
  const input = '{"fail":"permanent"}';
  await offload(['submit', 'system.echo', '-i', input, '--tag', 'dead', '--wait']);
  const { id } = json(await offload(['dead-letters', 'list', '--tag', 'dead', '--json']));
  expect((await offload(['dead-letters', 'requeue', id])).out).toBe('1 requeued\n');
  expect((await offload(['wait', id])).code).toBe(1);
  expect((await offload(['dead-letters', 'discard', '--tag', 'dead'])).out).toBe('1 discarded\n');
  expect((await offload(['get', id])).code).toBe(3);
}, 90_000);

test('a queue is paused and resumed', async () => {
  expect((await offload(['pause', 'system.echo'])).out).toBe('system.echo paused\n');
  const { out } = await offload(['queues']);
  expect(out).toMatch(/^TYPE +PAUSED +READY[^]*^system\.echo +yes/m);
  expect((await offload(['resume', 'system.echo'])).out).toBe('system.echo not paused\n');
}, 60_000);

test('processes and numbers are shown, and times without an offset refused', async () => {
  expect((await offload(['workers'])).out).toMatch(/^PROCESS +STATE[^]*^echo +running +\d+ +105 /m);
  expect((await offload(['stats'])).out).toMatch(/^TYPE +LANE +ACCEPTED/);
  expect((await offload(['stats', '--from', '2026-01-31'])).code).toBe(2);
}, 60_000);

test('a failed task is retried, and its changes are printed until it has ended', async () => {
  const { id } = json(await offload(['submit', 'system.echo', '-i', '{"delayMs":60000}', '--json']));
  await offload(['cancel', id]);
  expect((await offload(['retry', id])).code).toBe(0);
  const events = offload(['events', id, '--json']);
  await offload(['cancel', id]);
  const states = (await events).out
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as ShownTask).state);
  expect(states.at(-1)).toBe('cancelled');
}, 60_000);

test('feeds are added and listed, and so are schedules', async () => {
  const id = idOf(await offload(['feeds', 'add', 'http://127.0.0.1:9/feed.xml', '--tag', 'news']));
  const { out } = await offload(['feeds', 'list', '--json']);
  expect(JSON.parse(out)).toMatchObject({ id, tags: ['news'] });
  await fetch(`${system.apiUrl}/v1/schedules`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'nightly', cron: '0 3 * * *', type: 'system.echo', input: {} }),
  });
  expect((await offload(['schedules', 'list'])).out).toMatch(/nightly +system\.echo +0 3 \* \* \*/);
}, 60_000);

test('the key comes from the environment, and from nowhere else', async () => {
  const server = await startScriptedServer();
  server.answers(answer(200, { items: [], next: null }));
  const env = { OFFLOAD_URL: server.url, OFFLOAD_KEY: 'ofl_secret' };
  const { code } = await offload(['list'], { env });
  const sent = server.asked.map(({ headers }) => headers.authorization);
  await server.close();
  expect([code, sent]).toEqual([0, ['Bearer ofl_secret']]);
  expect((await offload(['list', '--key', 'ofl_secret'])).code).toBe(2);
});
