import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { unlessDuplicate } from './store-failure.js';

interface SecretRecord {
  _id: string;
  /** Base64. */
  value: string;
}

/**
 * 32 random bytes that every process of the system shares, made by the first that asks. Rejects with the driver's
 * error when the database is away.
 * @param name what it is for: another purpose has another secret
 */
export async function serverSecret(mongo: Connection, name: string): Promise<Buffer> {
  const collection = mongo.collection<SecretRecord>('serverSecrets');
  const made = { $setOnInsert: { value: randomBytes(32).toString('base64') } };
  await collection.updateOne({ _id: name }, made, { upsert: true }).catch(unlessDuplicate);
  const secret = await collection.findOne({ _id: name });
  if (!secret) throw new Error(`The secret ${name} was removed in the same moment.`);
  return Buffer.from(secret.value, 'base64');
}
