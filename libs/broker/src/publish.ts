import { randomUUID } from 'node:crypto';
import type { Channel, ConfirmChannel, Message } from 'amqplib';
import type { TaskContract } from '@offload/contracts/define-task';
import type { TaskMessage } from '@offload/contracts/task';
import type { Log } from '@offload/runtime/logger';
import { pause } from '@offload/runtime/pause';
import type { BrokerConnection } from './connect.js';
import { isGone, type KeptChannel } from './kept-channel.js';
import { encodeDead, encodeTask, type EncodedMessage, type ReceivedMessage } from './message.js';
import { declareTopology, EXCHANGES } from './topology.js';

/** confirmed: acked by the broker AND routed. returned: no such queue. refused: the queue is full. */
export type PublishOutcome = 'confirmed' | 'returned' | 'refused';

/**
 * - `disconnected`, `blocked`, `busy`, `closed`: nothing was sent.
 * - `unconfirmed`: it was sent and the channel was lost before the answer; it may have arrived or not.
 */
export type NotPublishedCode = 'disconnected' | 'blocked' | 'busy' | 'closed' | 'unconfirmed';

/** No answer from the broker. The task stays scheduled, and the relay publishes it again. */
export class NotPublished extends Error {
  readonly code: NotPublishedCode;

  constructor(code: NotPublishedCode) {
    super(NOT_PUBLISHED[code]);
    this.name = 'NotPublished';
    this.code = code;
  }
}

const NOT_PUBLISHED: Record<NotPublishedCode, string> = {
  disconnected: 'not published: there is no connection to the broker',
  blocked: 'not published: the broker is out of memory or disk and takes no messages',
  busy: 'not published: too many messages wait for the broker already',
  closed: 'not published: this publisher was closed',
  unconfirmed: 'the channel was lost before the broker confirmed: the message may have arrived or not',
};

export interface PublisherOptions {
  log: Log;
  /** Their topology is declared on every new channel, and again when a message came back for want of a queue. */
  contracts?: readonly TaskContract[];
  /** Unconfirmed messages at once, and as many may wait for their turn. Default 2,000. */
  window?: number;
  /** Milliseconds since 1970, for the messages' timestamp. */
  now?: () => number;
}

export interface Publisher {
  /** A publish now would be sent, not rejected. */
  readonly ready: boolean;
  /** Sent, and not answered yet. */
  readonly unconfirmed: number;
  /** Called after `ready` changed. Returns how to stop. */
  onChange(listener: () => void): () => void;
  /** Rejects with {@link NotPublished}; never throws, never sends twice. */
  publish(message: TaskMessage, trace?: { traceparent?: string | undefined }): Promise<PublishOutcome>;
  /** The raw message to tasks.dead with its reason. Ack the original only after 'confirmed'. */
  publishDead(received: ReceivedMessage, code: string, detail?: string): Promise<PublishOutcome>;
  /** Takes no more, waits up to 5 s for the answers, closes the channel. */
  close(): Promise<void>;
}

interface Pending {
  exchange: string;
  routingKey: string;
  encoded: EncodedMessage;
  returned: boolean;
  resolve(outcome: PublishOutcome): void;
  reject(error: Error): void;
}

const CLOSE_TIMEOUT_MS = 5_000;
/** Milliseconds between two declarations because of returned messages. */
const DECLARE_EVERY_MS = 1_000;

/** A publisher on a confirm channel of its own. Use a connection that nothing consumes on (see connectBroker). */
export const createPublisher = (connection: BrokerConnection, options: PublisherOptions): Publisher =>
  new ConfirmPublisher(connection, options);

class ConfirmPublisher implements Publisher {
  readonly #connection: BrokerConnection;
  readonly #options: PublisherOptions;
  readonly #window: number;
  readonly #now: () => number;
  readonly #channel: KeptChannel;
  /** By messageId, which is what a returned message is known by. */
  readonly #inFlight = new Map<string, Pending>();
  readonly #waiting: Pending[] = [];
  readonly #idle = new Set<() => void>();
  readonly #stopWatching: () => void;
  /** amqplib's write buffer is full: nothing is written before `drain`. */
  #full = false;
  #closing = false;
  #declaredAt = 0;

