import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { hostname } from 'node:os';
import type { HintSubscription } from '@offload/broker/broadcast';
import { connectBroker, type BrokerConnection } from '@offload/broker/connect';
import { consume, type Consumer } from '@offload/broker/consume';
import { subscribeControl } from '@offload/broker/control';
import { createEventPublisher } from '@offload/broker/events';
import { createPublisher } from '@offload/broker/publish';
import { declareTopology, queuesOf } from '@offload/broker/topology';
import type { TaskContract } from '@offload/contracts/define-task';
import type { Env } from '@offload/runtime/env';
import { serveHealth, type Checks } from '@offload/runtime/health';
import { createLifecycle, type Lifecycle } from '@offload/runtime/lifecycle';
import { createLogger, type Log } from '@offload/runtime/logger';
import { startWatchdog } from '@offload/runtime/watchdog';
import { completedEvent } from '@offload/store/batch-record';
import { openStore, type Store } from '@offload/store/open-store';
import { GivenUp, persist } from '@offload/store/persist';
import { announce } from './announce.js';
import type { Handler } from './handler.js';
import { keepLeases, type Leases } from './leases.js';
import { createPauseSwitch, type PauseSwitch } from './pause-switch.js';
import { createSlots } from './slots.js';
import { workDelivery, type WorkDeps } from './work-delivery.js';
import type { workerEnv } from './worker-env.js';

/** A consumer that is gone for longer makes its worker unready. */
const LOST_MS = 30_000;
/** After the hand-back, for the last moves to be stored. */
const LAST_WORDS_MS = 10_000;

export interface WorkerOptions<C extends TaskContract> {
  contract: C;
  handler: Handler<C>;
  config: Env<typeof workerEnv>;
  /** Runs after the last handler, for what the handler was made from. */
  onStop?: () => Promise<void>;
}

/**
 * Runs a consumer process: connects, consumes both lanes of the contract's queue, and stops in order at SIGTERM
 * (consumers, handlers, acks, channels, connection, database). Resolves once it consumes.
 */
export async function runWorker<C extends TaskContract>(options: WorkerOptions<C>): Promise<void> {
  const { contract, config } = options;
  const format = config.NODE_ENV === 'production' ? 'json' : 'text';
  const log = createLogger({ service: contract.type, level: config.LOG_LEVEL, format });
  const lifecycle = createLifecycle({ log, graceMs: config.DRAIN_MS + 2 * LAST_WORDS_MS });
  const worker = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const watchdog = startWatchdog({ limitMs: config.WATCHDOG_MS });
  lifecycle.onStop('watchdog', () => watchdog.stop());
  if (options.onStop) lifecycle.onStop('handler', options.onStop);

  const connections = await connect(contract, config, worker, log, lifecycle);
  const { store, incoming, publisher, events } = connections;
  await store.connection.ready();
  if (lifecycle.stopping.aborted) return;

  store.batches.onCompleted((batch) => events.publishBatchEvent(completedEvent(batch)));
  const { tell, tellProgress } = announce(events, store.tasks);
  const leases = keepLeases({ tasks: store.tasks, log, onProgress: tellProgress });
  lifecycle.onStop('leases', () => leases.stop());
  const pauseSwitch = await pauseSwitchOf(contract, store, log, lifecycle.stopping);
  if (!pauseSwitch) return;
  const handBack = new AbortController();
  const until = new AbortController();
  // Every attempt in work listens to them.
  setMaxListeners(0, handBack.signal, until.signal, lifecycle.stopping);
  const deps: WorkDeps = {
    contract,
    handler: options.handler,
    store,
    publisher,
    log,
    worker,
    leases,
    slots: createSlots(contract.concurrency, bulkShare(contract.concurrency)),
    draining: lifecycle.stopping,
    mayBegin: (delivery) => pauseSwitch.mayBegin(delivery),
    handBack: handBack.signal,
    until: until.signal,
    onChanged: tell,
  };
  const inHand = new Set<Promise<void>>();
  const consumers = queuesOf(contract).map((queue, index) =>
    consume(incoming, {
      queue,
      prefetch: queue.endsWith('.bulk') ? bulkShare(contract.prefetch) : contract.prefetch,
      log,
      paused: pauseSwitch.paused,
      declare: (channel) => declareTopology(channel, [contract]),
      onDelivery(delivery) {
        const through = pauseSwitch.arrived(delivery, index);
        const work = workDelivery(deps, delivery).catch((error: unknown) => crash(log, lifecycle, error));
        inHand.add(work);
        void work.finally(() => {
          through();
          inHand.delete(work);
        });
      },
    }),
  );
  pauseSwitch.follow(consumers);
  const control = obeyControl(contract, incoming, { leases, pauseSwitch, log });
  lifecycle.onStop('consumers', async () => {
    await pauseSwitch.stop();
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    const timers = [
      setTimeout(() => handBack.abort(), config.DRAIN_MS),
      setTimeout(() => until.abort(), config.DRAIN_MS + LAST_WORDS_MS),
    ];
    await Promise.all(inHand);
    timers.forEach(clearTimeout);
    await Promise.all(consumers.map((consumer) => consumer.close()));
    await control.close();
  });
  await showHealth(config, lifecycle, {
    database: () => store.connection.connected,
    broker: () => incoming.connected,
    consumers: () => consumers.every(isThere),
  });
  const queues = queuesOf(contract).join(' ');
  const { paused } = pauseSwitch;
  log.info('consuming', { queues, prefetch: contract.prefetch, worker, ...(paused && { paused }) });
}

