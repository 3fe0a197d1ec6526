import type { BrokerConnection } from './connect.js';

export interface QueueDepth {
  /** Messages that wait; those delivered and not acked are not among them. */
  ready: number;
  consumers: number;
}

/**
 * Looks at a queue without changing it, by a passive declare. Right after a broker's crash a quorum queue reports
 * too few. Rejects with NotConnected, or with what ended the channel.
 */
export async function queueDepth(
  connection: Pick<BrokerConnection, 'withChannel'>,
  queue: string,
): Promise<QueueDepth | 'missing'> {
  try {
    return await connection.withChannel(async (channel) => {
      const { messageCount, consumerCount } = await channel.checkQueue(queue);
      return { ready: messageCount, consumers: consumerCount };
    });
  } catch (error) {
    // NOT_FOUND (AMQP 0-9-1, reply code 404).
    if ((error as { code?: unknown }).code === 404) return 'missing';
    throw error;
  }
}
