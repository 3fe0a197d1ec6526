import { readEnv, serverEnv } from '@offload/runtime/env';
import { createLogger } from '@offload/runtime/logger';
import { openStore } from '@offload/store/open-store';
import { KEY_USAGE, runKeyCommand, WrongArguments } from './key-command.js';

/** Milliseconds to wait for the database. */
const READY_MS = 15_000;

const config = readEnv(process.env, { MONGODB_URI: serverEnv.MONGODB_URI });
const log = createLogger({ service: 'key', level: 'warn', format: 'text' });
const store = openStore({ uri: config.MONGODB_URI, name: 'key', log });
const late = setTimeout(() => {
  process.stderr.write('The database does not answer; nothing was done.\n');
  process.exit(1);
}, READY_MS);

try {
  await store.connection.ready();
  clearTimeout(late);
  const lines = await runKeyCommand(process.argv.slice(2), {
    keys: store.keys,
    now: () => store.tasks.now(),
  });
  process.stdout.write(`${lines.join('\n')}\n`);
} catch (error) {
  clearTimeout(late);
  if (!(error instanceof WrongArguments)) throw error;
  process.stderr.write(`${error.message}\n\n${KEY_USAGE}`);
  process.exitCode = 2;
} finally {
  await store.connection.close();
}
