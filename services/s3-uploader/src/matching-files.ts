import { TaskError } from '@offload/contracts/errors';
import type { StoredFile, TaskFiles } from '@offload/worker/handler';
import picomatch from 'picomatch';

/**
 * The files of a task whose names fit a pattern, by name. Throws TaskError, all permanent: `file-not-found` when the
 * task is gone or has no files, `no-file-matches`, `too-many-files`.
 */
export async function matchingFiles(
  files: Pick<TaskFiles, 'list'>,
  task: string,
  pattern: string,
  most: number,
): Promise<StoredFile[]> {
  const fail = (code: string, message: string): TaskError => new TaskError(code, message, { retry: 'no' });
  const all = await files.list(task);
  if (all.length === 0)
    throw fail('file-not-found', `Task ${task} has no files: it made none, or their time is over.`);
  // Extended globs are off: their repetitions within repetitions take a regular expression past all bounds.
  // A shell's [!a] is [^a] to picomatch.
  const fits = picomatch(pattern.replaceAll('[!', '[^'), { noextglob: true, nonegate: true });
  const found = all.filter(({ name }) => fits(name));
  if (found.length === 0) {
    const names = all.slice(0, 10).map(({ name }) => name);
    const more = all.length > names.length ? ` and ${all.length - names.length} more` : '';
    throw fail(
      'no-file-matches',
      `No file of task ${task} fits ${pattern}; it has ${names.join(', ')}${more}.`,
    );
  }
  if (found.length > most)
    throw fail('too-many-files', `${found.length} files fit ${pattern}; one task uploads at most ${most}.`);
  return found;
}
