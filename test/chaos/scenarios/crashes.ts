import { brokerBack, killBroker } from '../../support/broker-process.js';
import type { Scenario, Stage } from '../../support/chaos-stage.js';
import { flowing } from '../../support/flowing.js';
import type { ProcessType } from '../../support/processes.js';

async function killAndStart({ running, system }: Stage, type: ProcessType): Promise<void> {
  const [victim] = running(type);
  victim?.signal('SIGKILL');
  await victim?.exited;
  await system.start(type);
}

/** A worker, the broker and the API, one after the other, while the others go on. */
export const everythingKilled: Scenario = {
  title: 'a worker, the broker and the API are killed',
  load: { workMs: 1_500 },
  async fault(stage) {
    await stage.load.accepted.first(30);
    await killAndStart(stage, 'feed-fetcher');
    const from = stage.load.accepted.received.length;
    killBroker();
    await brokerBack(stage.system.vhost.url);
    stage.recovered('broker back → flowing', await flowing(stage, from), 5_000);
    await killAndStart(stage, 'web');
    const more = stage.load.accepted.received.length + 30;
    await stage.load.accepted.first(Math.max(200, more), 60_000);
  },
};
