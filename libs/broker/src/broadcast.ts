import { randomUUID } from 'node:crypto';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Log } from '@offload/runtime/logger';
import type { BrokerConnection } from './connect.js';
import { isGone } from './kept-channel.js';

/** Sends hints: nobody waits for them, and none is worth keeping. */
export interface HintSender {
  /** Dropped for want of a channel, of room in the write buffer, or while the broker was blocked. */
  readonly dropped: number;
  send(routingKey: string, body: unknown, headers?: Record<string, unknown>): void;
  close(): Promise<void>;
}

export interface HintExchange {
  readonly name: string;
  readonly type: string;
}

/** Transient messages, without confirms, on a channel of their own. */
export function createHintSender(connection: BrokerConnection, exchange: HintExchange): HintSender {
  let dropped = 0;
  let full = false;
  const kept = connection.openChannel(`sender to ${exchange.name}`, async (channel) => {
    full = false;
    channel.on('drain', () => (full = false));
    await channel.assertExchange(exchange.name, exchange.type, { durable: true });
  });
  return {
    get dropped() {
      return dropped;
    },
    send(routingKey, body, headers = {}) {
      const channel = kept.current;
      if (!channel || full || connection.blocked) {
        dropped += 1;
        return;
      }
      const content = Buffer.from(JSON.stringify(body));
      const options = { contentType: 'application/json', appId: 'offload', persistent: false, headers };
      try {
        full = !channel.publish(exchange.name, routingKey, content, options);
      } catch (error) {
        if (!isGone(error)) throw error;
        dropped += 1;
      }
    },
    close: () => kept.close(),
  };
}

export interface HintSubscription {
  /** The broker has said that it delivers to us. What was sent while it had not is missed. */
  readonly subscribed: boolean;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

export interface SubscribeOptions {
  /** A topic pattern; `#` is all. A fanout exchange ignores it. */
  pattern: string;
  /** A parsed JSON body, not looked at otherwise. Must not throw. */
  onHint: (body: unknown) => void;
  log: Log;
}

/** Hints that wait for a slow subscriber; older ones are dropped, so that it costs the broker nothing. */
const LONGEST_QUEUE = 10_000;

/** Receives hints through an exclusive queue, which ends with the connection and is made anew with the next. */
export function subscribeHints(
  connection: BrokerConnection,
  exchange: HintExchange,
  { pattern, onHint, log }: SubscribeOptions,
): HintSubscription {
  const receive = (message: ConsumeMessage | null) => {
    if (!message) return kept.replace(`the broker cancelled the subscription to ${exchange.name}`);
    const body = parse(message.content);
    if (body === undefined) log.warn('a message that is not JSON is ignored', { exchange: exchange.name });
    else onHint(body);
  };
  const kept = connection.openChannel(`subscription to ${exchange.name}`, async (channel: Channel) => {
    await channel.assertExchange(exchange.name, exchange.type, { durable: true });
    // A new name each time: the broker may not have noticed yet that the last connection, which owns its queue, is dead.
    const { queue } = await channel.assertQueue(
      `${exchange.name}.${connection.name}.${randomUUID().slice(0, 8)}`,
      {
        exclusive: true,
        autoDelete: true,
        // RabbitMQ 4.3 takes transient queues only when they are exclusive.
        durable: false,
        arguments: { 'x-max-length': LONGEST_QUEUE },
      },
    );
    await channel.bindQueue(queue, exchange.name, pattern);
    await channel.consume(queue, receive, { noAck: true });
  });
  return {
    get subscribed() {
      return kept.current !== undefined;
    },
    onChange: (listener) => kept.onChange(listener),
    close: () => kept.close(),
  };
}

/** Undefined for what is not JSON, a value that JSON does not have. */
function parse(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
