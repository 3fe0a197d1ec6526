import { hostname } from 'node:os';
import { connectBroker, type BrokerConnection } from '@offload/broker/connect';
import { consume, type Consumer } from '@offload/broker/consume';
import { createPublisher, type Publisher } from '@offload/broker/publish';
import { queueDepth } from '@offload/broker/queue-depth';
import { DEAD_QUEUE, declareTopology, queuesOf } from '@offload/broker/topology';
import { contracts } from '@offload/contracts/registry';
import type { Env, processEnv, serverEnv } from '@offload/runtime/env';
import { serveHealth } from '@offload/runtime/health';
import { createLifecycle } from '@offload/runtime/lifecycle';
import { createLogger, type Log } from '@offload/runtime/logger';
import { openStore, type Store } from '@offload/store/open-store';
import { persist } from '@offload/store/persist';
import { settleDeadLetter } from './dead-letters.js';
import { LeaseSweep } from './lease-sweep.js';
import { startLoop } from './loop.js';
import { MessageSweep, type MessageSweepOptions } from './message-sweep.js';
import { relayDueTasks } from './relay.js';

export type ClockConfig = Env<typeof processEnv & typeof serverEnv>;

/** Blocked tasks older than this are looked at again, in milliseconds. */
const BLOCKED_AGE_MS = 10_000;
/** Documents in one turn of a sweep. */
const TURN = 500;
const DEAD_LETTER_PREFETCH = 50;
const GRACE_MS = 20_000;

interface Rhythm {
  name: string;
  everyMs: number;
  turn: () => Promise<boolean | void>;
}

/** Everything that the clock does again and again. Any number of clocks may run: every move is guarded. */
function rhythms(store: Store, messages: MessageSweepOptions & { publisher: Publisher }): Rhythm[] {
  const { publisher, log } = messages;
  const leaseSweep = new LeaseSweep(store, log);
  const messageSweep = new MessageSweep(messages);
  return [
    {
      name: 'relay',
      everyMs: 200,
      turn: async () => (await relayDueTasks(store, publisher, log)).full,
    },
    {
      name: 'leases',
      everyMs: 2_000,
      turn: async () => {
        const running = await store.sweeps.running();
        messageSweep.observe(running);
        await leaseSweep.sweep(running);
      },
    },
    { name: 'messages', everyMs: 15_000, turn: async () => void (await messageSweep.sweep()) },
    {
      name: 'effects',
      everyMs: 1_000,
      turn: async () => (await store.dependencies.sweepEffects(TURN)) === TURN,
    },
    {
      name: 'blocked',
      everyMs: BLOCKED_AGE_MS,
      turn: async () => void (await store.dependencies.sweepBlocked(BLOCKED_AGE_MS, TURN)),
    },
    {
      name: 'expiry',
      everyMs: 30_000,
      turn: async () => {
        const tasks = await store.sweeps.removeExpired(TURN);
        const files = await store.files.removeExpired(store.tasks.now(), TURN);
        if (tasks + files > 0) log.info('expired', { tasks, files });
        return tasks === TURN || files >= TURN;
      },
    },
  ];
}

/** Runs a clock process until SIGTERM. */
export async function startClock(config: ClockConfig): Promise<void> {
  const format = config.NODE_ENV === 'production' ? 'json' : 'text';
  const log = createLogger({ service: 'clock', level: config.LOG_LEVEL, format });
  const lifecycle = createLifecycle({ log, graceMs: GRACE_MS });
  const name = `clock ${hostname()}:${process.pid}`;
  const store = openStore({ uri: config.MONGODB_URI, name: 'clock', log });
  lifecycle.onStop('store', () => store.connection.close());
  const incoming = await connectBroker({ url: config.AMQP_URL, name: `${name} consumer`, log });
  const outgoing = await connectBroker({ url: config.AMQP_URL, name: `${name} publisher`, log });
  lifecycle.onStop('broker', async () => {
    await incoming.close();
    await outgoing.close();
  });
  const publisher = createPublisher(outgoing, { log, contracts });
  lifecycle.onStop('publisher', () => publisher.close());

  await store.connection.ready();
  if (lifecycle.stopping.aborted) return;
  const deadLetters = consumeDeadLetters(store, incoming, log, lifecycle.stopping);
  lifecycle.onStop('dead letters', () => deadLetters.close());
  const queues = contracts.flatMap(queuesOf);
  const depth = (queue: string) => queueDepth(outgoing, queue);
  const loops = rhythms(store, { store, publisher, depth, queues, log }).map((rhythm) =>
    startLoop({ ...rhythm, log }),
  );
  lifecycle.onStop('loops', async () => void (await Promise.all(loops.map((loop) => loop.stop()))));
  if (config.HEALTH_PORT !== undefined) {
    const checks = { database: () => store.connection.connected, broker: () => outgoing.connected };
    const health = await serveHealth({ host: config.HOST, port: config.HEALTH_PORT, checks });
    lifecycle.onStop('health', () => health.close());
  }
  log.info('the clock runs', { queues: queues.length });
}

function consumeDeadLetters(
  store: Store,
  connection: BrokerConnection,
  log: Log,
  until: AbortSignal,
): Consumer {
  return consume(connection, {
    queue: DEAD_QUEUE,
    prefetch: DEAD_LETTER_PREFETCH,
    log,
    declare: (channel) => declareTopology(channel, contracts),
    onDelivery: (delivery) => {
      persist('dead letter', () => settleDeadLetter(store, log, delivery), { log, until }).catch(
        (error: unknown) => log.error('a dead letter is not settled; it stays with the broker', { error }),
      );
    },
  });
}
