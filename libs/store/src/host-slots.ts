import { randomUUID } from 'node:crypto';
import type { Connection, mongo } from 'mongoose';
import { withoutDeadlock } from './apply-moves.js';
import type { StoreConnection, StoreLog } from './connect.js';
import { createGroup } from './group.js';
import {
  apply,
  newHost,
  SLOT_LEASE_MS,
  type HostLimits,
  type HostRecord,
  type HostRequest,
} from './host-slots-rules.js';
import { storeFailure } from './store-failure.js';

/** A place at a host; `again` counts one more request, `leave` gives the place back. */
export interface HostPlace {
  again(): void;
  leave(): void;
}

/** What libs/outbound asks before each exchange (HostGate there). */
export interface HostSlotsGate {
  enter(host: string, ticket: string): Promise<HostPlace | { until: Date; waitMs: number }>;
  holdBack(host: string, ms: number): Promise<void>;
}

/** Who asks which host how often, for all workers: one document a host, each change one conditional update of it. */
export interface HostSlots {
  gate(limits: HostLimits): HostSlotsGate;
}

interface Item {
  host: string;
  request: HostRequest;
  limits: HostLimits;
}

/** `contended`: others changed the host's record again and again. */
type Outcome = { turn: Date | null } | 'contended';

const COLLECTION = 'hosts';
const MOST_IN_GROUP = 500;
/** Readings in one group; whoever is still contended then asks again with the next one. */
const ROUNDS = 3;
const TRIES = 5;
const CONTENDED_WAIT_MS = 1_000;
const RENEW_MS = SLOT_LEASE_MS / 3;
/** After a failure of the store nobody asks it for so long, in milliseconds: each question would wait in vain. */
const WITHOUT_STORE_MS = 5_000;

export async function prepareHostSlots(mongo: Connection): Promise<void> {
  await mongo.collection(COLLECTION).createIndex({ expireAt: 1 }, { expireAfterSeconds: 0 });
}

export function createHostSlots(connection: StoreConnection, log: StoreLog): HostSlots {
  const hosts = createGroup((items: Item[]) => commit(connection, items), { most: MOST_IN_GROUP });
  let withoutUntil = 0;

  /** null: the store did not take it. */
  const ask = async (item: Item): Promise<Outcome | null> => {
    if (performance.now() < withoutUntil) return null;
    try {
      let outcome = await hosts.add(item);
      for (let n = 1; n < TRIES && outcome === 'contended'; n++) outcome = await hosts.add(item);
      return outcome;
    } catch (error) {
      // Nobody may wait for politeness when the store is away: whoever works now has claimed before that.
      if (performance.now() >= withoutUntil) {
        const away = storeFailure(error) === 'away';
        log[away ? 'warn' : 'error']('hosts are asked without their limits for a while', { error });
      }
      withoutUntil = performance.now() + WITHOUT_STORE_MS;
      return null;
    }
  };

  return {
    gate(limits) {
      const held = keepHeld((host, id) => void ask({ host, limits, request: { kind: 'renew', id } }));
      return {
        async enter(host, ticket) {
          const id = randomUUID();
          const outcome = await ask({ host, limits, request: { kind: 'enter', id, ticket } });
          if (outcome === null) return FREE;
          const now = connection.clock.now().getTime();
          const turn =
            outcome === 'contended' ? new Date(now + CONTENDED_WAIT_MS * (1 + Math.random())) : outcome.turn;
          if (turn) return { until: turn, waitMs: Math.max(0, turn.getTime() - now) };
          held.set(id, host);
          return {
            again: () => void ask({ host, limits, request: { kind: 'again' } }),
            leave() {
              if (held.delete(id)) void ask({ host, limits, request: { kind: 'leave', id } });
            },
          };
        },
        async holdBack(host, ms) {
          await ask({ host, limits, request: { kind: 'hold', ms } });
        },
      };
    },
  };
}

const FREE: HostPlace = { again() {}, leave() {} };

/** The places that this process holds, each renewed while it is held. */
function keepHeld(renew: (host: string, id: string) => void): Pick<Map<string, string>, 'set' | 'delete'> {
  const held = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  return {
    set(id, host) {
      held.set(id, host);
      timer ??= setInterval(() => held.forEach((of, each) => renew(of, each)), RENEW_MS).unref();
      return held;
    },
    delete(id) {
      const was = held.delete(id);
      if (held.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
      return was;
    },
  };
}

/** Reads the hosts of a group, carries all requests out in memory, and writes each record if it is still the one read. */
async function commit({ mongo, clock }: StoreConnection, items: Item[]): Promise<Outcome[]> {
  const collection = mongo.collection<HostRecord>(COLLECTION);
  const outcomes = new Map<Item, Outcome>();
  let left = items;
  for (let round = 0; round < ROUNDS && left.length > 0; round++) {
    const ids = [...new Set(left.map(({ host }) => host))].sort();
    const found = await collection.find({ _id: { $in: ids } }).toArray();
    const now = clock.now();
    const stored = new Map(found.map((record) => [record._id, record]));
    const records = new Map(ids.map((id) => [id, stored.get(id) ?? newHost(id, now)]));
    const before = new Map(found.map(({ _id, rev }) => [_id, rev]));
    const turns = left.map((item) => apply(records.get(item.host)!, item.request, item.limits, now));
    const written = await write(collection, [...records.values()], before);
    left.forEach((item, index) => {
      if (written.has(item.host)) outcomes.set(item, { turn: turns[index]! });
    });
    left = left.filter(({ host }) => !written.has(host));
  }
  return items.map((item) => outcomes.get(item) ?? 'contended');
}

/** Writes what nobody else has changed since it was read; answers the hosts that were. */
async function write(
  collection: mongo.Collection<HostRecord>,
  records: HostRecord[],
  before: ReadonlyMap<string, string>,
): Promise<Set<string>> {
  const rev = randomUUID();
  const operations = records.map((record): mongo.AnyBulkWriteOperation<HostRecord> => {
    const { _id, ...fields } = { ...record, rev };
    const read = before.get(_id);
    if (read === undefined) return { insertOne: { document: { _id, ...fields } } };
    return { updateOne: { filter: { _id, rev: read }, update: { $set: fields } } };
  });
  try {
    // Acknowledged is enough: what a crash of the database forgets makes a host busier for seconds, no more.
    const options = { ordered: false, writeConcern: { w: 1 } } as const;
    const done = await withoutDeadlock(() => collection.bulkWrite(operations, options));
    if (done.matchedCount + done.insertedCount === records.length)
      return new Set(records.map(({ _id }) => _id));
  } catch (error) {
    // Somebody else was first with a new host.
    if (storeFailure(error) !== 'duplicate') throw error;
  }
  const filter = { _id: { $in: records.map(({ _id }) => _id) }, rev };
  const written = await collection.find(filter, { projection: { _id: 1 } }).toArray();
  return new Set(written.map(({ _id }) => _id));
}
