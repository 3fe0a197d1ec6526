import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import { noise, plain } from '../../../test/support/images.js';
import { refusal } from '../../../test/support/resize.js';
import { until } from '../../../test/support/until.js';
import { ImageProcesses, type ImageProcessesOptions } from './image-processes.js';
import type { RenderEvent, RenderJob } from './render-image.js';

// Real work on a machine that may be busy.
jest.setTimeout(60_000);

/** Children run the compiled program: `tsc -b` comes before the tests. */
const ENTRY = new URL('../dist/image-child.js', import.meta.url);
const POOL = { entry: ENTRY, size: 1, threads: 1, svg: false, memoryBytes: 1024 ** 3, timeMs: 30_000 };

let folder: string;
let pool: ImageProcesses | undefined;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'offload-test-images-'))));
afterEach(() => {
  pool?.close();
  pool = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const start = (options: Partial<ImageProcessesOptions> = {}): ImageProcesses =>
  (pool = new ImageProcesses({ ...POOL, ...options }));

const variant = {
  name: 'a.webp',
  width: 20,
  fit: 'inside',
  format: 'webp',
  enlarge: false,
  position: 'centre',
} as const;

function job(source: Buffer, ...variants: Partial<RenderJob['variants'][number]>[]): RenderJob {
  const path = join(folder, randomUUID());
  writeFileSync(path, source);
  const asked = (variants.length > 0 ? variants : [{}]).map((each) => ({ ...variant, ...each }));
  return { source: path, folder, variants: asked, svg: false, again: true };
}

async function run(work: RenderJob, signal = new AbortController().signal): Promise<RenderEvent[]> {
  const events: RenderEvent[] = [];
  for await (const event of pool!.render(work, signal)) events.push(event);
  return events;
}

const photo = (): Promise<Buffer> => plain().jpeg().toBuffer();

/** Work for many seconds: slow encoding of noise. */
const LONG = [{ width: 1_200, format: 'avif', effort: 9, quality: 90 }] as const;
let grain: Buffer;
/** Few bytes, and 147 MB of pixels. */
let wide: Buffer;
beforeAll(async () => {
  grain = await noise(1_200, 1_200).jpeg().toBuffer();
  wide = await plain('#c04020', 7_000, 7_000).jpeg().toBuffer();
});

const seen = (what: string, ask: () => boolean): Promise<true> =>
  until(what, async () => ask() || undefined, 20_000);

/** Whether the process is there (signal 0 only asks). */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // What has ended and was not waited for is there for the kernel only.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Starts a pool whose one child is ready, and returns its pid. */
async function started(options: Partial<ImageProcessesOptions> = {}): Promise<number> {
  start(options);
  await run(job(await photo()));
  return pool!.idlePids[0]!;
}

/** The pid, once its child has work. */
async function working(pid: number): Promise<number> {
  await seen('no idle child', () => pool!.idlePids.length === 0);
  return pid;
}

describe('an image worked on in a child process', () => {
  test('comes to files, their facts, and what is known of the source', async () => {
    start();
    const events = await run(job(await photo(), {}, { name: 'b.png', width: 10, format: 'png' }));
    expect(events).toMatchObject([
      { variant: { index: 0, format: 'webp', width: 20, height: 13, frames: 1 } },
      { variant: { index: 1, format: 'png', width: 10, height: 7, frames: 1 } },
      { source: { format: 'jpeg', width: 300, height: 200, pages: 1, hasAlpha: false } },
    ]);
    expect(await sharp(readFileSync(join(folder, '1'))).metadata()).toMatchObject({
      format: 'png',
      width: 10,
    });
  });

  test('is refused with the error of its reader, whole, and the child goes on', async () => {
    start();
    expect(await refusal(run(job(Buffer.from('no picture'))))).toMatchObject({
      name: 'TaskError',
      code: 'not-an-image',
      retry: 'no',
    });
    const [pid] = pool!.idlePids;
    expect(await run(job(await photo()))).toHaveLength(2);
    expect(pool!.idlePids).toEqual([pid]);
  });

  test('waits while all children are busy; the first to come is the first to go', async () => {
    start();
    const order: number[] = [];
    const source = await photo();
    await Promise.all([1, 2, 3, 4].map((n) => run(job(source)).then(() => order.push(n))));
    expect(order).toEqual([1, 2, 3, 4]);
    expect(pool!.idlePids).toHaveLength(1);
  });

  test('does not hold up another child', async () => {
    start({ size: 2 });
    const stop = new AbortController();
    const long = run(job(grain, ...LONG), stop.signal);
    expect(await run(job(await photo()))).toHaveLength(2);
    stop.abort(new Error('enough'));
    await expect(long).rejects.toThrow('enough');
  });
});

describe('a child that dies', () => {
  test.each(['SIGSEGV', 'SIGKILL', 'SIGABRT'] as const)(
    'of %s costs one attempt of one task, and another takes its place',
    async (signal) => {
      const pid = await started();
      const long = refusal(run(job(grain, ...LONG)));
      process.kill(await working(pid), signal);
      expect(await long).toMatchObject({
        code: 'image-crashed',
        retry: 'yes',
        cause: { message: expect.stringContaining(signal) },
      });
      expect(await run(job(await photo()))).toHaveLength(2);
    },
  );

  test('for the second time makes it permanent', async () => {
    const pid = await started();
    const long = refusal(run({ ...job(grain, ...LONG), again: false }));
    process.kill(await working(pid), 'SIGSEGV');
    expect(await long).toMatchObject({ code: 'image-crashed', retry: 'no' });
  });

  test('while it is idle is not asked any more', async () => {
    start();
    const work = job(await photo());
    await run(work);
    const [pid] = pool!.idlePids;
    process.kill(pid!, 'SIGKILL');
    await seen('no idle child', () => pool!.idlePids.length === 0);
    expect(await run(work)).toHaveLength(2);
    expect(pool!.idlePids).not.toEqual([pid]);
  });

  test('at its start is an error that says why, each time', async () => {
    const entry = join(folder, 'broken.mjs');
    writeFileSync(entry, 'throw new Error("no such library");');
    start({ entry: new URL(`file://${entry}`) });
    const work = job(await photo());
    for (let n = 0; n < 2; n++)
      await expect(run(work)).rejects.toThrow(/did not start: exit code 1.*no such library/s);
  });
});

describe('a limit', () => {
  test('of memory ends the child, permanently, the limit named', async () => {
    start({ memoryBytes: 150 * 1024 * 1024 });
    const work = job(wide, { width: 7_000, format: 'png' });
    expect(await refusal(run(work))).toMatchObject({
      code: 'too-much-memory',
      retry: 'no',
      message: expect.stringContaining('150 MiB'),
    });
    expect(await run(job(await photo()))).toHaveLength(2);
  });

  test('of time ends libvips, too, in the middle of its work', async () => {
    start({ timeMs: 300 });
    const [pid] = pool!.idlePids;
    const work = job(grain, ...LONG);
    expect(await refusal(run(work))).toMatchObject({
      code: 'took-too-long',
      retry: 'yes',
      message: expect.stringContaining('0.3 s'),
    });
    await seen('the end of the child', () => !isAlive(pid!));
    expect(await refusal(run({ ...work, again: false }))).toMatchObject({
      code: 'took-too-long',
      retry: 'no',
    });
  });

  test('a child that keeps too much memory after its work is replaced', async () => {
    start();
    const [pid] = pool!.idlePids;
    // The pixels of the source stay in the child's heap of JavaScript until it is collected.
    await run(job(wide, { width: 7_000, format: 'jpeg', effort: 0 }));
    const kept = pool!.idlePids.includes(pid!);
    const status = kept ? readFileSync(`/proc/${pid}/status`, 'utf8') : 'VmRSS: 0';
    expect(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1])).toBeLessThan(257 * 1024);
  });
});

