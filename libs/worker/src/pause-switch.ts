import type { Consumer, Delivery } from '@offload/broker/consume';
import type { Log } from './handler.js';

/** How often the store is asked though no control message came, in milliseconds. */
const EVERY_MS = 3_000;

export interface PauseSwitch {
  /** As the store said last; nothing begins while it is true. */
  readonly paused: boolean;
  /** Steers these consumers from now on. */
  follow(consumers: Pick<Consumer, 'pause' | 'resume' | 'giveBack'>[]): void;
  /** Of which consumer a delivery came; to be called before it is worked. Returns what is to be called after. */
  arrived(delivery: Delivery, consumer: number): () => void;
  /** False while paused: the delivery must be left as it is, unacked. */
  mayBegin(delivery: Delivery): boolean;
  /** Asks the store now: a control message came, or one may have been missed. */
  look(): void;
  stop(): Promise<void>;
}

/**
 * Pause and resume of a type. The store's word counts, so it survives restarts of everything; control messages only
 * make it quicker. What a handler has begun goes on. What was delivered and not begun goes back to the broker,
 * unless nothing was: a new channel also brings again the messages of what is being worked on, and these are then
 * dropped after a look at their lease (design section 5, rule 2).
 */
export async function createPauseSwitch(options: {
  isPaused: () => Promise<boolean>;
  /** The first answer, for which it waits. */
  first: Promise<boolean>;
  log: Log;
  everyMs?: number;
}): Promise<PauseSwitch> {
  const { isPaused, log, everyMs = EVERY_MS } = options;
  let paused = await options.first;
  let consumers: Parameters<PauseSwitch['follow']>[0] = [];
  const unbegun = new Map<Delivery, number>();
  const refused = new Set<Delivery>();
  let looking: Promise<void> | undefined;
  let again = false;
  let failing = false;
  let stopped = false;

  const giveBack = (): void => {
    const back = new Set([...unbegun].filter(([delivery]) => delivery.channelOpen).map(([, of]) => of));
    for (const of of back) consumers[of]?.giveBack();
    for (const delivery of refused) unbegun.delete(delivery);
    refused.clear();
  };

  const obey = async (): Promise<void> => {
    const wanted = await isPaused();
    failing = false;
    if (wanted === paused) return;
    paused = wanted;
    log.info(paused ? 'paused: nothing is begun' : 'resumed');
    await Promise.all(consumers.map((consumer) => (paused ? consumer.pause() : consumer.resume())));
    if (paused) giveBack();
  };

  const look = (): void => {
    if (stopped) return;
    again = looking !== undefined;
    looking ??= obey()
      .catch((error: unknown) => {
        if (!failing) log.warn('could not ask whether the type is paused; asking on', { error });
        failing = true;
      })
      .finally(() => {
        looking = undefined;
        if (again) look();
      });
  };

  let timer: NodeJS.Timeout | undefined;
  return {
    get paused() {
      return paused;
    },
    follow(given) {
      consumers = given;
      timer = setInterval(look, everyMs);
    },
    arrived(delivery, consumer) {
      unbegun.set(delivery, consumer);
      return () => void (refused.has(delivery) || unbegun.delete(delivery));
    },
    mayBegin(delivery) {
      if (paused) refused.add(delivery);
      else unbegun.delete(delivery);
      return !paused;
    },
    look,
    async stop() {
      clearInterval(timer);
      stopped = true;
      await looking;
    },
  };
}
