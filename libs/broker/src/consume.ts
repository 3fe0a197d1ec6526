import { randomUUID } from 'node:crypto';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Log } from '@offload/runtime/logger';
import { AckWindow } from './ack-window.js';
import type { BrokerConnection } from './connect.js';
import { isGone, type KeptChannel } from './kept-channel.js';
import type { ReceivedMessage } from './message.js';
import { within } from './timing.js';

/** One message in hand. It is the broker's again as soon as its channel is lost. */
export interface Delivery {
  readonly message: ReceivedMessage;
  /** It was delivered before, perhaps to someone who is still working on it. */
  readonly redelivered: boolean;
  /** Which of the consumer's channels brought it: 1, 2, … */
  readonly generation: number;
  /** False: it cannot be acked any more and will be delivered again. */
  readonly channelOpen: boolean;
  /**
   * Acks on the channel that delivered it, once, at the end of this turn of the event loop. False when that channel is
   * lost or it was acked before: nothing is sent then. The broker does not reply: only the consumer's `close()` makes
   * sure that acks have arrived.
   */
  ack(): boolean;
}

export interface ConsumeOptions {
  queue: string;
  /** Unacked messages at once, 1 to 65,535. */
  prefetch: number;
  /** Must not throw (it costs the channel). Work is begun here, not awaited. */
  onDelivery: (delivery: Delivery) => void;
  log: Log;
  /** Run before consuming, on every new channel: declares what a deleted queue needs. See declareTopology. */
  declare?: (channel: Channel) => Promise<void>;
  /** Begin paused: `resume()` starts it. */
  paused?: boolean;
}

export interface Consumer {
  readonly queue: string;
  /** The broker has said that it delivers to us. */
  readonly consuming: boolean;
  /** For how many milliseconds it has not been consuming although it should; undefined while all is well. */
  readonly lostSinceMs: number | undefined;
  /** Called after `consuming` changed. Returns how to stop. */
  onChange(listener: () => void): () => void;
  /** No new deliveries once it resolves; those in hand can be acked. `resume()` goes on. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /**
   * Gives what is in hand unacked back to the broker, by a new channel: an ack of it then does nothing. Held for
   * longer than consumer_timeout, it would cost the channel anyway.
   */
  giveBack(): void;
  /** As pause, for good. Then wait for the handlers, then close(). */
  stop(): Promise<void>;
  /** Closes the channel, by a round trip: acks have arrived. What is unacked is delivered to someone else. */
  close(): Promise<void>;
}

/** Consumes a queue for ever: on a new channel after every loss, also after the broker cancelled the consumer. */
export const consume = (connection: BrokerConnection, options: ConsumeOptions): Consumer =>
  new QueueConsumer(connection, options);

/** Milliseconds; a link that swallows bytes must not hold up a stop. */
const CANCEL_TIMEOUT_MS = 5_000;

type Wanted = 'consuming' | 'paused' | 'stopped';

interface Source {
  channel: Channel;
  generation: number;
  acks: AckWindow;
}

class QueueConsumer implements Consumer {
  readonly queue: string;
  readonly #options: ConsumeOptions;
  readonly #name: string;
  readonly #kept: KeptChannel;
  readonly #listeners = new Set<() => void>();
  #wanted: Wanted;
  #lostAt = performance.now();
  /** What setup ran on last; the channel may be gone. */
  #source: Source | undefined;
  #subscription: { channel: Channel; tag: string } | undefined;
  /** Subscribing and cancelling take turns: each looks at what is wanted when its turn comes. */
  #turn: Promise<void> = Promise.resolve();

