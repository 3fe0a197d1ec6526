import type { Log } from './logger.js';

export interface Lifecycle {
  /** Registers a step of the stop; steps run one after another, the last registered first. */
  onStop(name: string, step: () => Promise<void> | void): void;
  /** Aborts when the stop begins. */
  readonly stopping: AbortSignal;
  /** Runs the stop (once), resolves when all steps are through, and ends the process with this code (0). */
  stop(reason: string, code?: number): Promise<void>;
}

export interface LifecycleOptions {
  log: Log;
  /** Milliseconds that the whole stop may take before the process ends anyway with code 1. */
  graceMs: number;
  /** Ends the process; given in tests. */
  exit?: (code: number) => void;
}

/**
 * Ordered stop of a process: what came up last goes down first (consumers before the channel, the channel
 * before the connection, the connection before the database). The first SIGTERM or SIGINT stops in order and
 * ends with code 0; a second one ends at once with code 1. An error nobody caught stops with code 1.
 */
export function createLifecycle({
  log,
  graceMs,
  exit = (code) => process.exit(code),
}: LifecycleOptions): Lifecycle {
  const steps: { name: string; step: () => Promise<void> | void }[] = [];
  const stopping = new AbortController();
  let stopped: Promise<void> | undefined;

  const run = async (): Promise<number> => {
    let code = 0;
    for (const { name, step } of steps.toReversed()) {
      try {
        await step();
      } catch (error) {
        code = 1;
        log.error('a step of the stop failed', { step: name, error });
      }
    }
    return code;
  };

  const stopWith = (reason: string, code: number): Promise<void> => {
    if (!stopped) {
      log.info('stopping', { reason });
      stopping.abort(new Error(reason));
      const late = setTimeout(() => {
        log.error('the stop took too long', { graceMs });
        exit(1);
      }, graceMs);
      stopped = run().then((failed) => {
        clearTimeout(late);
        log.info('stopped');
        exit(Math.max(code, failed));
      });
    }
    return stopped;
  };

  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopped) {
      log.warn('second signal: ending at once', { signal });
      exit(1);
    } else void stopWith(signal, 0);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => {
      log.error(event, { error });
      void stopWith(event, 1);
    });

  return {
    onStop: (name, step) => void steps.push({ name, step }),
    stopping: stopping.signal,
    stop: (reason, code = 0) => stopWith(reason, code),
  };
}
