import mongoose from 'mongoose';
import { signalServer, untilWorks } from './server-processes.js';

/** Ends the tests' own database (FerretDB and the PostgreSQL below it) as a power cut would. */
export function killDatabase(): void {
  signalServer('ferretdb', 'SIGKILL');
  signalServer('postgresql', 'SIGKILL');
}

/** Resolves with the milliseconds until the database takes a write again; rejects after a minute. */
export function databaseBack(uri: string): Promise<number> {
  return untilWorks('The database', async () => {
    const connection = await mongoose
      .createConnection(uri, { serverSelectionTimeoutMS: 1_000, socketTimeoutMS: 2_000 })
      .asPromise();
    try {
      await connection.collection('chaos').insertOne({ at: new Date() });
    } finally {
      await connection.close();
    }
  });
}
