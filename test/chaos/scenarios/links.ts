import { setTimeout as sleep } from 'node:timers/promises';
import { linkNames, type LinkName } from '../../support/chaos-links.js';
import type { Scenario } from '../../support/chaos-stage.js';
import { flowing } from '../../support/flowing.js';

/** Each link is cut (connections reset, new ones refused), one after the other. */
export const linksCut = (ms: number): Scenario => ({
  title: `each link is cut for ${ms / 1000} s`,
  faultMs: linkNames.length * (ms + 10_000),
  async fault(stage) {
    for (const name of linkNames) {
      await sleep(300);
      stage.links[name].cut();
      await sleep(ms);
      stage.links[name].resume();
    }
    const from = stage.load.accepted.received.length;
    stage.recovered('last link back → flowing', await flowing(stage, from), 10_000);
  },
});

/** These links swallow what is sent, both ways, while both ends believe that it is well. */
export const linksHalfOpen = (names: LinkName[], ms: number): Scenario => ({
  title: `these links are half-open for ${ms / 1000} s: ${names.join(', ')}`,
  faultMs: ms + 60_000,
  // An attempt whose origin is silent ends by its time limit, and is tried again.
  settleMs: 180_000,
  async fault(stage) {
    await sleep(1_000);
    for (const name of names) stage.links[name].halfOpen();
    await sleep(ms);
    for (const name of names) stage.links[name].resume();
    const from = stage.load.accepted.received.length;
    stage.recovered('last link back → flowing', await flowing(stage, from), 15_000);
  },
});
