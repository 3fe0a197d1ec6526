import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { StoreConnection } from './connect.js';
import { deleteDocument } from './delete-document.js';
import { pageOf, type ListPage } from './list-page.js';
import { newId } from './new-task.js';
import { storeFailure } from './store-failure.js';
import type { Seal } from './webhook-seal.js';

/** One value of a secret. While a secret has several, each signs. */
export interface SecretValue {
  id: string;
  /** See webhook-seal.ts. */
  sealed: string;
  createdAt: Date;
  /** Does not sign from then on; absent: until it is replaced. */
  expiresAt?: Date;
}

/** What an owner's webhooks are signed with, by name. */
export interface WebhookSecretRecord {
  /** UUIDv7. */
  _id: string;
  owner: string;
  /** Unique in its owner. */
  name: string;
  /** The newest last. */
  values: SecretValue[];
  createdAt: Date;
}

/** The record, and the new value in the form of Standard Webhooks, which is never shown again. */
export interface CreatedSecret {
  record: WebhookSecretRecord;
  /** `whsec_` and base64. */
  secret: string;
}

export interface WebhookSecretStore {
  create(owner: string, name: string): Promise<CreatedSecret | 'name-taken' | 'too-many'>;
  list(owner: string, page: ListPage): Promise<WebhookSecretRecord[]>;
  get(owner: string, id: string): Promise<WebhookSecretRecord | null>;
  /** A new value; those before it sign until `oldUntil`, or their own earlier end. null: it is not there. */
  rotate(owner: string, id: string, oldUntil: Date): Promise<CreatedSecret | null>;
  /** Answers whether it was there. */
  remove(owner: string, id: string): Promise<boolean>;
  /** Those of these names that the owner has a secret of. */
  known(owner: string, names: string[]): Promise<Set<string>>;
  /** The values that sign now, the newest first; none when there is no such secret. Throws SealBroken. */
  valuesOf(owner: string, name: string): Promise<string[]>;
  /** The database's time. */
  now(): Date;
}

/** Secrets of one owner. */
export const MOST_SECRETS = 100;
/** Values of one secret: a receiver's header must not grow without bound. */
const MOST_VALUES = 5;

const COLLECTION = 'webhookSecrets';
/** Standard Webhooks asks for 24 to 64. */
const BYTES = 32;

export async function prepareWebhookSecrets(mongo: Connection): Promise<void> {
  const collection = mongo.collection<WebhookSecretRecord>(COLLECTION);
  await collection.createIndex({ owner: 1, name: 1 }, { unique: true });
  await collection.createIndex({ owner: 1, _id: -1 });
}

/** Values that sign at this time, the oldest first. */
export const validAt = ({ values }: WebhookSecretRecord, now: Date): SecretValue[] =>
  values.filter(({ expiresAt }) => !expiresAt || expiresAt > now);

/** Every method rejects with the driver's error when the database is away. */
export function createWebhookSecretStore({ mongo, clock }: StoreConnection, seal: Seal): WebhookSecretStore {
  const collection = () => mongo.collection<WebhookSecretRecord>(COLLECTION);
  const now = () => clock.now();

  /** @param of the record that it belongs to */
  async function newValue(of: string): Promise<{ value: SecretValue; secret: string }> {
    const secret = `whsec_${randomBytes(BYTES).toString('base64')}`;
    const value = { id: newId(), sealed: await seal.close(secret, of), createdAt: now() };
    return { value, secret };
  }

  return {
    async create(owner, name) {
      if ((await collection().countDocuments({ owner }, { limit: MOST_SECRETS })) >= MOST_SECRETS)
        return 'too-many';
      const _id = newId();
      const { value, secret } = await newValue(_id);
      const record = { _id, owner, name, values: [value], createdAt: value.createdAt };
      try {
        await collection().insertOne(record);
      } catch (error) {
        if (storeFailure(error) === 'duplicate') return 'name-taken';
        throw error;
      }
      return { record, secret };
    },
    list: (owner, page) => pageOf(collection(), { owner }, page).toArray(),
    get: (owner, id) => collection().findOne({ _id: id, owner }),
    async rotate(owner, id, oldUntil) {
      const { value, secret } = await newValue(id);
      for (;;) {
        const record = await collection().findOne({ _id: id, owner });
        if (!record) return null;
        const old = validAt(record, now()).map((each) => ({
          ...each,
          expiresAt: each.expiresAt && each.expiresAt < oldUntil ? each.expiresAt : oldUntil,
        }));
        const values = [...old, value].slice(-MOST_VALUES);
        // Another rotation of the same moment has added its own value.
        const same = {
          _id: id,
          owner,
          'values.id': record.values.at(-1)?.id,
          values: { $size: record.values.length },
        };
        const { matchedCount } = await collection().updateOne(same, { $set: { values } });
        if (matchedCount > 0) return { record: { ...record, values }, secret };
      }
    },
    remove: (owner, id) => deleteDocument(collection(), { _id: id, owner }),
    async known(owner, names) {
      const found = await collection()
        .find({ owner, name: { $in: names } })
        .project<{ name: string }>({ name: 1 })
        .toArray();
      return new Set(found.map(({ name }) => name));
    },
    async valuesOf(owner, name) {
      const record = await collection().findOne({ owner, name });
      if (!record) return [];
      const values = validAt(record, now()).reverse();
      return Promise.all(values.map(({ sealed }) => seal.open(sealed, record._id)));
    },
    now,
  };
}
