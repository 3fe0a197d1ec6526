import { StreamUnusable, WaitTimeout } from './errors.js';
import { Patience } from './patience.js';
import { readEvents, type SentEvent } from './read-events.js';
import type { Transport } from './transport.js';

export interface WaitOptions {
  /** Rejects with WaitTimeout after so many milliseconds; no limit by default. What is waited for goes on. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** Seconds that one answer is held for while waiting without a stream. */
const HELD_S = 20;
/** Where a proxy holds streams back, nothing at all comes: after so many milliseconds it is asked otherwise. */
const STREAM_FIRST_MS = 5_000;
const FAILURES = 10;

export interface Waited<T> {
  id: string;
  /** Of the event stream. */
  path: string;
  onEvent: (event: SentEvent) => void;
  isLast: (event: SentEvent) => boolean;
  /** Its present state; with `held` the answer is held for so many seconds, or until it has ended. */
  read: (signal: AbortSignal | undefined, held?: number) => Promise<T>;
  hasEnded: (now: T) => boolean;
}

/** Resolves with what has ended: told by its event stream, or, where none comes through, by long polling. */
export async function waitFor<T>(
  transport: Transport,
  waited: Waited<T>,
  { timeoutMs, signal }: WaitOptions,
): Promise<T> {
  const late = new AbortController();
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => late.abort(new WaitTimeout(waited.id, timeoutMs)), timeoutMs);
  const stop = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
  try {
    await untilLastEvent(transport, waited, stop);
    return await poll(waited, stop);
  } finally {
    clearTimeout(timer);
  }
}

async function untilLastEvent<T>(
  transport: Transport,
  { path, isLast, onEvent }: Waited<T>,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const event of readEvents(transport, path, { signal, isLast, firstMs: STREAM_FIRST_MS }))
      onEvent(event);
  } catch (error) {
    if (!(error instanceof StreamUnusable)) throw error;
  }
}

async function poll<T>({ read, hasEnded }: Waited<T>, signal: AbortSignal): Promise<T> {
  const patience = new Patience(FAILURES);
  for (;;) {
    try {
      const now = await read(signal, HELD_S);
      if (hasEnded(now)) return now;
      patience.reset();
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      await patience.afterFailure(error, signal);
    }
  }
}