  constructor(connection: BrokerConnection, options: PublisherOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#window = options.window ?? 2_000;
    this.#now = options.now ?? Date.now;
    this.#channel = connection.openChannel('publisher', (channel) => this.#setUp(channel), 'confirm');
    const stops = [this.#channel.onChange(() => this.#pump()), connection.onChange(() => this.#pump())];
    this.#stopWatching = () => stops.forEach((stop) => stop());
  }

  get ready(): boolean {
    return this.#obstacle() === undefined;
  }

  get unconfirmed(): number {
    return this.#inFlight.size;
  }

  onChange(listener: () => void): () => void {
    const stops = [this.#channel.onChange(listener), this.#connection.onChange(listener)];
    return () => stops.forEach((stop) => stop());
  }

  publish(message: TaskMessage, trace: { traceparent?: string | undefined } = {}): Promise<PublishOutcome> {
    return this.#send(EXCHANGES.tasks.name, message.queue, (publication) =>
      encodeTask(message, { ...publication, ...trace }),
    );
  }

  publishDead(received: ReceivedMessage, code: string, detail = ''): Promise<PublishOutcome> {
    return this.#send(EXCHANGES.dead.name, received.fields.routingKey, (publication) =>
      encodeDead(received, code, detail, publication),
    );
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#pump();
    if (this.#inFlight.size > 0) {
      const answered = new AbortController();
      this.#idle.add(() => answered.abort());
      await pause(CLOSE_TIMEOUT_MS, answered.signal);
    }
    await this.#channel.close();
    this.#stopWatching();
  }

  async #send(
    exchange: string,
    routingKey: string,
    encode: (publication: { messageId: string; at: number }) => EncodedMessage,
  ): Promise<PublishOutcome> {
    const obstacle = this.#obstacle() ?? (this.#waiting.length >= this.#window ? 'busy' : undefined);
    if (obstacle) throw new NotPublished(obstacle);
    const encoded = encode({ messageId: randomUUID(), at: this.#now() });
    return new Promise((resolve, reject) => {
      this.#waiting.push({ exchange, routingKey, encoded, returned: false, resolve, reject });
      this.#pump();
    });
  }

  #obstacle(): NotPublishedCode | undefined {
    if (this.#closing) return 'closed';
    if (!this.#channel.current) return 'disconnected';
    return this.#connection.blocked ? 'blocked' : undefined;
  }

  /** Sends what waits, in order, as far as window and write buffer allow; rejects it all when nothing can be sent. */
  #pump(): void {
    const obstacle = this.#obstacle();
    if (obstacle) {
      for (const pending of this.#waiting.splice(0)) pending.reject(new NotPublished(obstacle));
      return;
    }
    const channel = this.#channel.current as ConfirmChannel;
    while (!this.#full && this.#inFlight.size < this.#window) {
      const pending = this.#waiting.shift();
      if (!pending) return;
      this.#write(channel, pending);
    }
  }

  #write(channel: ConfirmChannel, pending: Pending): void {
    const { exchange, routingKey, encoded } = pending;
    const { messageId } = encoded.properties;
    const options = { ...encoded.properties, mandatory: true };
    try {
      const more = channel.publish(exchange, routingKey, encoded.body, options, (error: unknown) =>
        this.#answered(channel, pending, error),
      );
      this.#inFlight.set(messageId, pending);
      // False means buffered, not lost.
      this.#full = !more;
    } catch (error) {
      // Otherwise names or headers that AMQP cannot carry. amqplib throws before anything is sent.
      pending.reject(isGone(error) ? new NotPublished('disconnected') : (error as Error));
      if (isGone(error)) this.#channel.replace('it is closed');
    }
  }

  #answered(channel: Channel, pending: Pending, error: unknown): void {
    this.#inFlight.delete(pending.encoded.properties.messageId);
    // amqplib has one kind of error for a nack and for a lost channel; KeptChannel hears of the latter first.
    if (!error) pending.resolve(pending.returned ? 'returned' : 'confirmed');
    else if (this.#channel.isOpen(channel)) pending.resolve('refused');
    else pending.reject(new NotPublished('unconfirmed'));
    if (this.#inFlight.size === 0) this.#idle.forEach((idle) => idle());
    this.#pump();
  }

  async #setUp(channel: Channel): Promise<void> {
    this.#full = false;
    channel.on('drain', () => {
      this.#full = false;
      this.#pump();
    });
    // The broker sends a return before the ack of the same message.
    channel.on('return', (message: Message) => this.#returned(channel, message));
    await this.#declare(channel);
  }

  #returned(channel: Channel, { properties, fields }: Message): void {
    const pending = this.#inFlight.get(String(properties.messageId));
    if (pending) pending.returned = true;
    const { log, contracts } = this.#options;
    if (!contracts || performance.now() - this.#declaredAt < DECLARE_EVERY_MS) return;
    log.warn('a message came back: its queue does not exist; declaring it', { queue: fields.routingKey });
    this.#declare(channel).catch((error: Error) => log.error('declaring the queues failed', { error }));
  }

  async #declare(channel: Channel): Promise<void> {
    this.#declaredAt = performance.now();
    if (this.#options.contracts) await declareTopology(channel, this.#options.contracts);
  }
}
