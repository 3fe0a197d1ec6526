import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { RequestHandler } from 'express';
import type { Log } from '@offload/runtime/logger';
import { roleNeeded } from './access.js';
import { Problem } from './problem.js';
import { ageOfStoreCall, storeCallsUnderWay } from './store-deadline.js';

export interface ShedLimits {
  /** Mean delay of the event loop, milliseconds; 0: whatever it is. */
  loopMs: number;
  /** So long ten calls to the store may be under way, milliseconds; 0: as long as they like. */
  storeMs: number;
  /** Milliseconds between two looks; given in tests. */
  sampleMs?: number;
}

/** 0: all requests are served; 1: those that can wait are not; 2: none but health, documents and pages. */
export type OverloadLevel = 0 | 1 | 2;

export interface Overload {
  readonly level: OverloadLevel;
  /** Counts a request that was refused. */
  refused(): void;
  stop(): void;
}

/** As @fastify/under-pressure has it. */
const SAMPLE_MS = 500;
const RESOLUTION_MS = 10;
/** One slow query is no overload: so many calls have to be late. */
const LATE_CALLS = 10;
/** Levels begin at so much of a limit ... */
const BEGINS = { 1: 1, 2: 2.5 } as const;
/** ... and end when less than so much was seen so many times in a row, lest they flap. */
const ENDS = { 1: 0.5, 2: 2 } as const;
const CALM_SAMPLES = 4;

/**
 * Sees when this process cannot keep up: its event loop is late, or its calls to the store do not come back. While it
 * sheds, hardly a call is made, so the store is asked by pings of its own when it is well again.
 * @param options.ping asks the database for a sign of life
 */
export function createOverload(options: {
  limits: ShedLimits;
  ping: () => Promise<unknown>;
  log: Pick<Log, 'info' | 'warn'>;
}): Overload {
  const { limits, log } = options;
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const ping = createPing(options.ping);
  let level: OverloadLevel = 0;
  let calm = 0;
  let refused = 0;
  let since = 0;

  const sample = (): void => {
    const loopMs = Math.max(0, delay.mean / 1e6 - RESOLUTION_MS) || 0;
    delay.reset();
    const storeMs = Math.max(ageOfStoreCall(LATE_CALLS), level > 0 ? ping.look() : 0);
    const share = Math.max(shareOf(loopMs, limits.loopMs), shareOf(storeMs, limits.storeMs));
    const seen = { loopMs: Math.round(loopMs), storeMs: Math.round(storeMs), calls: storeCallsUnderWay() };
    const wanted: OverloadLevel = share >= BEGINS[2] ? 2 : share >= BEGINS[1] ? 1 : 0;
    if (wanted > level) rise(wanted, seen);
    else if (level > 0 && share < ENDS[level as 1 | 2]) fall();
    else calm = 0;
  };

  function rise(to: OverloadLevel, seen: object): void {
    if (level === 0) {
      log.warn('overloaded: requests are answered 503', { ...seen, limits });
      [since, refused] = [performance.now(), 0];
    }
    [level, calm] = [to, 0];
  }

  function fall(): void {
    calm += 1;
    if (calm < CALM_SAMPLES) return;
    level = (level - 1) as OverloadLevel;
    calm = 0;
    if (level === 0)
      log.info('no longer overloaded', { refused, lastedMs: Math.round(performance.now() - since) });
  }

  const timer = setInterval(sample, limits.sampleMs ?? SAMPLE_MS);
  timer.unref();
  return {
    get level() {
      return level;
    },
    refused: () => void (refused += 1),
    stop() {
      clearInterval(timer);
      delay.disable();
    },
  };
}

const shareOf = (seen: number, limit: number): number => (limit === 0 ? 0 : seen / limit);

/** One ping at a time: how long the last one took, or has been under way. */
function createPing(send: () => Promise<unknown>): { look: () => number } {
  let began: number | undefined;
  let tookMs = 0;
  return {
    look() {
      const now = performance.now();
      if (began !== undefined) return Math.max(tookMs, now - began);
      began = now;
      const done = (): void => {
        tookMs = performance.now() - now;
        began = undefined;
      };
      // A database that is gone is another matter: requests are answered 503 for that.
      send().then(done, done);
      return tookMs;
    },
  };
}

const CANCEL = /\/cancel$/;

/**
 * For `/v1`, before anything is asked of the store. Cancelling and what operators do may be what helps, so it is refused
 * last. Throws the Problem `overloaded`.
 */
export const shed =
  (overload: Overload): RequestHandler =>
  ({ method, baseUrl, path }, _response, next) => {
    const { level } = overload;
    if (level === 0) return next();
    const role = roleNeeded(method, baseUrl + path);
    const last = role === 'operate' || role === 'admin' || CANCEL.test(path);
    if (level === 1 && last) return next();
    overload.refused();
    throw new Problem('overloaded', 'Try again in some seconds; nothing was done.', {
      headers: { 'Retry-After': retryAfter() },
    });
  };

/** Not all at the same time. */
const retryAfter = (): string => String(2 + Math.floor(Math.random() * 5));
