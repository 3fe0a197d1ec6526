// @ts-check
// The key for the API, where it needs one: asked for once, and kept until the tab is closed.

import { byId } from './element.js';

const NAME = 'offload-key';

/** The answer that is awaited; requests that are refused at the same time share it.
 * @type {Promise<void> | undefined}
 */
let asking;

/** @returns {Record<string, string>} what a request carries for it */
export function keyHeader() {
  const key = sessionStorage.getItem(NAME);
  return key ? { authorization: `Bearer ${key}` } : {};
}

/**
 * Asks for a key, after a request without one, or with a wrong one, was refused. Resolves once one was given;
 * rejects when the signal aborts.
 *
 * @param {AbortSignal | null | undefined} signal
 * @returns {Promise<void>}
 */
export function askForKey(signal) {
  asking ??= ask().finally(() => (asking = undefined));
  return new Promise((resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    asking?.then(resolve, reject);
  });
}

/** @returns {Promise<void>} */
function ask() {
  const dialog = /** @type {HTMLDialogElement} */ (byId('key-dialog'));
  const field = /** @type {HTMLInputElement} */ (byId('key'));
  const before = sessionStorage.getItem(NAME);
  byId('key-fault').textContent = before ? `The key that ends in ${before.slice(-4)} is not valid.` : '';
  field.value = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      'close',
      () => {
        const key = field.value.trim();
        if (key !== '') sessionStorage.setItem(NAME, key);
        // Closed without one: asked again by the next request.
        resolve();
      },
      { once: true },
    );
  });
}
