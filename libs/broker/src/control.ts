import type { Log } from '@offload/runtime/logger';
import { createHintSender, subscribeHints, type HintSubscription } from './broadcast.js';
import type { BrokerConnection } from './connect.js';
import { EXCHANGES } from './topology.js';

/** Makes every process act sooner; the documents decide. */
export type ControlMessage = { kind: 'cancel'; task: string } | { kind: 'pause' | 'resume'; type: string };

export interface ControlSender {
  readonly dropped: number;
  /** Fire and forget, to all processes. Never throws or waits. */
  sendControl(message: ControlMessage): void;
  close(): Promise<void>;
}

/** Speaks to all workers at once. Use the connection that publishes, not the one that consumes. */
export function createControlSender(connection: BrokerConnection): ControlSender {
  const sender = createHintSender(connection, EXCHANGES.control);
  return {
    get dropped() {
      return sender.dropped;
    },
    sendControl: (message) => sender.send('', message),
    close: () => sender.close(),
  };
}

/** Receives control messages from now on; kinds that it does not know (of a newer version) are ignored. */
export function subscribeControl(
  connection: BrokerConnection,
  options: { onControl: (message: ControlMessage) => void; log: Log },
): HintSubscription {
  return subscribeHints(connection, EXCHANGES.control, {
    pattern: '',
    log: options.log,
    onHint: (body) => {
      if (isControl(body)) options.onControl(body);
      else options.log.warn('a control message that is not known is ignored', { body });
    },
  });
}

function isControl(body: unknown): body is ControlMessage {
  const { kind, task, type } = (body ?? {}) as { kind?: unknown; task?: unknown; type?: unknown };
  if (kind === 'cancel') return typeof task === 'string';
  return (kind === 'pause' || kind === 'resume') && typeof type === 'string';
}
