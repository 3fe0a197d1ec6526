import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { describe, expect, jest, test } from '@jest/globals';
import { imageResize } from '@offload/contracts/image-resize';
import { createOutbound } from '@offload/outbound/create-outbound';
import { runHandler } from '@offload/worker/run-handler';
import sharp from 'sharp';
import { colourAt, noise, plain, quadrants } from '../../../test/support/images.js';
import * as answers from '../../../test/support/origin.js';
import { resize, refusal, type AskedVariants } from '../../../test/support/resize.js';
import { createImageHandler } from './handler.js';
import { renderImage } from './render-image.js';

// Real work on a machine that may be busy.
jest.setTimeout(30_000);

test('one source becomes several variants, stored as files, progress told after each', async () => {
  const run = await resize(plain().jpeg(), [
    { width: 150, format: 'webp' },
    { width: 32, height: 32, fit: 'cover', format: 'jpeg', quality: 85 },
    { height: 20, format: 'png', name: 'tiny.png' },
    { width: 40, format: 'avif' },
    { width: 40, format: 'gif' },
  ]);
  expect(run.result.source).toMatchObject({ format: 'jpeg', width: 300, height: 200 });
  expect(run.result.variants.map(({ file, type, width, height }) => [file, type, width, height])).toEqual([
    ['w150.webp', 'image/webp', 150, 100],
    ['w32-h32.jpg', 'image/jpeg', 32, 32],
    ['tiny.png', 'image/png', 30, 20],
    ['w40.avif', 'image/avif', 40, 27],
    ['w40.gif', 'image/gif', 40, 27],
  ]);
  for (const { file, type, bytes, sha256, width, height } of run.result.variants) {
    expect(run.files.get(file)).toMatchObject({ type, size: bytes, sha256 });
    expect(await sharp(run.files.get(file)!.body).metadata()).toMatchObject({ width, height });
  }
  expect(run.progress.map(({ done, total }) => [done, total])).toEqual([0, 1, 2, 3, 4, 5].map((n) => [n, 5]));
});

test('a URL is downloaded once for all variants', async () => {
  const origin = await answers.startOrigin();
  const outbound = createOutbound({ allow: ['loopback'] });
  try {
    const url = origin.serve('/photo', answers.bytes(await plain().jpeg().toBuffer()));
    const run = await runHandler(imageResize, createImageHandler({ outbound, render: renderImage }), {
      source: { url },
      variants: [{ width: 20 }, { width: 10 }],
    });
    expect(run.result.variants.map(({ width, height }) => [width, height])).toEqual([
      [20, 13],
      [10, 7],
    ]);
    expect(origin.requests).toHaveLength(1);
  } finally {
    await outbound.close();
    await origin.close();
  }
});

test('quality counts: less of it, fewer bytes', async () => {
  const grain = noise(200, 200);
  const { result } = await resize(grain.png(), [
    { width: 200, format: 'jpeg', quality: 30 },
    { width: 200, format: 'jpeg', quality: 90 },
  ]);
  expect(result.variants[0]!.bytes).toBeLessThan(result.variants[1]!.bytes / 2);
});

test('cover keeps the middle', async () => {
  const run = await resize((await quadrants(80, 40)).png(), [
    { width: 40, height: 40, fit: 'cover', format: 'png' },
  ]);
  expect((await colourAt(run.files.get('w40-h40.png')!.body, 0.25, 0.25)).slice(0, 3)).toEqual([255, 0, 0]);
  expect((await colourAt(run.files.get('w40-h40.png')!.body, 0.75, 0.25)).slice(0, 3)).toEqual([0, 255, 0]);
});

test('a small image is enlarged only when asked for', async () => {
  const { result } = await resize(plain('#123', 30, 20).png(), [{ width: 60 }, { width: 60, enlarge: true }]);
  expect(result.variants.map(({ file, width, height }) => [file, width, height])).toEqual([
    ['w60.webp', 30, 20],
    ['w60-2.webp', 60, 40],
  ]);
});

test('an animation gives its first frame', async () => {
  const frames = await Promise.all(['#f00', '#0f0'].map((colour) => plain(colour, 40, 40).png().toBuffer()));
  const run = await resize(sharp(frames, { join: { animated: true } }).gif(), [{ width: 20, format: 'png' }]);
  expect(run.result.variants[0]).toMatchObject({ width: 20, height: 20 });
  expect((await colourAt(run.files.get('w20.png')!.body)).slice(0, 3)).toEqual([255, 0, 0]);
});

describe('a refusal is permanent and says what is wrong', () => {
  const small: AskedVariants = [{ width: 10 }];

  test.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)('%s cut short', async (format) => {
    const grain = noise(300, 300);
    const bytes = await grain.toFormat(format).toBuffer();
    const { code, retry } = await refusal(resize(bytes.subarray(0, bytes.length * 0.6), small));
    expect(retry).toBe('no');
    expect(['broken-image', 'not-an-image']).toContain(code);
  });

  test('a text file named .jpg', async () => {
    await expect(resize(Buffer.from('no picture'), small)).rejects.toMatchObject({
      code: 'not-an-image',
      retry: 'no',
    });
  });

  test('an SVG', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    await expect(resize(svg, small)).rejects.toMatchObject({ code: 'format-refused', retry: 'no' });
  });

  test('a variant past the limits, before anything is decoded', async () => {
    const run = resize(plain('#123', 10, 20).png(), [{ width: 16_000, enlarge: true }]);
    await expect(run).rejects.toMatchObject({ code: 'side-too-long', retry: 'no' });
  });

  test('more bytes than are taken', async () => {
    const run = resize(Buffer.alloc(50 * 1024 * 1024 + 1), small);
    await expect(run).rejects.toMatchObject({ code: 'too-large', retry: 'no' });
  });
});

test('an aborted signal ends it before the next step, and leaves no file behind', async () => {
  const cancel = new AbortController();
  const saved: string[] = [];
  const image = await plain().png().toBuffer();
  const file = randomUUID();
  const handle = createImageHandler({
    outbound: { fetch: () => Promise.reject(new Error('not used')) },
    render(job, signal) {
      folder = job.folder;
      return renderImage(job, signal);
    },
  });
  let folder = '';
  const run = runHandler(
    imageResize,
    (input, context) =>
      handle(input, {
        ...context,
        progress: (done) => void (done === 1 && cancel.abort()),
        files: {
          ...context.files,
          save: (name, type, body) => {
            saved.push(name);
            return context.files.save(name, type, body);
          },
        },
      }),
    { source: { file }, variants: [{ width: 10 }, { width: 20 }] },
    { files: { [file]: { body: image } }, signal: cancel.signal },
  );
  await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  // The largest comes first.
  expect(saved).toEqual(['w20.webp']);
  expect(existsSync(folder)).toBe(false);
});
