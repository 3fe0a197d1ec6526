import { ProblemError } from '@offload/client';
import { say } from '../ui/toast.js';
import type { Draft } from './draft.js';

/**
 * Sends what a draft holds. What the API finds wrong in it is shown at its fields; resolves with undefined then, and
 * also when a field cannot be read yet. Rejects with any other error.
 * @param fields of problems that say nothing of a field: the pointer of the one that they are about, by code
 */
export async function sendDraft<T>(
  draft: Draft,
  send: () => Promise<T>,
  fields: Readonly<Record<string, string>> = {},
): Promise<T | undefined> {
  if (!draft.isReadable.value) {
    say('A field has no valid JSON yet: correct it, then send it again.', { kind: 'error' });
    return undefined;
  }
  draft.refuse([]);
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const about = fields[error.code];
    if (about === undefined && error.errors.length === 0) throw error;
    draft.refuse(about === undefined ? error.errors : [{ pointer: about, detail: error.message }]);
    return undefined;
  }
}
