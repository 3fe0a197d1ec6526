import type { Request, Response } from 'express';
import { authOf } from './authenticate.js';
import { Problem } from './problem.js';
import { networkOf } from './rate-limits.js';

export interface StreamLimits {
  /** Open event streams of this process. */
  total: number;
  /** Of one key, or of one address that needs none. */
  perKey: number;
}

/** Counts the open event streams. */
export interface StreamSlots {
  /** Takes one until the answer is over. Throws the Problems `too-many-streams` and `overloaded`. */
  take(request: Request, response: Response): void;
  readonly open: number;
}

/** Seconds; streams are opened for long. */
const RETRY_AFTER = '30';

export function createStreamSlots({ total, perKey }: StreamLimits): StreamSlots {
  const openOf = new Map<string, number>();
  let open = 0;
  return {
    get open() {
      return open;
    },
    take(request, response) {
      const holder = authOf(request).key ?? networkOf(request.ip);
      const held = openOf.get(holder) ?? 0;
      const headers = { 'Retry-After': RETRY_AFTER };
      if (held >= perKey)
        throw new Problem(
          'too-many-streams',
          `At most ${perKey} event streams of one key are open at a time; /v1/events tells of all tasks in one.`,
          { headers },
        );
      if (open >= total)
        throw new Problem('overloaded', 'This server has as many event streams open as it takes.', {
          headers,
        });
      open += 1;
      openOf.set(holder, held + 1);
      response.once('close', () => {
        open -= 1;
        const left = (openOf.get(holder) ?? 1) - 1;
        if (left === 0) openOf.delete(holder);
        else openOf.set(holder, left);
      });
    },
  };
}
