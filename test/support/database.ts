import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';

/** A database of the tests' server that belongs to one test file. */
export interface TestDatabase {
  /** The server's URI with this database. */
  uri: string;
  /** The same through another address, e.g. a proxy's. */
  uriAt(port: number): string;
  host: string;
  port: number;
  name: string;
  remove(): Promise<void>;
}

/** Names a new database on the server at MONGODB_URI; the first write makes it. */
export function testDatabase(label: string): TestDatabase {
  const given = process.env.MONGODB_URI;
  if (!given)
    throw new Error('MONGODB_URI is not set: run these tests through npm test, which starts a database.');
  const name = `test-${label}-${randomUUID().slice(0, 8)}`;
  const at = (change: (url: URL) => void): string => {
    const url = new URL(given);
    url.pathname = `/${name}`;
    if (!url.searchParams.has('authSource')) url.searchParams.set('authSource', 'admin');
    change(url);
    return url.href;
  };
  const { hostname, port } = new URL(given);
  const uri = at(() => undefined);
  return {
    uri,
    uriAt: (other) => at((url) => Object.assign(url, { hostname: '127.0.0.1', port: String(other) })),
    host: hostname,
    port: Number(port) || 27017,
    name,
    async remove() {
      const connection = await mongoose.createConnection(uri).asPromise();
      await connection.dropDatabase();
      await connection.close();
    },
  };
}
