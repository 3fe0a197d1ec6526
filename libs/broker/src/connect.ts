import { connect, type Channel, type ChannelModel, type RecoveringChannelModel } from 'amqplib';
import type { Log } from '@offload/runtime/logger';
import { within } from './timing.js';
import { brokerUrl, explainConnectFailure, type BrokerUrl } from './broker-url.js';
import { KeptChannel, type ChannelSetup } from './kept-channel.js';
import { Repeats } from './repeats.js';

export interface ConnectOptions {
  /** `amqp://user:password@host:5672/vhost`, or amqps. */
  url: string;
  /** Shown as the connection's name in the management UI; say which process it is and what for. */
  name: string;
  log: Log;
  /** Seconds; a dead link is noticed after two to three of them. Default 10. */
  heartbeatSeconds?: number;
}

/** A connection to the broker that comes back by itself, for ever. */
export interface BrokerConnection {
  readonly name: string;
  readonly connected: boolean;
  /** The broker is out of memory or disk: what is published now waits unconfirmed. Do not publish. */
  readonly blocked: boolean;
  /** The broker's version, e.g. `4.0.5`, from the last time it was connected. */
  readonly brokerVersion: string | undefined;
  /** Called after `connected` or `blocked` changed. Returns how to stop. */
  onChange(listener: () => void): () => void;
  /** Resolves once connected, or when the signal aborts; rejects with {@link BrokerClosed}. */
  untilConnected(signal?: AbortSignal): Promise<void>;
  /**
   * A channel that is opened again, and set up again, after every channel error, close and loss of the connection.
   * `name` is for the log. Returns at once; the channel opens when the broker can be reached.
   */
  openChannel(name: string, setup: ChannelSetup, kind?: 'plain' | 'confirm'): KeptChannel;
  /**
   * Runs the work on a channel of its own and closes it. Rejects with {@link NotConnected}, or with what the work
   * or the broker threw (a missing queue is a 404 that closes the channel: that is why it has its own).
   */
  withChannel<T>(work: (channel: Channel) => Promise<T>): Promise<T>;
  /** Closes the channels (a round trip each, so acks have arrived), then the connection. Never rejects. */
  close(): Promise<void>;
}

/** There is no connection to the broker at this moment. */
export class NotConnected extends Error {
  readonly code = 'broker-not-connected';
}

/** `close()` was called: this connection does not come back. */
export class BrokerClosed extends Error {
  readonly code = 'broker-closed';
}

/** So that a broker that comes back is in use again in less than 5 s. */
const RECOVERY = { initialDelay: 100, maxDelay: 2_000, factor: 2, jitter: 0.5, waitForConnect: false };
/** Milliseconds for TCP connect and AMQP handshake together, so that a link that swallows bytes is tried again. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Milliseconds that a polite close, channels included, may take before the socket is cut. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Connects to RabbitMQ and stays connected. Resolves at once, whether or not the broker is up: look at
 * `connected`. Throws an Error for a URL that is not one.
 *
 * A process that consumes and publishes needs two of these: RabbitMQ stops reading from a connection that
 * publishes while memory or disk is short, and acks on it would wait, too (RabbitMQ guide "Memory alarms").
 */
export async function connectBroker(options: ConnectOptions): Promise<BrokerConnection> {
  const url = brokerUrl(options.url, options.heartbeatSeconds ?? 10);
  const model = await connect(url.href, {
    clientProperties: { connection_name: options.name },
    noDelay: true,
    keepAlive: true,
    timeout: CONNECT_TIMEOUT_MS,
    recovery: RECOVERY,
  });
  return new Connection(options.name, url, model, options.log);
}

class Connection implements BrokerConnection {
  readonly name: string;
  blocked = false;
  brokerVersion: string | undefined;
  readonly #url: BrokerUrl;
  readonly #recovering: RecoveringChannelModel;
  readonly #log: Log;
  readonly #listeners = new Set<() => void>();
  readonly #channels = new Set<KeptChannel>();
  readonly #closing = new AbortController();
  #model: ChannelModel | undefined;
  #closed: Promise<void> | undefined;

  constructor(name: string, url: BrokerUrl, recovering: RecoveringChannelModel, log: Log) {
    this.name = name;
    this.#url = url;
    this.#recovering = recovering;
    this.#log = log;
    this.#watch();
  }

