import { Worker } from 'node:worker_threads';

/**
 * The thread's whole program; plain text, so that it runs from a build and from tests alike. It reads a counter
 * that the main thread raises, and ends the process (SIGKILL: a stuck event loop runs no handler) when it stands
 * still. Time in which the thread itself was not run (the process was frozen) is not held against the main thread.
 */
const program = `
const { workerData } = require('node:worker_threads');
const beats = new Int32Array(workerData.beats);
const period = 500;
let last = Atomics.load(beats, 0), still = 0, before = performance.now();
setInterval(() => {
  const now = performance.now(), elapsed = now - before, beat = Atomics.load(beats, 0);
  before = now;
  if (beat !== last || elapsed > 3 * period) { last = beat; still = 0; return; }
  still += elapsed;
  if (still < workerData.limitMs) return;
  require('node:fs').writeSync(2, workerData.message + '\\n');
  process.kill(process.pid, 'SIGKILL');
}, period);
`;

/**
 * Ends this process when its event loop has not turned for `limitMs` milliseconds (design section 5, rule 10): a
 * handler that never yields would otherwise hold its lease's neighbours, and no timer of ours could fire.
 */
export function startWatchdog(options: { limitMs: number }): { stop(): Promise<void> } {
  const beats = new SharedArrayBuffer(4);
  const counter = new Int32Array(beats);
  const message = `watchdog: the event loop stood still for ${options.limitMs} ms; ending the process`;
  const thread = new Worker(program, {
    eval: true,
    // The program is CommonJS, however this process itself was started.
    execArgv: [],
    workerData: { beats, limitMs: options.limitMs, message },
  });
  thread.unref();
  const timer = setInterval(() => Atomics.add(counter, 0, 1), 250);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await thread.terminate();
    },
  };
}
