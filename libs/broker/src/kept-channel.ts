import { IllegalOperationError, type Channel } from 'amqplib';
import type { Log } from '@offload/runtime/logger';
import { pause } from '@offload/runtime/pause';
import { backoffMs, within } from './timing.js';
import { Repeats } from './repeats.js';

/** Declares, sets prefetch, consumes. Run on every new channel; a failure is retried on another one. */
export type ChannelSetup = (channel: Channel) => Promise<void>;

export interface KeptChannelOptions {
  /** For the log. */
  name: string;
  setup: ChannelSetup;
  log: Log;
  /** Rejects when there is no connection. */
  open: () => Promise<Channel>;
  /** Rejects when the connection was closed for good. */
  untilConnected: (signal: AbortSignal) => Promise<void>;
  onClosed: () => void;
}

const DELAYS = { firstMs: 50, longestMs: 2_000 };
/** A channel that lived so long was a good one: the next failure is the first again. Milliseconds. */
const GOOD_AFTER_MS = 10_000;
/** Milliseconds that the broker may take to answer a close; an unanswered one is cut off with its connection. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * A channel that is replaced whenever it is lost, by one loop at a time.
 *
 * amqplib recovers connections, not channels: a channel error (404, 406, …) leaves the connection alive with no
 * event on it, and when a connection is lost the channel's `close` comes before the connection knows. So every
 * way of losing a channel ends in its `close` event, and that alone starts the loop.
 */
export class KeptChannel {
  readonly name: string;
  readonly #options: KeptChannelOptions;
  readonly #listeners = new Set<() => void>();
  readonly #closing = new AbortController();
  readonly #troubles = new Repeats();
  #current: Channel | undefined;
  /** The newest channel, from its opening to its `close`; `#current` once it is set up. */
  #newest: Channel | undefined;
  #failures = 0;
  #readyAt = 0;
  #loop: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: KeptChannelOptions) {
    this.name = options.name;
    this.#options = options;
    this.#reopen();
  }

  /** Open and set up; undefined while there is none. Never keep it: ask each time. */
  get current(): Channel | undefined {
    return this.#current;
  }

  /** Whether this very channel can still be used, e.g. to ack what it delivered. */
  isOpen(channel: Channel): boolean {
    return channel === this.#newest;
  }

  /** Called after `current` changed. Returns how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Gives the present channel up for a new one, because something is wrong with it. */
  replace(reason: string): void {
    if (!this.#newest) return;
    this.#options.log.warn('channel is replaced', { channel: this.name, reason });
    this.#failures += 1;
    this.renew();
  }

  /** The same of a channel that is well: what it holds unacked is the broker's again. */
  renew(): void {
    const channel = this.#newest;
    if (!channel) return;
    this.#forget(channel);
    // Its `close` starts the loop; where it was closed already, nothing else would.
    channel.close().catch(() => this.#reopen());
  }

  /** Closes for good. All that was sent on the channel has arrived when it resolves, unless it logs a warning. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    const channel = this.#newest;
    if (channel) {
      const closed = new Promise<void>((resolve) => channel.once('close', resolve));
      this.#forget(channel);
      // amqplib settles close() only by Close-Ok, or at once if it is closed; the event also comes with a lost
      // connection.
      const ended = Promise.race([closed, channel.close().catch(() => {})]);
      await within(CLOSE_TIMEOUT_MS, ended, 'closing the channel').catch((error: Error) =>
        this.#options.log.warn('a channel did not close in order; its last acks may be lost', {
          channel: this.name,
          reason: error.message,
        }),
      );
    }
    this.#options.onClosed();
  }

  #reopen(): void {
    if (this.#loop || this.#closing.signal.aborted) return;
    this.#loop = this.#openUntilReady().finally(() => {
      this.#loop = undefined;
      // Lost again between being set up and here.
      if (!this.#newest) this.#reopen();
    });
  }

  async #openUntilReady(): Promise<void> {
    const { signal } = this.#closing;
    if (performance.now() - this.#readyAt > GOOD_AFTER_MS) this.#failures = 0;
    while (!signal.aborted) {
      if (this.#failures > 0) await pause(backoffMs(this.#failures, DELAYS), signal);
      try {
        await this.#options.untilConnected(signal);
        if (signal.aborted) return;
        if (await this.#openOnce()) return;
      } catch (error) {
        if (signal.aborted) return;
        this.#report(error as Error);
      }
      this.#failures += 1;
    }
  }

  /** True when the channel is open and set up. */
  async #openOnce(): Promise<boolean> {
    const channel = await this.#options.open();
    this.#watch(channel);
    try {
      this.#closing.signal.throwIfAborted();
      await this.#options.setup(channel);
    } catch (error) {
      this.#forget(channel);
      channel.close().catch(() => {});
      throw error;
    }
    if (!this.isOpen(channel)) return false;
    this.#current = channel;
    this.#readyAt = performance.now();
    this.#troubles.reset();
    this.#changed();
    return true;
  }

  #watch(channel: Channel): void {
    this.#newest = channel;
    // During setup, the call that failed rejects with the reason.
    channel.on('error', (error: Error) => {
      if (channel === this.#current) this.#report(error);
    });
    // Before amqplib's own listener, which fails the unconfirmed publishes: they must see that it is closed.
    channel.prependListener('close', () => {
      this.#forget(channel);
      // A microtask later, the connection knows whether it was lost.
      queueMicrotask(() => this.#reopen());
    });
    // A listener that throws is a bug of ours. The channel is given up: what it held is delivered again, and the
    // queue's delivery limit ends the loop in tasks.dead. A swallowed delivery would block the prefetch for ever.
    channel.on('handler-error', (error: Error, event: string) => {
      this.#options.log.error('a listener of a channel failed', { channel: this.name, event, error });
      if (this.isOpen(channel)) this.replace('a listener failed');
    });
  }

  #forget(channel: Channel): void {
    if (this.#newest !== channel) return;
    this.#newest = undefined;
    if (!this.#current) return;
    this.#current = undefined;
    this.#changed();
  }

  #report(error: Error): void {
    if (!this.#troubles.isNews(error.message)) return;
    this.#options.log.error('channel failed; opening another', { channel: this.name, reason: error.message });
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** amqplib throws this, before sending anything, when the channel or its connection is closing or closed. */
export const isGone = (error: unknown): boolean => error instanceof IllegalOperationError;
