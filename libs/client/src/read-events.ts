import { createParser } from 'eventsource-parser';
import { ApiUnreachable, StreamUnusable } from './errors.js';
import { Patience } from './patience.js';
import type { Transport } from './transport.js';

/** The API sends something every 15 s (docs/streams.md): silence for so many milliseconds is a dead connection. */
const SILENCE_MS = 45_000;
/** Failures in a row before a stream gives up: with the pauses between, about a minute. */
const FAILURES = 10;

export interface SentEvent {
  event: string;
  id: string | null;
  data: unknown;
}

export interface ReadOptions {
  signal?: AbortSignal;
  /** After this event the stream is over. */
  isLast: (event: SentEvent) => boolean;
  /** Milliseconds for the first bytes to come; else the stream is given up as unusable. No limit of its own by default. */
  firstMs?: number;
  /** Called each time that a connection is there, and each time that it is lost and will be made anew. */
  onConnection?: (now: 'open' | 'lost') => void;
}

/**
 * Server-sent events of a path, over as many connections as it takes: each next one resumes with Last-Event-ID.
 * Rejects with ProblemError, StreamUnusable, the signal's reason, or ApiUnreachable when nothing has helped.
 */
export async function* readEvents(
  transport: Transport,
  path: string,
  options: ReadOptions,
): AsyncGenerator<SentEvent, void> {
  const { signal, isLast } = options;
  const patience = new Patience(FAILURES);
  let lastId: string | null = null;
  for (;;) {
    try {
      const events = connect(transport, path, lastId, options);
      for await (const event of events) {
        if (event === 'nothing more') return;
        patience.reset();
        lastId = event.id ?? lastId;
        yield event;
        if (isLast(event)) return;
      }
      // An API process that stops ends its streams.
      throw new ApiUnreachable(transport.url(path), new Error('the stream ended early'));
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      options.onConnection?.('lost');
      await patience.afterFailure(error, signal);
    }
  }
}

/** One connection, until the server or the network ends it. */
async function* connect(
  transport: Transport,
  path: string,
  lastId: string | null,
  { signal, firstMs = SILENCE_MS, onConnection }: ReadOptions,
): AsyncGenerator<SentEvent | 'nothing more', void> {
  const left = new AbortController();
  const request = new Request(transport.url(path), {
    headers: { accept: 'text/event-stream', ...(lastId === null ? {} : { 'last-event-id': lastId }) },
    cache: 'no-store',
    signal: signal ? AbortSignal.any([signal, left.signal]) : left.signal,
  });
  const silence = watchSilence(left, lastId === null ? firstMs : SILENCE_MS);
  try {
    const response = await transport.send(() => request, { once: true, patient: true });
    if (response.status === 204) {
      yield 'nothing more';
      return;
    }
    const type = response.headers.get('content-type') ?? 'nothing';
    if (!type.includes('text/event-stream') || !response.body)
      throw new StreamUnusable(`${request.url} answered ${type} in place of an event stream.`);
    onConnection?.('open');
    yield* parse(request.url, response.body, silence.heard);
  } catch (error) {
    if (silence.tooLong) throw silence.error(request.url);
    throw error;
  } finally {
    silence.stop();
    left.abort();
  }
}

async function* parse(
  url: string,
  body: ReadableStream<Uint8Array>,
  heard: () => void,
): AsyncGenerator<SentEvent, void> {
  const events: SentEvent[] = [];
  const parser = createParser({
    onEvent: ({ event = 'message', id = null, data }) =>
      events.push({ event, id, data: JSON.parse(data) as unknown }),
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new ApiUnreachable(url, cause);
    });
    if (done) return;
    heard();
    parser.feed(decoder.decode(value, { stream: true }));
    yield* events.splice(0);
  }
}

/** Leaves a connection on which nothing comes, not even the comments that show that it lives. */
function watchSilence(left: AbortController, firstMs: number) {
  let first = true;
  let tooLong = false;
  const tell = (): void => {
    tooLong = true;
    left.abort();
  };
  let timer = setTimeout(tell, firstMs);
  return {
    get tooLong() {
      return tooLong;
    },
    heard: (): void => {
      first = false;
      clearTimeout(timer);
      timer = setTimeout(tell, SILENCE_MS);
    },
    stop: (): void => clearTimeout(timer),
    error: (url: string): Error =>
      first
        ? new StreamUnusable(
            `${url}: no event came in ${firstMs} ms. A proxy may be holding the stream back.`,
          )
        : new ApiUnreachable(url, new Error('the stream fell silent')),
  };
}
