// @ts-check
// Ctrl-C and SIGTERM: the first asks for an orderly end, a second one ends at once.

/** npm sends the terminal's Ctrl-C on to us, which the terminal has sent us already: within this time (ms) they are one. */
const SAME = 700;

/**
 * @typedef {object} StopSignals
 * @property {AbortSignal} stop  aborted by the first signal
 * @property {AbortSignal} kill  aborted by the second
 * @property {() => void} release  gives the signals back their usual meaning
 */

/**
 * @param {NodeJS.EventEmitter} [source] where signals come from; the process, except in tests
 * @returns {StopSignals}
 */
export function stopSignals(source = process) {
  const stop = new AbortController();
  const kill = new AbortController();
  let firstAt = 0;
  /** @param {string} name */
  const onSignal = (name) => {
    if (!stop.signal.aborted) {
      firstAt = performance.now();
      stop.abort(new Stopped(name));
    } else if (performance.now() - firstAt > SAME) {
      kill.abort(new Stopped(name));
    }
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const name of names) source.on(name, onSignal);
  return {
    stop: stop.signal,
    kill: kill.signal,
    release: () => names.forEach((name) => source.off(name, onSignal)),
  };
}

/** The reason of the abort: a person's wish, not a failure. */
export class Stopped extends Error {
  /** @param {string} signal */
  constructor(signal) {
    super(`stopped by ${signal}`);
    this.name = 'Stopped';
  }
}
