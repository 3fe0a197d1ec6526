import type { BatchEvent, TaskEvent } from '@offload/contracts/task';
import type { Log } from '@offload/runtime/logger';
import { createHintSender, subscribeHints, type HintSubscription } from './broadcast.js';
import type { BrokerConnection } from './connect.js';
import { EXCHANGES } from './topology.js';

export interface EventPublisher {
  /** Events that nobody was told of; harmless, the documents have the truth. */
  readonly dropped: number;
  /** Fire and forget, under the routing key `type.state`, e.g. `image.resize.succeeded`. Never throws or waits. */
  publishEvent(event: TaskEvent): void;
  /** The same for a batch, under `batch.completed`. */
  publishBatchEvent(event: BatchEvent): void;
  close(): Promise<void>;
}

/** Tells whoever listens that tasks changed. Use the connection that publishes, not the one that consumes. */
export function createEventPublisher(connection: BrokerConnection): EventPublisher {
  const sender = createHintSender(connection, EXCHANGES.events);
  return {
    get dropped() {
      return sender.dropped;
    },
    publishEvent: (event) => sender.send(`${event.type}.${event.state}`, event, { 'x-owner': event.owner }),
    publishBatchEvent: (event) => sender.send(`batch.${event.state}`, event, { 'x-owner': event.owner }),
    close: () => sender.close(),
  };
}

export interface EventOptions {
  /** e.g. `#` (the default), `image.resize.*`, `*.*.failed`. */
  pattern?: string;
  onEvent: (event: TaskEvent) => void;
  log: Log;
}

/** Receives events from now on. Some are missed when a connection is lost: `onChange` says when to look again. */
export function subscribeEvents(connection: BrokerConnection, options: EventOptions): HintSubscription {
  const { pattern = '#', onEvent, log } = options;
  return subscribeHints(connection, EXCHANGES.events, {
    pattern,
    log,
    onHint: (body) => {
      if (isEvent(body)) onEvent(body);
      else if (!isBatchEvent(body))
        log.warn('a message that is no event is ignored', { exchange: EXCHANGES.events.name });
    },
  });
}

/** The same for batches. */
export function subscribeBatchEvents(
  connection: BrokerConnection,
  { onEvent, log }: { onEvent: (event: BatchEvent) => void; log: Log },
): HintSubscription {
  return subscribeHints(connection, EXCHANGES.events, {
    pattern: 'batch.*',
    log,
    onHint: (body) => {
      if (isBatchEvent(body)) onEvent(body);
      else log.warn('a message that is no event is ignored', { exchange: EXCHANGES.events.name });
    },
  });
}

const isBatchEvent = (body: unknown): body is BatchEvent => {
  const { batch, owner, state } = (body ?? {}) as Partial<Record<keyof BatchEvent, unknown>>;
  return [batch, owner, state].every((field) => typeof field === 'string');
};

const isEvent = (body: unknown): body is TaskEvent => {
  const { task, type, owner, state } = (body ?? {}) as Partial<Record<keyof TaskEvent, unknown>>;
  return [task, type, owner, state].every((field) => typeof field === 'string');
};