describe('a signal', () => {
  test('ends the child at once', async () => {
    start();
    const [pid] = pool!.idlePids;
    const stop = new AbortController();
    const long = run(job(grain, ...LONG), stop.signal);
    await working(pid!);
    const before = performance.now();
    stop.abort(new Error('cancelled'));
    await expect(long).rejects.toThrow('cancelled');
    expect(performance.now() - before).toBeLessThan(1_000);
    await seen('the end of the child', () => !isAlive(pid!));
  });

  test('takes one that waits out of the queue', async () => {
    start();
    const stops = [new AbortController(), new AbortController()] as const;
    const long = run(job(grain, ...LONG), stops[0].signal);
    const waiting = run(job(await photo()), stops[1].signal);
    const after = run(job(await photo()));
    stops[1].abort(new Error('not any more'));
    await expect(waiting).rejects.toThrow('not any more');
    stops[0].abort(new Error('enough'));
    await expect(long).rejects.toThrow('enough');
    expect(await after).toHaveLength(2);
  });
});

describe('a child', () => {
  test('sees none of our secrets, and has few arenas', async () => {
    process.env['OFFLOAD_SECRET'] = 'a password';
    try {
      start();
      const [pid] = pool!.idlePids;
      await run(job(await photo()));
      const env = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      expect(env.some((line) => line.includes('a password'))).toBe(false);
      expect(env).toContain('MALLOC_ARENA_MAX=2');
      expect(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8').trim()).toBe('1000');
    } finally {
      delete process.env['OFFLOAD_SECRET'];
    }
  });

  test('ends with its parent, even when that is killed in the middle of the work, and takes its files along', async () => {
    const program = join(folder, 'parent.mjs');
    const dist = fileURLToPath(new URL('../dist/image-processes.js', import.meta.url));
    const work = job(grain, ...LONG);
    writeFileSync(
      program,
      `import { ImageProcesses } from ${JSON.stringify(dist)};
       const pool = new ImageProcesses({ ...${JSON.stringify(POOL)}, entry: new URL(${JSON.stringify(ENTRY.href)}) });
       process.send(pool.idlePids[0]);
       for await (const _ of pool.render(${JSON.stringify(work)}, new AbortController().signal));`,
    );
    const parent = fork(program, { execArgv: [] });
    const [pid] = (await once(parent, 'message')) as [number];
    expect(isAlive(pid)).toBe(true);
    // Once it has the work, it reads the source: its memory grows beyond that of an idle child.
    await seen(
      'the child at work',
      () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) > 90 * 1024,
    );
    parent.kill('SIGKILL');
    await seen('the end of the child', () => !isAlive(pid));
    expect(existsSync(folder)).toBe(false);
  });

  test('does not keep its parent from ending, nor end by the signals of a terminal', async () => {
    const program = join(folder, 'parent.mjs');
    const dist = fileURLToPath(new URL('../dist/image-processes.js', import.meta.url));
    const work = job(await photo());
    writeFileSync(
      program,
      `import { ImageProcesses } from ${JSON.stringify(dist)};
       const pool = new ImageProcesses({ ...${JSON.stringify(POOL)}, entry: new URL(${JSON.stringify(ENTRY.href)}) });
       const use = async () => { for await (const _ of pool.render(${JSON.stringify(work)}, new AbortController().signal)); };
       await use();
       const [pid] = pool.idlePids;
       for (const signal of ['SIGINT', 'SIGTERM']) process.kill(pid, signal);
       await use();
       process.exitCode = pool.idlePids[0] === pid ? 7 : 1;
       process.disconnect();`,
    );
    const parent = fork(program, { execArgv: [] });
    const [code] = (await once(parent, 'exit')) as [number];
    expect(code).toBe(7);
  });
});
