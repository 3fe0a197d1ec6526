// @ts-check
// `npm run demo`: with the system running, one task of each type through the API, from an origin of its own.
// An argument names the base folder of another system than that of `npm start`.

import { resolve } from 'node:path';
import { DemoApi } from './demo-api.mjs';
import { DemoDisplay } from './demo-display.mjs';
import { demoImage } from './demo-image.mjs';
import { startDemoOrigin } from './demo-origin.mjs';
import { failureText, SetupFailure } from './failure.mjs';
import { defaultBase } from './folders.mjs';
import { runningEnvironment } from './running-system.mjs';
import { durationText } from './steps.mjs';
import { stopSignals } from './stop-signals.mjs';

/** Milliseconds from a task's 202 to its end. */
const LIMIT = 60_000;
/** The same while the S3 server is still being built, after a first `npm start`. */
const LIMIT_FIRST_START = 600_000;

const VARIANTS = [
  { name: 'large.webp', width: 1200, format: 'webp' },
  { name: 'square.jpg', width: 400, height: 400, fit: 'cover', format: 'jpeg', quality: 85 },
  { name: 'small.avif', width: 200, format: 'avif' },
];

/**
 * @typedef {import('./demo-api.mjs').Task} Task
 * @typedef {{ type: string, input: Record<string, unknown>, limit?: number, says: (task: Task) => string[] | Promise<string[]> }} Example
 */

/** @returns {Record<string, string>} the variables of the running system, API_URL among them */
function runningSystem() {
  const env = runningEnvironment(resolve(process.argv[2] ?? defaultBase));
  if (!env?.['API_URL']) {
    throw new SetupFailure('The demo needs a running system', 'None runs from this checkout with its API.', [
      'run `npm start` in another terminal, wait until it says that it is ready, then run this again',
    ]);
  }
  return env;
}

/**
 * @param {DemoApi} api
 * @param {string} apiUrl
 * @param {{ feedUrl: string, apiUrl: string }} origin
 * @param {string} uploadId
 * @returns {Example[]} those that wait for no other task
 */
function examples(api, apiUrl, origin, uploadId) {
  return [
    {
      type: 'system.echo',
      input: { message: 'hello from the demo', delayMs: 1500 },
      says: ({ result }) => [`it said "${result.message}"`],
    },
    {
      type: 'feed.fetch',
      input: { url: origin.feedUrl },
      says: ({ id, result }) => [
        `"${result.title}" with ${result.total} entries`,
        `to look at: ${apiUrl}/tasks/${id}`,
      ],
    },
    {
      type: 'http.fetch',
      input: { url: origin.apiUrl, pick: '/hills/0/name' },
      says: ({ result }) => [
        `${result.url} answered ${result.status}, and the first hill is ${result.picked}`,
      ],
    },
    {
      type: 'image.resize',
      input: { source: { file: uploadId }, variants: VARIANTS },
      says: ({ id, result }) =>
        Promise.all(
          result.variants.map(async (/** @type {any} */ { file, width, height, bytes }) => {
            const path = `/v1/tasks/${id}/files/${file}`;
            if ((await api.bytesOf(path)) !== bytes)
              throw new Error(`${path} has not the ${bytes} bytes it should`);
            return `${`${width}×${height}`.padEnd(9)} ${String(bytes).padStart(6)} bytes  ${apiUrl}${path}`;
          }),
        ),
    },
  ];
}

/**
 * Posted at once, it waits in the system for the file of the other task.
 * @param {DemoApi} api
 * @param {string} resizeId
 * @param {string} bucket
 * @returns {Example}
 */
function uploadExample(api, resizeId, bucket) {
  const file = 'large.webp';
  return {
    type: 's3.upload',
    input: { source: { task: resizeId, file }, bucket, key: `demo/${file}` },
    says: async ({ result }) => {
      const resized = await api.task(resizeId);
      const sent = resized.result.variants.find((/** @type {any} */ variant) => variant.file === file);
      if (sent.sha256 !== result.sha256) throw new Error(`${result.location} has other bytes than ${file}`);
      return [
        `${result.bytes} bytes${result.status === 'already-there' ? ', which stood there already' : ''}: ${result.location}`,
        `sha256 ${result.sha256}, as in the task before`,
      ];
    },
  };
}

