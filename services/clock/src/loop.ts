import type { Log } from '@offload/runtime/logger';
import { pause } from '@offload/runtime/pause';
import { answered } from '@offload/store/answered';

/** Milliseconds after which a turn is given up: a call that is never answered must not end the loop. */
const TURN_MS = 120_000;

export interface Loop {
  /** No new turn begins; resolves when the present one is through. */
  stop(): Promise<void>;
}

/**
 * Does something again and again, never two turns at once. A turn that fails is logged (once until one succeeds)
 * and tried again after the same pause.
 * @param turn answers true when there is more to do at once
 */
export function startLoop(options: {
  name: string;
  everyMs: number;
  turn: () => Promise<boolean | void>;
  log: Log;
}): Loop {
  const { name, everyMs, turn, log } = options;
  const stopped = new AbortController();
  let failing = false;

  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      let more: boolean | void = false;
      try {
        more = await answered(turn(), TURN_MS);
        if (failing) log.info('works again', { loop: name });
        failing = false;
      } catch (error) {
        if (!failing) log.warn('did not work; trying on', { loop: name, error });
        failing = true;
      }
      if (more !== true) await pause(everyMs, stopped.signal);
    }
  };
  const running = run();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
