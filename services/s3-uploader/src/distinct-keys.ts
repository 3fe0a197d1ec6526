import { TaskError } from '@offload/contracts/errors';

/** Several files at one key would replace each other. Throws TaskError `same-key` (permanent) unless they are alike. */
export function distinctKeys(files: readonly { name: string; key: string; sha256: string }[]): void {
  const seen = new Map<string, (typeof files)[number]>();
  for (const file of files) {
    const other = seen.get(file.key);
    if (other && other.sha256 !== file.sha256)
      throw new TaskError(
        'same-key',
        `${other.name} and ${file.name} would both become ${file.key}; put {name} into the key.`,
        { retry: 'no' },
      );
    seen.set(file.key, file);
  }
}
