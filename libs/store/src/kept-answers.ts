import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { StoreConnection } from './connect.js';
import { IDEMPOTENCY_MS } from './idempotency.js';
import { newId } from './new-task.js';
import { storeFailure } from './store-failure.js';
import { StoreUnavailable } from './store-unavailable.js';

/** A request under an Idempotency-Key. */
export interface KeyedRequest {
  owner: string;
  /** Method and path: the same key at another address is another key. */
  address: string;
  key: string;
  /** Tells another body. */
  bodyHash: string;
}

export interface KeptAnswer {
  status: number;
  headers: Record<string, string>;
  /** JSON text. */
  body: string;
}

/**
 * - `begun`: it is this request's turn; `token` stands for that.
 * - `underway`: another one with the same body has it.
 * - `answered`: one with the same body was answered so.
 * - `another-body`: the key was sent with another body, until that time.
 */
export type Begun =
  | { kind: 'begun'; token: string }
  | { kind: 'underway' }
  | { kind: 'answered'; answer: KeptAnswer }
  | { kind: 'another-body'; until: Date };

/**
 * Answers of requests that make something which has no place for an Idempotency-Key of its own; tasks and batches
 * have one (idempotency.ts). Only what was done is kept.
 */
export interface KeptAnswers {
  begin(request: KeyedRequest): Promise<Begun>;
  /** The answer is everybody's from now on who comes with the key. */
  keep(request: KeyedRequest, token: string, answer: KeptAnswer): Promise<void>;
  /** Nothing was done: the key is free again. */
  free(request: KeyedRequest, token: string): Promise<void>;
}

interface KeptRecord {
  /** A hash of owner, address and key. */
  _id: string;
  bodyHash: string;
  token: string;
  /** While it is under way: after that time, whoever began it has died. */
  busyUntil?: Date;
  answer?: KeptAnswer;
  until: Date;
}

const COLLECTION = 'keptAnswers';
/** Above the time that any request but an upload may take, milliseconds. */
const BUSY_MS = 120_000;
/** Another request may free the key, or let it run out, between two looks. */
const TRIES = 3;

export async function prepareKeptAnswers(mongo: Connection): Promise<void> {
  await mongo.collection(COLLECTION).createIndex({ until: 1 }, { expireAfterSeconds: 0 });
}

const idOf = ({ owner, address, key }: KeyedRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([owner, address, key]))
    .digest('base64url');

export function createKeptAnswers({ mongo, clock }: StoreConnection): KeptAnswers {
  const records = () => mongo.collection<KeptRecord>(COLLECTION);
  const later = (ms: number): Date => new Date(clock.now().getTime() + ms);

  const insert = async (request: KeyedRequest, token: string): Promise<boolean> => {
    const { bodyHash } = request;
    const times = { busyUntil: later(BUSY_MS), until: later(IDEMPOTENCY_MS) };
    try {
      await records().insertOne({ _id: idOf(request), bodyHash, token, ...times });
      return true;
    } catch (error) {
      if (storeFailure(error) === 'duplicate') return false;
      throw error;
    }
  };

  /** Undefined: it is gone again. */
  const look = async (request: KeyedRequest, token: string): Promise<Begun | undefined> => {
    const _id = idOf(request);
    const found = await records().findOne({ _id });
    if (!found) return undefined;
    // Our own, whose reply was lost.
    if (found.token === token) return { kind: 'begun', token };
    const now = clock.now();
    if (found.until <= now) {
      await records().deleteMany({ _id, token: found.token });
      return undefined;
    }
    if (found.bodyHash !== request.bodyHash) return { kind: 'another-body', until: found.until };
    if (found.answer) return { kind: 'answered', answer: found.answer };
    if (found.busyUntil && found.busyUntil > now) return { kind: 'underway' };
    const taken = await records().updateOne(
      { _id, token: found.token },
      { $set: { token, busyUntil: later(BUSY_MS) } },
    );
    return taken.matchedCount > 0 ? { kind: 'begun', token } : { kind: 'underway' };
  };

  return {
    async begin(request) {
      const token = newId();
      for (let tries = 0; tries < TRIES; tries++) {
        if (await insert(request, token)) return { kind: 'begun', token };
        const found = await look(request, token);
        if (found) return found;
      }
      throw new StoreUnavailable('Its key changed hands again and again; try again.');
    },
    async keep(request, token, answer) {
      await records().updateOne(
        { _id: idOf(request), token },
        { $set: { answer }, $unset: { busyUntil: '' as const } },
      );
    },
    async free(request, token) {
      await records().deleteMany({ _id: idOf(request), token, answer: { $exists: false } });
    },
  };
}
