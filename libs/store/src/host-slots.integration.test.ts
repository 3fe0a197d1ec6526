import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { until } from '../../../test/support/until.js';
import type { HostPlace, HostSlotsGate } from './host-slots.js';
import type { HostRecord } from './host-slots-rules.js';
import { openStore, type Store } from './open-store.js';

const LIMITS = { concurrency: 3, ratePerSecond: 1_000 };

/** Two stores on one database, as two workers have them. */
let fixture: StoreFixture;
let stores: [Store, Store];
beforeAll(async () => {
  fixture = await storeFixture('host-slots');
  const second = openStore({ uri: fixture.database.uri, name: 'second', log: new RecordedLog() });
  await second.connection.ready();
  stores = [fixture.store, second];
});
afterAll(async () => {
  await stores[1].connection.close();
  await fixture.remove();
});

const hosts = () => fixture.store.connection.mongo.collection<HostRecord>('hosts');
const gates = (limits = LIMITS): [HostSlotsGate, HostSlotsGate] => [
  stores[0].hosts.gate(limits),
  stores[1].hosts.gate(limits),
];

async function place(gate: HostSlotsGate, host: string, ticket: string): Promise<HostPlace> {
  const answer = await gate.enter(host, ticket);
  if ('leave' in answer) return answer;
  throw new Error(`${host} is busy for ${answer.waitMs} ms`);
}

async function turn(gate: HostSlotsGate, host: string, ticket: string): Promise<Date> {
  const answer = await gate.enter(host, ticket);
  if ('until' in answer) return answer.until;
  throw new Error(`${host} let ${ticket} in`);
}

const slotsLeft = (host: string, count: number) =>
  until(`${count} slots at ${host}`, async () => {
    const record = await hosts().findOne({ _id: host });
    return record?.slots.length === count ? record : undefined;
  });

describe('two workers', () => {
  test('together never have more exchanges with one host than it takes, however many ask at once', async () => {
    const both = gates();
    let [now, most, done] = [0, 0, 0];
    const work = async (n: number): Promise<void> => {
      for (let tries = 0; tries < 500; tries++) {
        const answer = await both[n % 2]!.enter('crowd.example', `task ${n}`);
        if ('until' in answer) {
          await new Promise((resolve) => setTimeout(resolve, Math.min(answer.waitMs, 100)));
          continue;
        }
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 5));
        now--;
        done++;
        return answer.leave();
      }
    };
    await Promise.all(Array.from({ length: 40 }, (_, n) => work(n)));
    expect({ done, most }).toEqual({ done: 40, most: LIMITS.concurrency });
  });

  test('give 100 tasks for one host turns of their own, in the order in which they asked', async () => {
    const slow = { concurrency: 1, ratePerSecond: 10 };
    const both = gates(slow);
    await place(both[0], 'line.example', 'first');
    const turns: number[] = [];
    for (let n = 0; n < 100; n++)
      turns.push((await turn(both[n % 2]!, 'line.example', `task ${n}`)).getTime());
    expect(new Set(turns).size).toBe(100);
    expect(turns).toEqual([...turns].sort((a, b) => a - b));
    expect(turns[99]! - turns[0]!).toBeGreaterThanOrEqual(9_900);
  });

  test('obey together what the host asked one of them for', async () => {
    const [one, other] = gates();
    const before = stores[1].connection.clock.now().getTime();
    await one.holdBack('limited.example', 60_000);
    const until = await turn(other, 'limited.example', 'x');
    expect(until.getTime() - before).toBeGreaterThan(59_000);
    expect(until.getTime() - before).toBeLessThan(62_000);
  });

  test('ask about a host that both see for the first time', async () => {
    const both = gates();
    for (let n = 0; n < 10; n++) {
      const host = `new-${n}.example`;
      await Promise.all([place(both[0], host, 'a'), place(both[1], host, 'b')]);
      expect((await hosts().findOne({ _id: host }))?.slots).toHaveLength(2);
    }
  });
});

describe('a slot', () => {
  test('is given back, and again is harmless', async () => {
    const [gate] = gates();
    const held = await place(gate, 'back.example', 'a');
    await slotsLeft('back.example', 1);
    held.again();
    held.leave();
    held.leave();
    await slotsLeft('back.example', 0);
  });

  test('of a worker that died comes back with its lease', async () => {
    const alone = { concurrency: 1, ratePerSecond: 1_000 };
    const [dead, alive] = gates(alone);
    await place(dead, 'dead.example', 'a');
    await turn(alive, 'dead.example', 'b');
    const record = await hosts().findOne({ _id: 'dead.example' });
    const slots = record!.slots.map((slot) => ({ ...slot, until: new Date(0) }));
    await hosts().updateOne({ _id: 'dead.example' }, { $set: { slots, turns: [], next: new Date(0) } });
    await place(alive, 'dead.example', 'c');
    await slotsLeft('dead.example', 1);
  });
});

test('records that nobody needs any more are removed by the database', async () => {
  const indexes = await hosts().indexes();
  expect(indexes).toContainEqual(expect.objectContaining({ key: { expireAt: 1 }, expireAfterSeconds: 0 }));
});

test('without the store everybody is let in, it is said once, and nobody waits for it again and again', async () => {
  const log = new RecordedLog();
  const away = openStore({ uri: fixture.database.uriAt(1), name: 'away', log });
  const gate = away.hosts.gate({ concurrency: 1, ratePerSecond: 1 });
  for (let n = 0; n < 5; n++) (await place(gate, 'any.example', `task ${n}`)).leave();
  await gate.holdBack('any.example', 1_000);
  const said = log.lines.received.filter(({ message }) => message.includes('without their limits'));
  expect(said).toHaveLength(1);
  await away.connection.close();
});