/**
 * @param {DemoApi} api
 * @param {DemoDisplay} display
 * @param {Example} example
 * @returns {Promise<{ task: Task, ended: Promise<string[]> }>} what is to be said of it at the end
 */
async function run(api, display, { type, input, says, limit = LIMIT }) {
  const show = display.add(type);
  const task = await api.submit(type, input);
  const follow = async () => {
    let last = task;
    for await (const seen of api.watch(task.id, limit)) show((last = seen));
    const lines =
      last.state === 'succeeded'
        ? await says(last)
        : [`${last.state}: ${last.error?.code ?? ''} ${last.error?.message ?? ''}`];
    if (last.state !== 'succeeded') process.exitCode = 1;
    return lines;
  };
  const ended = follow();
  ended.catch(() => undefined); // It is awaited later, with the others.
  return { task, ended };
}

/**
 * @param {AbortSignal} signal
 * @param {DemoDisplay} display
 */
async function demo(signal, display) {
  const env = runningSystem();
  const apiUrl = /** @type {string} */ (env['API_URL']);
  const over = new AbortController();
  const api = new DemoApi(apiUrl, AbortSignal.any([signal, over.signal]));
  const picture = demoImage(1600, 1200);
  const origin = await startDemoOrigin(picture);
  try {
    const upload = await api.upload('dusk.png', 'image/png', picture);
    display.print(`Uploaded dusk.png: ${upload.size} bytes, file ${upload.id}\n`);
    const limit = env['S3_ENDPOINT'] ? LIMIT : LIMIT_FIRST_START;
    if (limit > LIMIT) display.print('The S3 server is still being built; s3.upload waits for it.\n');
    const startedAt = performance.now();
    /** @type {Awaited<ReturnType<typeof run>>[]} */
    const runs = [];
    for (const example of examples(api, apiUrl, origin, upload.id)) {
      runs.push(await run(api, display, example));
    }
    const resize = runs.at(-1)?.task.id ?? '';
    const bucket = (env['S3_BUCKETS'] ?? 'offload').split(',')[0]?.trim() ?? 'offload';
    runs.push(await run(api, display, { ...uploadExample(api, resize, bucket), limit }));
    const accepted = (performance.now() - startedAt) / runs.length;

    const ends = await Promise.allSettled(runs.map(({ ended }) => ended));
    signal.throwIfAborted();
    display.end();
    runs.forEach(({ task: { id, type } }, index) => {
      const end = /** @type {PromiseSettledResult<string[]>} */ (ends[index]);
      display.print(`\n${type}  ${apiUrl}/v1/tasks/${id}`);
      const lines = end.status === 'fulfilled' ? end.value : failureText(end.reason).split('\n');
      lines.forEach((line) => display.print(`  ${line}`));
      if (end.status === 'rejected') process.exitCode = 1;
    });
    summarise(display, { count: runs.length, accepted, took: performance.now() - startedAt, env });
  } finally {
    over.abort(); // Whatever is still being watched.
    display.end();
    await origin.close();
  }
}

/**
 * @param {DemoDisplay} display
 * @param {{ count: number, accepted: number, took: number, env: Record<string, string> }} facts
 */
function summarise(display, { count, accepted, took, env }) {
  const management = env['RABBITMQ_MANAGEMENT_URL'];
  display.print('');
  display.print(
    process.exitCode
      ? 'Not all of it went well: see above.'
      : `All ${count} tasks succeeded in ${durationText(took)}; each was accepted in ${accepted.toFixed(0)} ms.`,
  );
  display.print(`Go on: ${env['API_URL']}/ (web app), ${env['API_URL']}/docs (API)`);
  if (management) display.print(`The queues: ${new URL(management).origin}/#/queues`);
}

const { stop, release } = stopSignals();
const display = new DemoDisplay();
try {
  await demo(stop, display);
} catch (error) {
  display.print(stop.aborted ? 'Stopped.' : failureText(error));
  process.exitCode = stop.aborted ? 130 : 1;
} finally {
  release();
}
