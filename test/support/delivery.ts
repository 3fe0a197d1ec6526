import type { Delivery } from '@offload/broker/consume';
import { encodeTask } from '@offload/broker/message';
import type { TaskMessage } from '@offload/contracts/task';

/** A task's message in hand, as the consumer would give it, that notes its acks. */
export function deliver(message: TaskMessage, redelivered = false): Delivery & { acks: number } {
  const { body, properties } = encodeTask(message, { messageId: 'm', at: 0 });
  const fields = { exchange: 'tasks', routingKey: message.queue, redelivered, deliveryTag: 1 };
  return {
    message: { content: body, fields, properties },
    redelivered,
    generation: 1,
    channelOpen: true,
    acks: 0,
    ack() {
      this.acks += 1;
      return true;
    },
  };
}
