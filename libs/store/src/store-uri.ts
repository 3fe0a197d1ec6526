import { ConfigError } from '@offload/runtime/env';
import mongoose from 'mongoose';

/** What may be shown of a database URI. */
export interface StoreUri {
  /** `host:port[,…]/name`, without user and password: for logs. */
  shown: string;
}

const EXAMPLE = 'mongodb://user:password@host:27017/name';
const NAME = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?/]+)/;

/**
 * Checks a URI with the driver's own parser, without connecting.
 * @throws ConfigError that says what is wrong, and never shows what may be a part of the password
 */
export function checkStoreUri(uri: string): StoreUri {
  let hosts: string;
  try {
    const { options } = new mongoose.mongo.MongoClient(uri);
    hosts = options.srvHost ?? options.hosts.map(String).join();
  } catch (error) {
    throw new ConfigError(
      `MONGODB_URI cannot be read: ${sayable(error as Error, uri)} It looks like ${EXAMPLE}; in user and password, ` +
        'characters such as : / ? # [ ] @ % are percent-encoded.',
    );
  }
  const name = NAME.exec(uri)?.[1];
  if (name === undefined)
    throw new ConfigError(`MONGODB_URI has no database name. It stands behind the host: ${EXAMPLE}`);
  return { shown: `${hosts}/${name}` };
}

/** The driver's words, unless they repeat something that may belong to the password. */
function sayable({ message }: Error, uri: string): string {
  const userInfo = uri.slice(uri.indexOf('://') + 3, uri.lastIndexOf('@') + 1);
  const secrets = userInfo.slice(userInfo.indexOf(':') + 1).split(/[^A-Za-z0-9]+/);
  const silent = message.includes(uri) || secrets.some((part) => part !== '' && message.includes(part));
  return silent ? 'the driver does not understand it.' : `${message}.`;
}

/** AuthenticationFailed and Unauthorized (MongoDB's error_codes.yml). */
const AUTHENTICATION = 18;
const UNAUTHORIZED = 13;

/** Why the database cannot be used yet and what to do, in words. */
export function explainStoreFailure(error: Error, { shown }: StoreUri): string {
  const { code } = error as { code?: unknown };
  const { message } = error;
  if (code === AUTHENTICATION || /authentication failed/i.test(message))
    return `The database at ${shown} refuses the user or password: check both in MONGODB_URI, and authSource (the database that knows the user, often admin).`;
  if (code === UNAUTHORIZED)
    return `The database at ${shown} does not let this user in: it needs the role readWrite on it. The server says: ${message}`;
  if (/ECONNREFUSED/.test(message))
    return `No database listens at ${shown}: start it, or change MONGODB_URI.`;
  if (/ENOTFOUND|EAI_AGAIN|querySrv/.test(message))
    return `The host name in ${shown} is not known: check MONGODB_URI and the DNS.`;
  return `The database at ${shown} cannot be used: ${message}`;
}