  constructor(connection: BrokerConnection, options: ConsumeOptions) {
    this.queue = options.queue;
    this.#options = options;
    this.#name = connection.name;
    this.#wanted = options.paused ? 'paused' : 'consuming';
    this.#kept = connection.openChannel(`consumer of ${options.queue}`, (channel) => this.#setUp(channel));
    this.#kept.onChange(() => {
      if (!this.#kept.current) this.#unsubscribed();
    });
  }

  get consuming(): boolean {
    return this.#subscription !== undefined;
  }

  get lostSinceMs(): number | undefined {
    if (this.#subscription || this.#wanted !== 'consuming') return undefined;
    return Math.round(performance.now() - this.#lostAt);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  pause(): Promise<void> {
    return this.#want('paused');
  }

  resume(): Promise<void> {
    if (this.#wanted === 'paused') this.#lostAt = performance.now();
    return this.#want('consuming');
  }

  giveBack(): void {
    this.#source?.acks.flush();
    this.#kept.renew();
  }

  stop(): Promise<void> {
    return this.#want('stopped');
  }

  async close(): Promise<void> {
    this.#wanted = 'stopped';
    this.#source?.acks.flush();
    await this.#kept.close();
    this.#unsubscribed();
  }

  async #want(wanted: Wanted): Promise<void> {
    if (this.#wanted === 'stopped') return this.#turn;
    this.#wanted = wanted;
    try {
      await this.#inTurn(() => this.#settle());
    } catch (error) {
      // A lost channel has no subscription, and its successor is set up as wanted. Any other failure must not
      // leave a consumer that does not do what was asked: a new channel is set up as wanted, too.
      this.#kept.replace((error as Error).message);
    }
  }

  async #setUp(channel: Channel): Promise<void> {
    const generation = (this.#source?.generation ?? 0) + 1;
    this.#source = { channel, generation, acks: acksOn(this.#kept, channel) };
    await this.#options.declare?.(channel);
    await channel.prefetch(this.#options.prefetch);
    await this.#inTurn(() => this.#settle());
  }

  /** Makes the broker do what is wanted now. */
  async #settle(): Promise<void> {
    const source = this.#source;
    if (!source || !this.#kept.isOpen(source.channel)) return;
    if (this.#wanted === 'consuming') await this.#subscribe(source);
    else await this.#cancel();
  }

  async #subscribe(source: Source): Promise<void> {
    const { channel } = source;
    if (this.#subscription?.channel === channel) return;
    // The tag is shown with the queue's consumers in the management UI.
    const consumerTag = `${this.#name}.${randomUUID().slice(0, 8)}`;
    await channel.consume(this.queue, (message) => this.#received(source, message), {
      consumerTag,
    });
    this.#subscription = { channel, tag: consumerTag };
    this.#changed();
  }

  async #cancel(): Promise<void> {
    const subscription = this.#subscription;
    if (!subscription) return;
    await within(CANCEL_TIMEOUT_MS, subscription.channel.cancel(subscription.tag), 'cancelling');
    this.#unsubscribed();
  }

  #received(source: Source, message: ConsumeMessage | null): void {
    if (message) {
      // It arrived on a channel that was given up: someone else gets it.
      if (!this.#kept.isOpen(source.channel)) return;
      this.#options.onDelivery(new ChannelDelivery(this.#kept, source, message));
      return;
    }
    // The broker cancelled us: the queue was deleted or moved. It says so this once.
    this.#unsubscribed();
    if (this.#wanted === 'consuming')
      this.#kept.replace(`the broker cancelled the consumer of ${this.queue}`);
  }

  #unsubscribed(): void {
    if (!this.#subscription) return;
    this.#subscription = undefined;
    this.#lostAt = performance.now();
    this.#changed();
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const run = this.#turn.then(work);
    // The caller hears of the failure; the next in line has its own.
    this.#turn = run.catch(() => {});
    return run;
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Delivery tags count per channel: the same tag on another channel is another message. Hence no way to pass one. */
class ChannelDelivery implements Delivery {
  readonly message: ConsumeMessage;
  readonly generation: number;
  readonly #kept: KeptChannel;
  readonly #from: Source;

  constructor(kept: KeptChannel, from: Source, message: ConsumeMessage) {
    this.#kept = kept;
    this.#from = from;
    this.generation = from.generation;
    this.message = message;
  }

  get redelivered(): boolean {
    return this.message.fields.redelivered;
  }

  get channelOpen(): boolean {
    return this.#kept.isOpen(this.#from.channel);
  }

  ack(): boolean {
    return this.channelOpen && this.#from.acks.ack(this.message.fields.deliveryTag);
  }
}

/** The acks of a channel, sent only while it is open. */
const acksOn = (kept: KeptChannel, channel: Channel): AckWindow =>
  new AckWindow((deliveryTag, multiple) => {
    if (!kept.isOpen(channel)) return;
    try {
      channel.ack({ fields: { deliveryTag } } as ConsumeMessage, multiple);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  });
