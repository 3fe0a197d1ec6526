import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { StoreConnection } from './connect.js';
import { serverSecret } from './server-secrets.js';

/** A secret that cannot be opened here. Its message says what to do. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/** Keeps small texts unreadable in the database: AES-256-GCM (NIST SP 800-38D), bound to what they belong to. */
export interface Seal {
  /** @param of what it belongs to: opened for something else, it is broken */
  close(text: string, of: string): Promise<string>;
  /** Throws SealBroken. */
  open(sealed: string, of: string): Promise<string>;
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * @param key the operator's, kept outside of the database; without one the key stands in the database itself, which keeps
 * the texts out of logs and dumps of their collection, not from one who has all of it
 */
export function createSeal(connection: Pick<StoreConnection, 'mongo'>, key: string | undefined): Seal {
  const own = key === undefined ? undefined : derived(Buffer.from(key));
  let inStore: Promise<Buffer> | undefined;
  const stored = (): Promise<Buffer> => {
    inStore ??= serverSecret(connection.mongo, 'webhook-secrets').then(derived);
    inStore.catch(() => (inStore = undefined));
    return inStore;
  };
  return {
    async close(text, of) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, own ?? (await stored()), nonce).setAAD(Buffer.from(of));
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${own ? 'own' : 'stored'}:${sealed.toString('base64')}`;
    },
    async open(sealed, of) {
      const [which = '', text = ''] = sealed.split(':');
      const bytes = Buffer.from(text, 'base64');
      if (which === 'own' && !own)
        throw new SealBroken('It was sealed with WEBHOOK_KEY, which this process does not have.');
      const key = which === 'own' && own ? own : await stored();
      try {
        const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES));
        decipher.setAAD(Buffer.from(of)).setAuthTag(bytes.subarray(-TAG_BYTES));
        const opened = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
        return Buffer.concat([opened, decipher.final()]).toString('utf8');
      } catch (cause) {
        // The tag does not fit, or what is stored is too short to have one: OpenSSL says no more.
        throw new SealBroken('It was sealed with another key than the WEBHOOK_KEY of this process.', {
          cause,
        });
      }
    },
  };
}

/** HKDF (RFC 5869): the key is for this alone. */
const derived = (key: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'offload webhook secrets', 32));
