/**
 * A connection that is lost for so long (milliseconds) is opened anew. The driver finds a server again by itself within
 * a second or two, unless its monitor looked at the very moment when its socket had died: it then waits for that
 * socket's `drain` for ever, and never looks again (mongodb 7.8.0, Connection.writeCommand; docs/decisions/0032). After
 * a crash of the database that was one process in ten, and only a new client helped. `answered` is of no help there:
 * the call is the driver's own.
 */
export const LOST_MS = 5_000;
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
