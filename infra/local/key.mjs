// @ts-check
// `npm run key -- create --roles submit,read`: keys of the API, in the database of the system that runs from this
// checkout, or in the one that MONGODB_URI names.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupFailure, failureText } from './failure.mjs';
import { checkout, defaultBase } from './folders.mjs';
import { runningEnvironment } from './running-system.mjs';

process.exitCode = main();

/** @returns {number} the exit code */
function main() {
  try {
    const uri = process.env['MONGODB_URI'] || runningEnvironment(defaultBase)?.['MONGODB_URI'];
    if (!uri)
      throw new SetupFailure('Keys are kept in the database', 'None runs from this checkout.', [
        'run `npm start` in another terminal, or set MONGODB_URI, then run this again',
      ]);
    const command = join(checkout, 'services', 'api', 'dist', 'key.js');
    if (!existsSync(command))
      throw new SetupFailure('The key command is not built', `${command} is missing.`, [
        'run `npm run build`',
      ]);
    const { status } = spawnSync(process.execPath, [command, ...process.argv.slice(2)], {
      stdio: 'inherit',
      env: { ...process.env, MONGODB_URI: uri },
    });
    return status ?? 1;
  } catch (error) {
    process.stdout.write(`${failureText(error)}\n`);
    return 1;
  }
}
