import type { Log } from '@offload/runtime/logger';
import type { ApiKeyRecord, ApiKeyStore } from '@offload/store/api-keys';
import { shareCalls } from './share-calls.js';
import { inTime } from './store-deadline.js';

export interface KnownKeys {
  /** The record of a valid key, else null. Rejects with a Problem when the database does not answer. */
  find(key: string): Promise<ApiKeyRecord | null>;
  /** What is remembered of a key, is forgotten: it was changed by this process. */
  forget(id: string): void;
}

/** Milliseconds that a found key is believed: so long a revoked one may still work in another process. */
const BELIEVED_MS = 5_000;
/** How often the use of a key is noted, in milliseconds. */
const NOTED_MS = 60_000;
const MOST_KEYS = 10_000;

interface Known {
  record: ApiKeyRecord;
  foundAt: number;
  notedAt: number;
}

/**
 * Keys as they are looked up for requests: each at most every few seconds, so that they cost the database nothing.
 * @param now milliseconds; any clock that only goes forwards
 */
export function createKnownKeys(
  store: Pick<ApiKeyStore, 'find' | 'used'>,
  options: { log: Log; now: () => number; databaseNow: () => Date },
): KnownKeys {
  const { log, now, databaseNow } = options;
  const known = new Map<string, Known>();
  const shared = shareCalls<Known | null>();

  function note(entry: Known): void {
    if (now() - entry.notedAt < NOTED_MS) return;
    entry.notedAt = now();
    store
      .used(entry.record._id, databaseNow())
      .catch((error: unknown) =>
        log.warn('the use of a key was not noted', { key: entry.record._id, error }),
      );
  }

  async function lookUp(key: string): Promise<Known | null> {
    const notedAt = known.get(key)?.notedAt ?? -Infinity;
    const record = await inTime(store.find(key));
    known.delete(key);
    if (!record) return null;
    // The one that was looked up longest ago goes: a Map keeps the order of insertion.
    const [oldest] = known.size >= MOST_KEYS ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
    const entry = { record, foundAt: now(), notedAt };
    known.set(key, entry);
    return entry;
  }

  return {
    async find(key) {
      let entry: Known | null | undefined = known.get(key);
      if (!entry || now() - entry.foundAt >= BELIEVED_MS) entry = await shared(key, () => lookUp(key));
      if (!entry) return null;
      const { expiresAt } = entry.record;
      if (expiresAt && expiresAt <= databaseNow()) return null;
      note(entry);
      return entry.record;
    },
    forget(id) {
      for (const [key, { record }] of known) if (record._id === id) known.delete(key);
    },
  };
}
