import { ProblemError, type Schemas } from '@offload/client';
import { signal, type Signal } from '@preact/signals';
import { client } from '../data/client.js';
import { apiKey, askForKey } from '../data/key.js';
import type { Variant } from './variants.js';

export type Source = { file: string } | { url: string };

/** How far one picture is. */
export type Phase =
  | { is: 'waiting' }
  | { is: 'uploading'; sent: number; total: number }
  | { is: 'submitting' }
  | { is: 'task'; id: string }
  | { is: 'failed'; error: unknown };

/** One picture that was dropped, chosen or named by its URL, on its way to its variants. */
export interface Job {
  readonly id: number;
  readonly name: string;
  /** For a look at it before anything is stored; null of a URL. */
  readonly file: File | null;
  readonly phase: Signal<Phase>;
  source: Source | null;
  readonly stopped: AbortController;
}

/** Newest first. Kept while the app is open: uploads go on while another page is looked at. */
export const jobs = signal<readonly Job[]>([]);

/** The image service takes no larger ones; told before a minute of uploading. */
const MOST_BYTES = 50 * 1_048_576;
const UPLOADS_AT_ONCE = 2;

let made = 0;
let uploading = 0;
const queue: (() => void)[] = [];

export function startFiles(files: readonly File[], variants: readonly Variant[]): void {
  for (const file of files) void run(add(file.name || 'pasted image', file, null), variants);
}

export function startUrl(url: string, variants: readonly Variant[]): void {
  void run(add(url, null, { url }), variants);
}

/** The same picture once more, without sending it again. */
export function startAgain(job: Job, variants: readonly Variant[]): void {
  void run(add(job.name, job.file, job.source), variants);
}

/** Ends an upload, cancels an open task, and takes the picture from the list. */
export async function removeJob(job: Job): Promise<void> {
  job.stopped.abort();
  jobs.value = jobs.value.filter((each) => each !== job);
  const phase = job.phase.peek();
  if (phase.is !== 'task') return;
  try {
    await client().task(phase.id).cancel();
  } catch (error) {
    if (!(error instanceof ProblemError && ['already-ended', 'task-not-found'].includes(error.code)))
      throw error;
  }
}

function add(name: string, file: File | null, source: Source | null): Job {
  const phase = signal<Phase>({ is: 'waiting' });
  const job: Job = { id: ++made, name, file, source, phase, stopped: new AbortController() };
  jobs.value = [job, ...jobs.value];
  return job;
}

async function run(job: Job, variants: readonly Variant[]): Promise<void> {
  try {
    job.source ??= await upload(job);
    job.phase.value = { is: 'submitting' };
    const input = { source: job.source, variants: [...variants] };
    const { id } = await client().imageResize(input, { signal: job.stopped.signal });
    job.phase.value = { is: 'task', id };
  } catch (error) {
    if (!job.stopped.signal.aborted) job.phase.value = { is: 'failed', error };
  }
}

async function upload({ file, phase, stopped: { signal } }: Job): Promise<Source> {
  if (!file) throw new Error('There is no file.');
  if (file.size > MOST_BYTES) throw new Error('Images may have 50 MiB at most. Make it smaller first.');
  if (file.size === 0) throw new Error('The file is empty.');
  await turn();
  try {
    signal.throwIfAborted();
    phase.value = { is: 'uploading', sent: 0, total: file.size };
    const onProgress = (sent: number): void => {
      phase.value = { is: 'uploading', sent, total: file.size };
    };
    const { id } = await withKey(() => client().upload(file, { onProgress, signal }));
    return { file: id };
  } finally {
    uploading -= 1;
    queue.shift()?.();
  }
}

/** Resolves when fewer than two uploads are under way. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const begin = (): void => {
      uploading += 1;
      resolve();
    };
    if (uploading < UPLOADS_AT_ONCE) begin();
    else queue.push(begin);
  });
}

/** Uploads go by XMLHttpRequest, past the fetch that asks for a key. */
async function withKey(send: () => Promise<Schemas['Upload']>): Promise<Schemas['Upload']> {
  for (;;) {
    const used = apiKey.peek();
    try {
      return await send();
    } catch (error) {
      const refused = error instanceof ProblemError && error.status === 401;
      if (!refused || (await askForKey(used)) === null) throw error;
    }
  }
}
