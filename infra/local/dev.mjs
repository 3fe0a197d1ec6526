// @ts-check
// `npm run dev`: as `npm start`, but compiles on save and restarts only the processes whose code has changed.

import { main } from './start.mjs';
import { CodeWatcher } from './code-watcher.mjs';

process.exitCode = await main(process.argv.slice(2), (context) => new CodeWatcher(context));
