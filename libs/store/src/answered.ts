import { StoreUnavailable } from './store-unavailable.js';

/** Milliseconds after which no answer means that none will come. */
const ANSWER_MS = 6_000;

/**
 * The outcome of a call to the database, or StoreUnavailable when there is none in time. The driver has no limit of
 * its own that always holds: a socket that dies under a write is waited on for its `drain` for ever (mongodb 7.8.0,
 * Connection.writeCommand; timeoutMS has no effect there), and whoever waits behind that call, too. The call may
 * still be carried out: callers read back, or do again what is harmless the second time.
 */
export async function answered<T>(call: Promise<T>, limitMs = ANSWER_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new StoreUnavailable(`The database gave no answer in ${limitMs} ms.`)),
      limitMs,
    );
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
