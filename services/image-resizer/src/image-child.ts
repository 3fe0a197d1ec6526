// The program of a child process that works on images, one at a time. Started by image-process.ts, and by nobody else.
import { rmSync, writeFileSync } from 'node:fs';
import { TaskError } from '@offload/contracts/errors';
import type { Answer } from './image-process.js';
import { renderImage, type RenderJob } from './render-image.js';
import { restrictSharp, type SharpSettings } from './sharp-settings.js';

/** The folder of the job in work, which is the parent's to remove while there is one. */
let folder: string | undefined;

// The parent is gone, also when it had no time to say so. process.exit would wait for libvips' threads.
process.on('disconnect', () => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  process.kill(process.pid, 'SIGKILL');
});
// A Ctrl-C goes to all processes of a terminal; the parent decides when this one has done its work.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});

try {
  // Where memory runs out, the kernel ends this process and not the consumer (Linux only; others have no such file).
  writeFileSync('/proc/self/oom_score_adj', '1000');
} catch {
  // Without it the kernel chooses by size, which is this process, too, most of the time.
}

const tell = (answer: Answer): void => void process.send?.(answer);
const never = new AbortController().signal;

async function work(job: RenderJob): Promise<Answer> {
  folder = job.folder;
  try {
    for await (const event of renderImage(job, never)) tell({ event });
    return { done: true };
  } catch (error) {
    if (error instanceof TaskError) {
      const { code, message } = error;
      // Also an allocation that a broken file asks for fails, each time.
      const retry = error.retry === 'yes' && !job.again ? 'no' : error.retry;
      return { refused: { code, message, retry } };
    }
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    folder = undefined;
  }
}

restrictSharp(JSON.parse(process.argv[2]!) as SharpSettings);
process.on('message', (job: RenderJob) => void work(job).then(tell));
tell({ ready: true });
