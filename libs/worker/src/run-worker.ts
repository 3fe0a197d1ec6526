import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { hostname } from 'node:os';
import type { HintSubscription } from '@offload/broker/broadcast';
import { connectBroker, type BrokerConnection } from '@offload/broker/connect';
import type { Consumer } from '@offload/broker/consume';
import { subscribeControl } from '@offload/broker/control';
import { createEventPublisher } from '@offload/broker/events';
import { createPublisher } from '@offload/broker/publish';
import type { TaskContract } from '@offload/contracts/define-task';
import { queuesOf } from '@offload/contracts/queues';
import type { Env } from '@offload/runtime/env';
import { serveHealth, type Checks } from '@offload/runtime/health';
import { createLifecycle, type Lifecycle } from '@offload/runtime/lifecycle';
import { createLogger, type Log } from '@offload/runtime/logger';
import { startWatchdog } from '@offload/runtime/watchdog';
import { completedEvent } from '@offload/store/batch-record';
import { openStore, type Store } from '@offload/store/open-store';
import { GivenUp, persist } from '@offload/store/persist';
import { startReports, type Reports } from '@offload/store/worker-reports';
import { announce } from './announce.js';
import { consumeType, type ConsumedType } from './consume-type.js';
import type { Handler } from './handler.js';
import { keepLeases, type Leases } from './leases.js';
import { createPauseSwitch, type PauseSwitch } from './pause-switch.js';
import { sweepRemnants, type EndRemnant } from './remnants.js';
import type { workerEnv } from './worker-env.js';
import type { WorkerOutbound } from './worker-outbound.js';

/** A consumer that is gone for longer makes its worker unready. */
const LOST_MS = 30_000;
/** After the hand-back, for the last moves to be stored. */
const LAST_WORDS_MS = 10_000;

/** A task type with the work that it means. */
export interface Work<C extends TaskContract> {
  contract: C;
  /** Or what makes it from the store, for work whose outcome is kept there (docs/decisions/0051). */
  handler: Handler<C> | { of: (store: Store) => Handler<C> };
}

/** Work of another type, for {@link WorkerOptions.also}. */
export const alsoWork = <C extends TaskContract>(work: Work<C>): Work<TaskContract> => work;

export interface WorkerOptions<C extends TaskContract> extends Work<C> {
  /** What else the process does, over the same connections. */
  also?: readonly Work<TaskContract>[];
  /** The handlers' outbound requests, which keep their limits per host in this worker's store; closed at the stop. */
  outbound?: WorkerOutbound;
  config: Env<typeof workerEnv>;
  /** The process type, as the Procfile names it; the default is the task type. */
  process?: string;
  /** Ends what crashed attempts of the type have left outside; see Remnants. */
  endRemnant?: EndRemnant;
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
  if (options.outbound) {
    const { outbound } = options;
    outbound.over(store);
    lifecycle.onStop('outbound', () => outbound.close());
  }
  await store.connection.ready();
  if (lifecycle.stopping.aborted) return;
  const types: ConsumedType[] = [];
  const reports = showWorker(options, { store, worker, types, log, lifecycle });

