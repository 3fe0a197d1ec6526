import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { connectBroker, type BrokerConnection } from '@offload/broker/connect';
import { consume, type Consumer } from '@offload/broker/consume';
import { createEventPublisher } from '@offload/broker/events';
import { createPublisher } from '@offload/broker/publish';
import { queueDepth } from '@offload/broker/queue-depth';
import { DEAD_QUEUE, declareTopology } from '@offload/broker/topology';
import { formerQueuesOf, queueNow, queuesOf } from '@offload/contracts/queues';
import { contracts } from '@offload/contracts/registry';
import type { Env, processEnv, quotaEnv, serverEnv } from '@offload/runtime/env';
import { serveHealth } from '@offload/runtime/health';
import { createLifecycle } from '@offload/runtime/lifecycle';
import { createLogger } from '@offload/runtime/logger';
import { startWatchdog } from '@offload/runtime/watchdog';
import { completedEvent } from '@offload/store/batch-record';
import { openStore } from '@offload/store/open-store';
import { countOpenTasks } from '@offload/store/open-tasks';
import { persist } from '@offload/store/persist';
import { createQuota } from '@offload/store/quota';
import { startReports } from '@offload/store/worker-reports';
import { announceBy } from './announce.js';
import { settleDeadLetter, type DeadLetterDeps } from './dead-letters.js';
import { FormerQueues } from './former-queues.js';
import { startLoop } from './loop.js';
import { rhythms } from './rhythms.js';

export type ClockConfig = Env<typeof processEnv & typeof serverEnv & typeof quotaEnv>;

const DEAD_LETTER_PREFETCH = 50;
const GRACE_MS = 20_000;

/** Runs a clock process until SIGTERM. */
export async function startClock(config: ClockConfig): Promise<void> {
  const format = config.NODE_ENV === 'production' ? 'json' : 'text';
  const log = createLogger({ service: 'clock', level: config.LOG_LEVEL, format });
  const lifecycle = createLifecycle({ log, graceMs: GRACE_MS });
  const watchdog = startWatchdog({ limitMs: config.WATCHDOG_MS });
  lifecycle.onStop('watchdog', () => watchdog.stop());
  const id = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const name = `clock ${id}`;
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
  const events = createEventPublisher(outgoing);
  lifecycle.onStop('events', () => events.close());
  store.batches.onCompleted((batch) => events.publishBatchEvent(completedEvent(batch)));

  await store.connection.ready();
  if (lifecycle.stopping.aborted) return;
  const until = lifecycle.stopping;
  const reports = startReports(store, {
    id,
    process: 'clock',
    version: config.RELEASE,
    describe: () => ({ state: until.aborted ? 'draining' : 'running', lanes: [] }),
    log,
  });
  lifecycle.onStop('reports', () => reports.stop());
  const announce = announceBy(events, () => store.tasks.now());
  store.dependencies.onSettled(announce);
  const deadLetters = consumeDeadLetters({ store, log, announce }, incoming, until);
  lifecycle.onStop('dead letters', () => deadLetters.close());
  const former = contracts.flatMap(formerQueuesOf);
  const formerQueues = new FormerQueues({ store, connection: incoming, queues: former, log, until });
  lifecycle.onStop('former queues', () => formerQueues.stop());
  const queues = contracts.flatMap(queuesOf);
  const quota = createQuota({
    limit: config.OWNER_OPEN_TASKS,
    countOpen: (owner, most) => countOpenTasks(store.connection, owner, most),
  });
  const loops = rhythms({
    store,
    quota,
    publisher,
    log,
    announce,
    formerQueues,
    queues: [...queues, ...former],
    queueOf: (task) => queueNow(contracts, task),
    depth: (queue) => queueDepth(outgoing, queue),
  }).map((rhythm) => startLoop({ ...rhythm, log }));
  lifecycle.onStop('loops', async () => void (await Promise.all(loops.map((loop) => loop.stop()))));
  if (config.HEALTH_PORT !== undefined) {
    const checks = { database: () => store.connection.connected, broker: () => outgoing.connected };
    const health = await serveHealth({ host: config.HOST, port: config.HEALTH_PORT, checks });
    lifecycle.onStop('health', () => health.close());
  }
  log.info('the clock runs', { queues: queues.length });
}

function consumeDeadLetters(
  deps: DeadLetterDeps,
  connection: BrokerConnection,
  until: AbortSignal,
): Consumer {
  const { log } = deps;
  return consume(connection, {
    queue: DEAD_QUEUE,
    prefetch: DEAD_LETTER_PREFETCH,
    log,
    declare: (channel) => declareTopology(channel, contracts),
    onDelivery: (delivery) => {
      persist('dead letter', () => settleDeadLetter(deps, delivery), { log, until }).catch((error: unknown) =>
        log.error('a dead letter is not settled; it stays with the broker', { error }),
      );
    },
  });
}
