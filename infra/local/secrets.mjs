// @ts-check
// The passwords of the local servers: generated once, kept in `<base>/secrets.json` for their owner's eyes only.

import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Secrets
 * @property {string} rabbitmq   password of the RabbitMQ user `offload`
 * @property {string} database   password of the database user `offload`
 * @property {string} s3Key      access key id
 * @property {string} s3Secret   secret access key
 */

/**
 * Reads the secrets of a base folder; makes those that are missing.
 * @param {string} base
 * @returns {Secrets}
 */
export function loadSecrets(base) {
  const file = join(base, 'secrets.json');
  /** @type {Partial<Secrets>} */
  let known = {};
  try {
    known = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const missing = /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT';
    if (!missing && !(error instanceof SyntaxError)) throw error;
  }
  const secret = () => randomBytes(18).toString('hex');
  /** @type {Secrets} */
  const secrets = {
    rabbitmq: known.rabbitmq ?? secret(),
    database: known.database ?? secret(),
    s3Key: known.s3Key ?? `offload-${randomBytes(6).toString('hex')}`,
    s3Secret: known.s3Secret ?? secret(),
  };
  writePrivateJson(file, secrets);
  return secrets;
}

/**
 * Writes a file that only its owner can read, whole or not at all.
 * @param {string} file
 * @param {unknown} value
 */
export function writePrivateJson(file, value) {
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.tmp`, JSON.stringify(value, undefined, 2) + '\n', { mode: 0o600 });
  chmodSync(`${file}.tmp`, 0o600); // the mode above counts only for a new file
  renameSync(`${file}.tmp`, file);
}