  store.batches.onCompleted((batch) => events.publishBatchEvent(completedEvent(batch)));
  const { tell, tellProgress } = announce(events, store.tasks);
  store.dependencies.onSettled((task, state) => tell(task, state));
  const leases = keepLeases({ tasks: store.tasks, log, onProgress: tellProgress });
  lifecycle.onStop('leases', () => leases.stop());
  const works: readonly Work<TaskContract>[] = [options, ...(options.also ?? [])];
  const pauseSwitches = await pauseSwitchesOf(works, store, log, lifecycle.stopping);
  if (!pauseSwitches) return;
  if (options.endRemnant)
    lifecycle.onStop('remnants', sweepRemnants(store.remnants, contract, options.endRemnant, { log }));
  const handBack = new AbortController();
  const until = new AbortController();
  // Every attempt in work listens to them.
  setMaxListeners(0, handBack.signal, until.signal, lifecycle.stopping);
  const shared = {
    store,
    publisher,
    log,
    worker,
    leases,
    draining: lifecycle.stopping,
    handBack: handBack.signal,
    until: until.signal,
    onChanged: tell,
  };
  const onCrash = (error: unknown): void => crash(log, lifecycle, error);
  for (const work of works) {
    const pauseSwitch = pauseSwitches.get(work.contract.type)!;
    types.push(consumeType(incoming, work, { ...shared, pauseSwitch, onCrash }));
  }
  const consumers = types.flatMap((type) => type.consumers);
  const control = obeyControl(pauseSwitches, incoming, { leases, log });
  lifecycle.onStop('consumers', async () => {
    await Promise.all(types.map((type) => type.stop()));
    const timers = [
      setTimeout(() => handBack.abort(), config.DRAIN_MS),
      setTimeout(() => until.abort(), config.DRAIN_MS + LAST_WORDS_MS),
    ];
    await Promise.all(types.map((type) => type.done()));
    timers.forEach(clearTimeout);
    await Promise.all(consumers.map((consumer) => consumer.close()));
    await control.close();
  });
  await showHealth(config, lifecycle, {
    database: () => store.connection.connected,
    broker: () => incoming.connected,
    consumers: () => consumers.every(isThere),
  });
  await reports.now();
  const queues = works.flatMap((work) => queuesOf(work.contract)).join(' ');
  const paused = works.map((work) => work.contract.type).filter((type) => pauseSwitches.get(type)?.paused);
  const { prefetch } = contract;
  log.info('consuming', { queues, prefetch, worker, ...(paused.length > 0 && { paused }) });
}

/** Shows the worker to operators; it is starting until its consumers are there. */
function showWorker<C extends TaskContract>(
  { process: type, contract, config }: WorkerOptions<C>,
  {
    store,
    worker,
    types,
    log,
    lifecycle,
  }: { store: Store; worker: string; types: readonly ConsumedType[]; log: Log; lifecycle: Lifecycle },
): Reports {
  const { stopping } = lifecycle;
  const reports = startReports(store, {
    id: worker,
    process: type ?? contract.type,
    version: config.RELEASE,
    describe: () => ({
      state: stopping.aborted ? 'draining' : types.length > 0 ? 'running' : 'starting',
      lanes: types.flatMap((each) => each.load()),
    }),
    log,
  });
  stopping.addEventListener('abort', () => void reports.now(), { once: true });
  lifecycle.onStop('reports', () => reports.stop());
  return reports;
}

type PauseSwitches = ReadonlyMap<string, PauseSwitch>;

/** By type. null: the process is being stopped before the store has said which types are paused. */
async function pauseSwitchesOf(
  works: readonly Work<TaskContract>[],
  { types }: Pick<Store, 'types'>,
  log: Log,
  until: AbortSignal,
): Promise<PauseSwitches | null> {
  const switches = new Map<string, PauseSwitch>();
  try {
    for (const { type } of works.map((work) => work.contract)) {
      const isPaused = () => types.isPaused(type);
      const first = persist('pause', isPaused, { log, until });
      switches.set(type, await createPauseSwitch({ isPaused, first, log }));
    }
    return switches;
  } catch (error) {
    if (error instanceof GivenUp) return null;
    throw error;
  }
}

/** Control messages only say that it is time to look; so does a subscription that may have missed some. */
function obeyControl(
  pauseSwitches: PauseSwitches,
  connection: BrokerConnection,
  { leases, log }: { leases: Leases; log: Log },
): HintSubscription {
  const control = subscribeControl(connection, {
    log,
    onControl(message) {
      if (message.kind === 'cancel') leases.look(message.task);
      else pauseSwitches.get(message.type)?.look();
    },
  });
  control.onChange(() => pauseSwitches.forEach((pauseSwitch) => pauseSwitch.look()));
  return control;
}

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