/** null: the process is being stopped before the store has said whether the type is paused. */
async function pauseSwitchOf(
  { type }: TaskContract,
  { types }: Pick<Store, 'types'>,
  log: Log,
  until: AbortSignal,
): Promise<PauseSwitch | null> {
  const isPaused = () => types.isPaused(type);
  try {
    return await createPauseSwitch({ isPaused, first: persist('pause', isPaused, { log, until }), log });
  } catch (error) {
    if (error instanceof GivenUp) return null;
    throw error;
  }
}

/** Control messages only say that it is time to look; so does a subscription that may have missed some. */
function obeyControl(
  contract: TaskContract,
  connection: BrokerConnection,
  { leases, pauseSwitch, log }: { leases: Leases; pauseSwitch: PauseSwitch; log: Log },
): HintSubscription {
  const control = subscribeControl(connection, {
    log,
    onControl(message) {
      if (message.kind === 'cancel') leases.look(message.task);
      else if (message.type === contract.type) pauseSwitch.look();
    },
  });
  control.onChange(() => pauseSwitch.look());
  return control;
}

/**
 * The bulk lane gets a part of what a worker can do at once: its groups of claims and outcomes are smaller then, and an
 * interactive task waits less for the one that is under way (docs/performance.md).
 */
const bulkShare = (whole: number): number => Math.max(1, Math.floor(whole / BULK_PART));
const BULK_PART = 20;

/** Store and broker, to be closed in this order: publisher and events, connections, store. */
async function connect(
  contract: TaskContract,
  config: Env<typeof workerEnv>,
  worker: string,
  log: Log,
  lifecycle: Lifecycle,
) {
  const store = openStore({ uri: config.MONGODB_URI, name: contract.type, log });
  lifecycle.onStop('store', () => store.connection.close());
  // Two connections: a broker that blocks publishers must not keep acks from it (RabbitMQ guide "Connections").
  const url = config.AMQP_URL;
  const incoming = await connectBroker({ url, name: `${contract.type} consumer ${worker}`, log });
  const outgoing = await connectBroker({ url, name: `${contract.type} publisher ${worker}`, log });
  lifecycle.onStop('broker', async () => {
    await incoming.close();
    await outgoing.close();
  });
  const publisher = createPublisher(outgoing, { log });
  lifecycle.onStop('publisher', () => publisher.close());
  const events = createEventPublisher(outgoing);
  lifecycle.onStop('events', () => events.close());
  return { store, incoming, publisher, events };
}

const isThere = (consumer: Consumer): boolean => (consumer.lostSinceMs ?? 0) < LOST_MS;

/** A bug of ours: nothing is known to be stored. The process ends, and its tasks are taken over. */
function crash(log: Log, lifecycle: Lifecycle, error: unknown): void {
  log.error('a delivery could not be worked', { error });
  void lifecycle.stop('a delivery could not be worked', 1);
}

async function showHealth(
  config: Env<typeof workerEnv>,
  lifecycle: Lifecycle,
  checks: Checks,
): Promise<void> {
  if (config.HEALTH_PORT === undefined) return;
  const health = await serveHealth({ host: config.HOST, port: config.HEALTH_PORT, checks });
  lifecycle.onStop('health', () => health.close());
}
