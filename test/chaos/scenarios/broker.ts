import { setTimeout as sleep } from 'node:timers/promises';
import { contracts } from '@offload/contracts/registry';
import { expect } from '@jest/globals';
import { brokerBack } from '../../support/broker-process.js';
import type { Scenario, Stage } from '../../support/chaos-stage.js';
import { flowing } from '../../support/flowing.js';
import { alarmMemory, shortConsumerTimeout } from '../../support/rabbitmqctl.js';
import { signalServer } from '../../support/server-processes.js';

/** Issue: broker back → flowing. */
const FLOWING_MS = 5_000;

/** SIGKILL is a power cut, SIGTERM a stop in order. */
export const brokerGone = (signal: 'SIGKILL' | 'SIGTERM', times: number): Scenario => ({
  title: `the broker is ended by ${signal} ${times === 1 ? 'once' : `${times} times`} and comes back`,
  faultMs: times * 60_000,
  async fault(stage) {
    for (let n = 0; n < times; n++) {
      await sleep(3_000);
      const from = stage.load.accepted.received.length;
      signalServer('rabbitmq', signal);
      await sleep(500);
      await brokerBack(stage.system.vhost.url);
      stage.recovered('broker back → flowing', await flowing(stage, from), FLOWING_MS);
    }
  },
});

/** An operator closes every connection of the vhost. */
async function closeAllConnections({ system: { vhost } }: Stage, atLeast: number): Promise<void> {
  // The management database hears of a connection a moment after it was opened.
  for (let closed = 0; closed < atLeast; await sleep(200)) {
    const list = (await (await vhost.api(`vhosts/${vhost.name}/connections`)).json()) as { name: string }[];
    const ends = list.map(({ name }) => vhost.api(`connections/${encodeURIComponent(name)}`, 'DELETE'));
    closed += (await Promise.allSettled(ends)).filter(({ status }) => status === 'fulfilled').length;
  }
}

export const connectionsClosed = (times: number): Scenario => ({
  title: `all connections are closed through the management API${times === 1 ? '' : ` ${times} times`}`,
  faultMs: times * 30_000,
  async fault(stage) {
    for (let n = 0; n < times; n++) {
      await sleep(2_000);
      const from = stage.load.accepted.received.length;
      await closeAllConnections(stage, 8);
      stage.recovered('closed → flowing', await flowing(stage, from), FLOWING_MS);
    }
  },
});

/** Queues in use are deleted: the broker cancels their consumers, and publishes come back until they are declared. */
async function deleteQueues({ system }: Stage): Promise<void> {
  for (const { queue } of contracts) await system.vhost.deleteQueue(queue);
}

/** The exchange is deleted: 404 closes each publisher's channel, and their owners declare it again. */
const deleteExchange = ({ system: { vhost } }: Stage) => vhost.api(`exchanges/${vhost.name}/tasks`, 'DELETE');

/** Deleted and declared with other arguments before its workers could: 406 closes their channels. */
async function declareOtherwise({ system: { vhost }, running }: Stage, queue: string): Promise<void> {
  const path = `queues/${vhost.name}/${encodeURIComponent(queue)}`;
  for (let tries = 0; ; tries++) {
    await vhost.deleteQueue(queue).catch(() => undefined);
    const put = vhost.api(path, 'PUT', { durable: true, arguments: { 'x-queue-type': 'classic' } });
    const won = await put.then(
      () => true,
      (error: unknown) => {
        if (tries > 50) throw error;
        return false;
      },
    );
    if (won) break;
  }
  const [worker] = running('echo');
  await worker?.lines.find((line) => line.includes('exists with other properties'), 'the 406');
  await vhost.deleteQueue(queue);
}

export const topologyLost = (times: number): Scenario => ({
  title: `queues and exchange in use are deleted${times === 1 ? '' : `, ${times} times`}, one declared otherwise`,
  faultMs: times * 60_000,
  // What waited in a deleted queue is found by the sweep of messages, after a minute without a sign of it.
  settleMs: 120_000,
  async fault(stage) {
    for (let n = 0; n < times; n++) {
      await sleep(2_000);
      const faults = [deleteQueues, deleteExchange, () => declareOtherwise(stage, 'system.echo')];
      for (const [step, fault] of faults.entries()) {
        const from = stage.load.accepted.received.length;
        await fault(stage);
        const what = ['queues deleted', 'exchange deleted', 'queue declared otherwise'][step];
        stage.recovered(`${what} → flowing`, await flowing(stage, from), 15_000);
      }
    }
  },
});

/** A queue with a backlog is deleted and declared again: the sweep of messages publishes what was in it. */
export const backlogDeleted: Scenario = {
  title: 'a queue with a backlog is deleted',
  processes: { web: 1, clock: 1, echo: 1 },
  load: { types: ['system.echo'] },
  settleMs: 150_000,
  async fault({ system, account, running, note }) {
    const [worker] = running('echo');
    worker?.signal('SIGTERM');
    await worker?.exited;
    for (let n = 0; n < 500; n++)
      account({ ...(await system.submit('system.echo', { message: `waits ${n}` })) });
    await system.vhost.deleteQueue('system.echo');
    note('500 tasks waited in the queue');
    await system.start('echo');
  },
};

/** Out of memory: publishers are blocked, POST goes on answering 202, and all flows when it is over. */
export const memoryAlarm: Scenario = {
  title: 'the broker has a memory alarm',
  async fault(stage) {
    await sleep(1_000);
    const clear = await alarmMemory();
    const from = stage.load.accepted.received.length;
    const refused = stage.load.refused;
    await sleep(10_000);
    stage.note(`${stage.load.accepted.received.length - from} tasks accepted meanwhile`);
    expect(stage.load.refused).toBe(refused);
    await clear();
    const mark = stage.load.accepted.received.length;
    stage.recovered('alarm over → flowing', await flowing(stage, mark), 10_000);
  },
};

const PATIENCE_MS = 6_000;
const LONG_MS = 25_000;

/** What the worker says of it: RabbitMQ up to 4.2 closes the channel (406), 4.3 cancels the consumer. */
const GAVE_UP = /delivery acknowledgement on channel \d+ timed out|the broker cancelled the consumer/;

/**
 * Handlers that take longer than the broker waits for an ack: their messages are delivered again, also to themselves, and
 * the work is not begun again as long as its holder shows that it lives.
 */
export const consumerTimeout: Scenario = {
  title: "handlers outlive the broker's consumer timeout",
  processes: { web: 1, clock: 1, 'feed-fetcher': 1, echo: 1 },
  load: { types: ['feed.fetch', 'system.echo'] },
  async fault({ system, account, running, note }) {
    const restore = await shortConsumerTimeout(PATIENCE_MS);
    try {
      running('echo').forEach((worker) => worker.signal('SIGTERM'));
      const workers = await Promise.all([system.start('echo'), system.start('echo')]);
      const long = await Promise.all(
        Array.from({ length: 10 }, () => system.submit('system.echo', { message: 'long', delayMs: LONG_MS })),
      );
      long.forEach(account);
      for (const { id } of long) {
        const { state, attempt } = await system.ended(id, 2 * LONG_MS);
        expect({ state, attempt }).toEqual({ state: 'succeeded', attempt: 1 });
      }
      const times = workers.flatMap(({ lines }) =>
        lines.received.filter((line) => GAVE_UP.test(line)),
      ).length;
      expect(times).toBeGreaterThan(0);
      note(`the broker gave up on consumers ${times} times; ${long.length} long tasks, 1 attempt each`);
    } finally {
      await restore();
    }
  },
};
