import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../../support/chaos-stage.js';
import type { LinkName } from '../../support/chaos-links.js';
import { databaseBack, killDatabase } from '../../support/database-process.js';
import { flowing } from '../../support/flowing.js';

export const databaseKilled = (times: number): Scenario => ({
  title: `the database is killed in mid-write${times === 1 ? '' : ` ${times} times`} and comes back`,
  load: { everyMs: 20, workMs: 100 },
  faultMs: times * 60_000,
  async fault(stage) {
    for (let n = 0; n < times; n++) {
      await sleep(2_000);
      killDatabase();
      await sleep(500);
      await databaseBack(stage.system.database.uri);
      const from = stage.load.accepted.received.length;
      stage.recovered('database back → flowing', await flowing(stage, from), 10_000);
    }
  },
});

/** The database does what it was asked, and its reply is lost: claim, finish, give back, insert, confirm, take. */
export const repliesLost = (rounds: number): Scenario => ({
  title: `the database's replies are lost, ${rounds} times on each link`,
  load: { everyMs: 15, workMs: 50 },
  faultMs: rounds * 20_000,
  async fault({ links }) {
    const names: LinkName[] = ['worker-database', 'api-database', 'clock-database'];
    await sleep(1_000);
    for (let n = 0; n < rounds; n++)
      for (const name of names) {
        links[name].loseReplies();
        await sleep(300);
        links[name].resume();
        await sleep(700);
      }
  },
});