  get connected(): boolean {
    return this.#model !== undefined;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async untilConnected(signal?: AbortSignal): Promise<void> {
    if (this.connected || signal?.aborted) return;
    if (this.#closing.signal.aborted) throw this.#closedError();
    await new Promise<void>((resolve, reject) => {
      const settle = () => {
        const closed = this.#closing.signal.aborted;
        if (!this.connected && !closed && !signal?.aborted) return;
        stop();
        signal?.removeEventListener('abort', settle);
        if (closed) reject(this.#closedError());
        else resolve();
      };
      const stop = this.onChange(settle);
      signal?.addEventListener('abort', settle);
    });
  }

  openChannel(name: string, setup: ChannelSetup, kind: 'plain' | 'confirm' = 'plain'): KeptChannel {
    if (this.#closing.signal.aborted) throw this.#closedError();
    const channel: KeptChannel = new KeptChannel({
      name,
      setup,
      log: this.#log,
      open: () => this.#open(kind),
      untilConnected: (signal) => this.untilConnected(signal),
      onClosed: () => this.#channels.delete(channel),
    });
    this.#channels.add(channel);
    return channel;
  }

  async withChannel<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
    const channel = await this.#open('plain');
    // Why it closed is what the pending call of `work` rejects with.
    channel.on('error', () => {});
    const closed = new Promise<void>((resolve) => channel.once('close', resolve));
    try {
      return await work(channel);
    } finally {
      // close() rejects at once when the channel is closed already, and never settles when the connection is lost.
      await Promise.race([closed, channel.close().catch(() => {})]);
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    const model = this.#model;
    const deadline = performance.now() + CLOSE_TIMEOUT_MS;
    await Promise.all([...this.#channels].map((channel) => channel.close()));
    // amqplib settles its close() only by the broker's Close-Ok, which a dead link never brings.
    const ended = model && new Promise<void>((resolve) => model.once('close', () => resolve()));
    const polite = this.#recovering.close();
    const leftMs = Math.max(100, deadline - performance.now());
    await within(leftMs, Promise.race([polite, ended ?? polite]), 'closing').catch((error: Error) => {
      this.#log.warn('the broker connection did not close in order', { reason: error.message });
      if (model) cutSocket(model);
    });
    this.#model = undefined;
    this.#changed();
  }

  async #open(kind: 'plain' | 'confirm'): Promise<Channel> {
    if (!this.#model) throw new NotConnected(`${this.name} is not connected to ${this.#url.shown}`);
    return kind === 'confirm' ? this.#model.createConfirmChannel() : this.#model.createChannel();
  }

  #watch(): void {
    const failures = new Repeats();
    let lostAt = performance.now();
    const recovering = this.#recovering;
    recovering.on('connect', (model) => {
      // Opened and closed by one and the same packet: its `close` came before anyone could listen.
      if (internals(model).expectSocketClose)
        return void model.emit('close', new Error('closed while opening'));
      this.#model = model;
      this.brokerVersion = model.connection.serverProperties.version;
      model.once('close', () => endSocketSoon(model));
      failures.reset();
      const afterMs = Math.round(performance.now() - lostAt);
      this.#log.info('connected to the broker', {
        broker: this.#url.shown,
        version: this.brokerVersion,
        afterMs,
      });
      this.#changed();
    });
    recovering.on('disconnect', (error) => {
      lostAt = performance.now();
      this.#model = undefined;
      this.blocked = false;
      this.#log.warn('lost the connection to the broker; connecting again', { reason: error.message });
      this.#changed();
    });
    recovering.on('connect-failed', (error) => {
      const why = explainConnectFailure(error, this.#url);
      if (failures.isNews(why)) this.#log.error(`${why} Trying again.`, { broker: this.#url.shown });
    });
    recovering.on('blocked', (reason) => {
      this.blocked = true;
      this.#log.warn('the broker takes no messages until it has room again', { reason });
      this.#changed();
    });
    recovering.on('unblocked', () => {
      this.blocked = false;
      this.#log.info('the broker takes messages again');
      this.#changed();
    });
    // `disconnect` carries the same error; without a listener, an error event would end the process.
    recovering.on('error', () => {});
    // A listener of ours that throws is a bug; it must not take the connection along.
    recovering.on('handler-error', (error: Error, event: string) =>
      this.#log.error('a listener of the broker connection failed', { event, error }),
    );
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #closedError(): BrokerClosed {
    return new BrokerClosed(`${this.name} was closed`);
  }
}

/** What amqplib's types hide: without the socket, a link that swallows everything could hold the process for minutes. */
const internals = (model: ChannelModel) =>
  model.connection as { stream?: { destroy(error?: Error): void }; expectSocketClose?: boolean };

/** With an error, so that amqplib hears of it and closes its channels. */
const cutSocket = (model: ChannelModel): void =>
  internals(model).stream?.destroy(new Error('closed without an answer'));

/** amqplib only half-closes a socket after a heartbeat timeout; a dead peer never closes its half. */
function endSocketSoon(model: ChannelModel): void {
  setTimeout(() => internals(model).stream?.destroy(), 1_000).unref();
}
