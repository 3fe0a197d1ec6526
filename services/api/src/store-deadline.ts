import { storeUnavailable } from './problem-of-error.js';

/** Milliseconds. A database that is well answers in a few; one that is gone for good is noticed by the driver. */
const STORE_MS = 5_000;

/**
 * The outcome of a call to the store, or a Problem `store-unavailable` when there is none in time: on a link that
 * swallows everything the driver would wait for half a minute. The call itself goes on.
 */
export async function inTime<T>(call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(storeUnavailable(new Error('no answer in time'))), STORE_MS);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
