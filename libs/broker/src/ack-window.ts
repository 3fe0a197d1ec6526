/** Sends one basic.ack; with `multiple`, for everything unacked up to that tag. Throws when the channel is gone. */
export type SendAck = (deliveryTag: number, multiple: boolean) => void;

/**
 * The acks of one channel with one consumer, whose delivery tags are therefore 1, 2, 3, … without gaps. What is
 * acked in one turn of the event loop goes out together, as few commands as it can be.
 *
 * Not for speed alone. RabbitMQ passes a channel's acks on to a quorum queue with at most 32 commands under way,
 * keeps the rest in the channel, and forgets them when the channel closes: of 500 single acks before a close, 34
 * counted (4.0.5). One ack for all of them is one command.
 */
export class AckWindow {
  readonly #send: SendAck;
  readonly #schedule: (flush: () => void) => void;
  /** The lowest tag that is not settled. */
  #lowest = 1;
  /** Settled tags above it. */
  readonly #settled = new Set<number>();
  #unsent: number[] = [];

  constructor(send: SendAck, schedule: (flush: () => void) => void = setImmediate) {
    this.#send = send;
    this.#schedule = schedule;
  }

  /** False when this tag was acked before: a second ack on the wire would be a 406 and cost the channel. */
  ack(tag: number): boolean {
    if (tag < this.#lowest || this.#settled.has(tag)) return false;
    this.#settled.add(tag);
    this.#unsent.push(tag);
    if (this.#unsent.length === 1) this.#schedule(() => this.flush());
    return true;
  }

  /** Sends now what was acked in this turn. */
  flush(): void {
    const tags = this.#unsent.sort((a, b) => a - b);
    this.#unsent = [];
    while (this.#settled.delete(this.#lowest)) this.#lowest += 1;
    // Everything below `lowest` is settled, so the highest unsent tag there stands for all of them. It must be one
    // that is unacked on the broker's side, too: acking a tag again is an error.
    const inOrder = tags.filter((tag) => tag < this.#lowest);
    const highest = inOrder.at(-1);
    if (highest !== undefined) this.#send(highest, inOrder.length > 1);
    for (const tag of tags.slice(inOrder.length)) this.#send(tag, false);
  }
}
