import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { StoreConnection } from './connect.js';
import { deleteDocument } from './delete-document.js';
import { pageOf, type ListPage } from './list-page.js';
import { newId } from './new-task.js';

/** What a key may do with what its owner has; `admin` may do all of it, and make keys of every owner. */
export const roles = ['submit', 'read', 'operate', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface ApiKeyRecord {
  /** UUIDv7. */
  _id: string;
  owner: string;
  /** For people. */
  name: string;
  roles: Role[];
  /** SHA-256 of the key, hex. It has 256 random bits, so no slow hash is needed. */
  hash: string;
  /** Its last four characters, so that people can tell keys apart. */
  ending: string;
  createdAt: Date;
  /** Not valid from then on; absent: until it is revoked. */
  expiresAt?: Date;
  /** To a minute or so. */
  lastUsedAt?: Date;
}

export interface NewApiKey {
  owner: string;
  name: string;
  roles: Role[];
  expiresAt?: Date;
}

/** The record, and the key itself, which is nowhere else and never shown again. */
export interface CreatedApiKey {
  record: ApiKeyRecord;
  key: string;
}

export interface ApiKeyStore {
  create(key: NewApiKey): Promise<CreatedApiKey>;
  /** The record of a key that is valid now, else null. */
  find(key: string): Promise<ApiKeyRecord | null>;
  get(id: string): Promise<ApiKeyRecord | null>;
  /** Expired ones, too, until the database removes them. */
  list(page: ListPage & { owner?: string }): Promise<ApiKeyRecord[]>;
  /** Another key for the same owner and roles; the old one stays valid until `oldUntil`, or its own earlier end. */
  rotate(read: ApiKeyRecord, oldUntil: Date): Promise<CreatedApiKey>;
  /** It is not valid any more. Answers whether it was there. */
  revoke(id: string): Promise<boolean>;
  /** Notes that it was used. */
  used(id: string, at: Date): Promise<void>;
  /** Whether there is any key that is valid now. */
  any(): Promise<boolean>;
}

const COLLECTION = 'apiKeys';
/** Starts every key, so that scanners for leaked secrets find it. */
const PREFIX = 'ofl_';
const FORM = /^ofl_[A-Za-z0-9_-]{43}$/;
/** An expired key is shown so long, so that people see why it does not work any more. */
const SHOWN_AFTER_EXPIRY_SECONDS = 30 * 24 * 3_600;

export async function prepareApiKeys(mongo: Connection): Promise<void> {
  const collection = mongo.collection<ApiKeyRecord>(COLLECTION);
  await collection.createIndex({ hash: 1 }, { unique: true });
  await collection.createIndex({ owner: 1, _id: -1 });
  await collection.createIndex({ expiresAt: 1 }, { expireAfterSeconds: SHOWN_AFTER_EXPIRY_SECONDS });
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Every method rejects with the driver's error when the database is away. */
export function createApiKeyStore({ mongo, clock }: StoreConnection): ApiKeyStore {
  const collection = () => mongo.collection<ApiKeyRecord>(COLLECTION);
  const valid = () => ({ $or: [{ expiresAt: { $exists: false } }, { expiresAt: { $gt: clock.now() } }] });

  async function create({ owner, name, roles: given, expiresAt }: NewApiKey): Promise<CreatedApiKey> {
    const key = PREFIX + randomBytes(32).toString('base64url');
    const record: ApiKeyRecord = {
      _id: newId(),
      owner,
      name,
      roles: given,
      hash: hashOf(key),
      ending: key.slice(-4),
      createdAt: clock.now(),
      ...(expiresAt && { expiresAt }),
    };
    await collection().insertOne(record);
    return { record, key };
  }

  return {
    create,
    async find(key) {
      if (!FORM.test(key)) return null;
      const hash = hashOf(key);
      const record = await collection().findOne({ hash, ...valid() });
      // The index has found it by its hash; compared once more, in a time that says nothing of where they differ.
      return record && timingSafeEqual(Buffer.from(record.hash), Buffer.from(hash)) ? record : null;
    },
    get: (id) => collection().findOne({ _id: id }),
    list: ({ owner, ...page }) => pageOf(collection(), owner === undefined ? {} : { owner }, page).toArray(),
    async rotate({ _id, owner, name, roles: given, expiresAt }, oldUntil) {
      // First the new one: a fault in between leaves two valid keys, and not none.
      const created = await create({ owner, name, roles: given, ...(expiresAt && { expiresAt }) });
      await collection().updateOne({ _id }, { $min: { expiresAt: oldUntil } });
      return created;
    },
    revoke: (id) => deleteDocument(collection(), { _id: id }),
    used: async (id, at) => void (await collection().updateOne({ _id: id }, { $max: { lastUsedAt: at } })),
    any: async () => (await collection().findOne(valid(), { projection: { _id: 1 } })) !== null,
  };
}
