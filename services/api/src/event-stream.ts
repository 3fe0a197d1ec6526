import type { Request, Response } from 'express';

/** Milliseconds after which a browser connects again; then it sends the last id that it has seen. */
const RECONNECT_MS = 2_000;
/** A listener that has read nothing for so long is cut off, milliseconds. It resumes where it was. */
const STUCK_MS = 60_000;

/** One answer of server-sent events (HTML Living Standard, section 9.2). */
export interface EventStream {
  /** The client has not read what was sent: nothing more is, until `onDrain`. */
  readonly full: boolean;
  readonly closed: boolean;
  send(event: string, id: string | null, data: unknown): void;
  /** A comment, so that proxies and clients see that the connection lives. */
  beat: () => void;
  end: () => void;
}

/**
 * Begins the answer. Proxies are told to pass it on as it comes.
 * @param stuckMs given in tests
 * @param on.close once: the client is gone, or the stream was ended
 */
export function openEventStream(
  request: Request,
  response: Response,
  on: { drain: () => void; close: () => void },
  stuckMs = STUCK_MS,
): EventStream {
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
  });
  let full = false;
  let closed = false;
  let stuck: NodeJS.Timeout | undefined;
  const write = (text: string): void => {
    if (closed || response.write(text) || full) return;
    full = true;
    stuck = setTimeout(() => response.destroy(), stuckMs);
    stuck.unref();
  };
  response.on('drain', () => {
    full = false;
    clearTimeout(stuck);
    on.drain();
  });
  response.once('close', () => {
    closed = true;
    clearTimeout(stuck);
    on.close();
  });
  request.socket.setNoDelay(true);
  write(`retry: ${RECONNECT_MS}\n\n`);
  return {
    get full() {
      return full;
    },
    get closed() {
      return closed;
    },
    // JSON has no line breaks of its own, and an id of ours neither.
    send: (event, id, data) =>
      write(`event: ${event}\n${id === null ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`),
    beat: () => {
      if (!full) write(':\n\n');
    },
    end() {
      // Nothing may be written after it, and 'close' comes later.
      closed = true;
      response.end();
    },
  };
}
