/**
 * A connection that is lost for so long (milliseconds) is opened anew. The driver finds a server again by itself within
 * a second or two; but after a crash of the database one process in ten was seen never to look again (mongodb 7.8.0,
 * test/chaos/database.test.ts), and only a new client helped.
 */
export const LOST_MS = 10_000;
const LOOK_MS = 1_000;

/**
 * Looks each second, and calls `reopen` once the connection has been lost for LOST_MS. Returns how to stop.
 * @param options.reopen resolves once it is open again
 */
export function reviveWhenLost(options: {
  connected: () => boolean;
  reopen: () => Promise<void>;
}): () => void {
  let lostAt: number | undefined;
  let reopening = false;
  const look = setInterval(() => {
    if (reopening) return;
    if (options.connected()) lostAt = undefined;
    else if (performance.now() - (lostAt ??= performance.now()) >= LOST_MS) {
      reopening = true;
      void options.reopen().finally(() => {
        reopening = false;
        lostAt = undefined;
      });
    }
  }, LOOK_MS);
  look.unref();
  return () => clearInterval(look);
}
