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
  /** May be asked again. False while paused: the delivery must be left as it is, unacked; it goes back to the broker. */
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
  /** Of which consumer each delivery came that is not through. */
  const arrivals = new Map<Delivery, number>();
  const unbegun = new Map<Delivery, number>();
  const refused = new Set<Delivery>();
  /** The consumers are being paused; what is refused meanwhile goes back at the end of it. */
  let pausing = false;
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
    pausing = paused;
    log.info(paused ? 'paused: nothing is begun' : 'resumed');
    await Promise.all(consumers.map((consumer) => (paused ? consumer.pause() : consumer.resume())));
    pausing = false;
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
      arrivals.set(delivery, consumer);
      unbegun.set(delivery, consumer);
      return () => {
        arrivals.delete(delivery);
        if (!refused.has(delivery)) unbegun.delete(delivery);
      };
    },
    mayBegin(delivery) {
      if (!paused) {
        unbegun.delete(delivery);
        return true;
      }
      const consumer = arrivals.get(delivery);
      if (consumer === undefined) return false;
      refused.add(delivery);
      // Also one that was let through before and asks again after it has waited: the pause that came in between has
      // given back only what had not begun.
      unbegun.set(delivery, consumer);
      if (!pausing) giveBack();
      return false;
    },
    look,
    async stop() {
      clearInterval(timer);
      stopped = true;
      await looking;
    },
  };
}
