// image.resize beside bare sharp, and its memory. After `tsc -b`:
//   node test/load/images.mjs ratio            a 12 MP JPEG → three variants: in children, and by sharp in a loop
//   node test/load/images.mjs cost             what the way to a child and back costs, with the smallest of images
//   node test/load/images.mjs memory [images]  resident memory after 1,000 and after 10,000 images of many kinds
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { ImageProcesses } from '../../services/image-resizer/dist/image-processes.js';
import { renderImage } from '../../services/image-resizer/dist/render-image.js';

const WIDTHS = [1600, 800, 320];
const CORES = availableParallelism();
const LOOK = { fit: 'inside', format: 'webp', enlarge: false, position: 'centre' };
const folder = mkdtempSync(join(tmpdir(), 'offload-load-images-'));
const never = new AbortController().signal;
sharp.cache(false);
sharp.concurrency(1);

const pool = () =>
  new ImageProcesses({
    entry: new URL('../../services/image-resizer/dist/image-child.js', import.meta.url),
    size: CORES,
    threads: 1,
    svg: false,
    memoryBytes: 1024 ** 3,
    timeMs: 60_000,
  });

const variants = (format, widths = WIDTHS) =>
  widths.map((width) => ({ ...LOOK, format, width, name: `w${width}.${format}` }));

const job = (source, asked) => ({
  source,
  folder: mkdtempSync(join(folder, 'out-')),
  variants: asked,
  svg: false,
  again: false,
});

async function drain(events) {
  for await (const event of events) void event;
}

/** `count` calls, as many at once as there are cores; milliseconds for each. */
async function flatOut(count, work) {
  let left = count;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: CORES }, async () => {
      while (left-- > 0) await work();
    }),
  );
  return (performance.now() - start) / count;
}

const megabytes = (pid, field) =>
  Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** A photo to the encoders: soft shapes and a camera's grain. */
async function photo(width, height) {
  const noise = (w, h, sigma) => ({
    create: {
      width: w,
      height: h,
      channels: 3,
      background: '#000',
      noise: { type: 'gaussian', mean: 128, sigma },
    },
  });
  const shapes = await sharp(
    await sharp(noise(width >> 3, height >> 3, 60))
      .png()
      .toBuffer(),
  )
    .resize(width, height, { kernel: 'cubic' })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const grain = await sharp(noise(width, height, 6))
    .png({ compressionLevel: 1 })
    .toBuffer();
  return sharp(shapes)
    .composite([{ input: grain, blend: 'soft-light' }])
    .jpeg({ quality: 85 })
    .toBuffer();
}

async function ratio() {
  const bytes = await photo(4_000, 3_000);
  const source = join(folder, 'photo.jpg');
  writeFileSync(source, bytes);
  const bare = {
    webp: (image) => image.webp({ quality: 80 }),
    jpeg: (image) => image.jpeg({ quality: 80, mozjpeg: true }),
  };
  for (const [format, encode] of Object.entries(bare)) {
    const children = pool();
    const ours = () => drain(children.render(job(source, variants(format)), never));
    const sharpAlone = async () => {
      for (const width of WIDTHS)
        await encode(
          sharp(bytes, { autoOrient: true }).resize({ width, withoutEnlargement: true }),
        ).toBuffer();
    };
    await flatOut(CORES, ours);
    const rounds = { ours: [], bare: [] };
    for (let round = 0; round < 5; round++) {
      rounds.bare.push(await flatOut(8, sharpAlone));
      rounds.ours.push(await flatOut(8, ours));
    }
    const peak = Math.max(...children.idlePids.map((pid) => megabytes(pid, 'VmHWM')));
    const [our, their] = [median(rounds.ours), median(rounds.bare)];
    console.log(
      `${format}: bare sharp ${their.toFixed(0)} ms, ours ${our.toFixed(0)} ms an image; ratio ${(their / our).toFixed(2)}; peak of a child ${peak.toFixed(0)} MB`,
    );
    children.close();
  }
}

async function cost() {
  const source = join(folder, 'dot.png');
  writeFileSync(
    source,
    await sharp({ create: { width: 16, height: 16, channels: 3, background: '#f00' } })
      .png()
      .toBuffer(),
  );
  const asked = variants('png', [8]);
  const begun = performance.now();
  const children = pool();
  const first = async () => drain(children.render(job(source, asked), never));
  await first();
  console.log(`start of a child and its first image: ${(performance.now() - begun).toFixed(0)} ms`);
  const time = async (work) => {
    for (let n = 0; n < 20; n++) await work();
    const times = [];
    for (let n = 0; n < 200; n++) {
      const start = performance.now();
      await work();
      times.push(performance.now() - start);
    }
    return median(times);
  };
  const here = await time(() => drain(renderImage(job(source, asked), never)));
  const there = await time(first);
  console.log(`an image of 16 × 16: here ${here.toFixed(1)} ms, in a child ${there.toFixed(1)} ms`);
  console.log(`an idle child: ${megabytes(children.idlePids[0], 'VmRSS').toFixed(0)} MB`);
  children.close();
}

async function memory(count) {
  const kinds = ['jpeg', 'png', 'webp', 'gif'];
  const sources = [];
  for (let n = 0; n < 24; n++) {
    const bytes = await sharp(await photo(120 + n * 24, 90 + n * 16))
      .toFormat(kinds[n % 4])
      .toBuffer();
    sources.push(join(folder, `source-${n}`));
    writeFileSync(sources.at(-1), bytes);
  }
  const children = pool();
  let done = 0;
  const work = async () => {
    const next = job(sources[done++ % sources.length], variants(kinds[done % 3], [200, 100, 50]));
    await drain(children.render(next, never));
    rmSync(next.folder, { recursive: true });
  };
  for (const mark of [1_000, 2_000, 5_000, 10_000, 20_000].filter((each) => each <= count)) {
    const each = await flatOut(mark - done, work);
    const resident = children.idlePids.map((pid) => `${megabytes(pid, 'VmRSS').toFixed(0)} MB`);
    const parent = megabytes(process.pid, 'VmRSS').toFixed(0);
    console.log(
      `after ${mark}: children ${resident.join(', ')}; parent ${parent} MB; ${each.toFixed(1)} ms an image`,
    );
  }
  children.close();
}

try {
  const [what = 'ratio', count = '10000'] = process.argv.slice(2);
  await { ratio, cost, memory }[what](Number(count));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
