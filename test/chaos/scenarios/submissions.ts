import { setTimeout as sleep } from 'node:timers/promises';
import { connectBroker } from '@offload/broker/connect';
import { createPublisher } from '@offload/broker/publish';
import { contracts } from '@offload/contracts/registry';
import { messageOf } from '@offload/store/new-task';
import { expect } from '@jest/globals';
import type { Scenario, Stage } from '../../support/chaos-stage.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { when } from '../../support/signals.js';
import { withStore } from '../../support/stored-task.js';

/** Accepts `count` tasks, then ends the API as a power cut would, heals its link and starts it again. */
async function acceptAndDie({ load, running, system, links }: Stage, count: number): Promise<void> {
  await load.accepted.first(load.accepted.received.length + count);
  const [web] = running('web');
  web?.signal('SIGKILL');
  await web?.exited;
  links['api-broker'].resume();
  await system.start('web');
}

/** Between store and publish: the publish is written to a link that swallows it, and the API dies. */
export const apiDiesBeforePublish = (times: number): Scenario => ({
  title: `the API is killed between store and publish${times === 1 ? '' : `, ${times} times`}`,
  faultMs: times * 30_000,
  async fault(stage) {
    for (let n = 0; n < times; n++) {
      await sleep(1_000);
      stage.links['api-broker'].halfOpen();
      await acceptAndDie(stage, 20);
    }
  },
});

/** Between publish and confirm: the broker has the message, the API dies without knowing it. */
export const apiDiesBeforeConfirm = (times: number): Scenario => ({
  title: `the API is killed between publish and confirm${times === 1 ? '' : `, ${times} times`}`,
  faultMs: times * 30_000,
  async fault(stage) {
    for (let n = 0; n < times; n++) {
      await sleep(1_000);
      stage.links['api-broker'].loseReplies();
      await acceptAndDie(stage, 20);
    }
  },
});

/** Every message is published a second time, with the same seq, as a network or an operator may do. */
export const deliveredTwice = (count: number): Scenario => ({
  title: 'every message is delivered twice',
  async fault({ system, load }) {
    const log = new RecordedLog();
    const broker = await connectBroker({ url: system.vhost.url, name: 'copier', log });
    const publisher = createPublisher(broker, { contracts, log });
    await when(publisher, () => publisher.ready, 'the copier to be ready');
    await withStore(system, async ({ tasks }) => {
      for (let n = 1; n <= count; n++) {
        const accepted = (await load.accepted.first(n))[n - 1];
        const task = accepted && (await tasks.get(accepted.id));
        if (!task) throw new Error('An accepted task is not in the store.');
        expect(await publisher.publish(messageOf(task))).toBe('confirmed');
      }
    });
    await publisher.close();
    await broker.close();
  },
});
