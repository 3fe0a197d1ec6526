import { signal } from '@preact/signals';

const NAME = 'offload-key';

/** Kept until the tab is closed, where only this page's own script can read it. */
export const apiKey = signal<string | null>(sessionStorage.getItem(NAME));

/** While the dialog is open: what it was opened for. */
export const keyQuestion = signal<{ refused: string | null; answer: (key: string | null) => void } | null>(
  null,
);

/** The dialog was closed without a key: it opens again when the person asks for it, not with each request. */
let declined = false;

/** The answer that is awaited; requests that are refused at the same time share it. */
let asking: Promise<string | null> | undefined;

/**
 * Asks for a key after a request with `refused` (null: with none) was answered 401. Null when the dialog was closed
 * without one. A key that was entered meanwhile is taken without a question.
 */
export function askForKey(refused: string | null): Promise<string | null> {
  if (apiKey.value !== null && apiKey.value !== refused) return Promise.resolve(apiKey.value);
  if (declined) return Promise.resolve(null);
  return openKeyDialog(refused);
}

/** Asks for a key whatever was answered before. */
export function openKeyDialog(refused: string | null = null): Promise<string | null> {
  asking ??= new Promise<string | null>((resolve) => {
    keyQuestion.value = { refused, answer: resolve };
  }).then((key) => {
    asking = undefined;
    keyQuestion.value = null;
    declined = key === null;
    if (key !== null) keepKey(key);
    return key;
  });
  return asking;
}

export function keepKey(key: string): void {
  sessionStorage.setItem(NAME, key);
  apiKey.value = key;
}

export function forgetKey(): void {
  sessionStorage.removeItem(NAME);
  apiKey.value = null;
}
