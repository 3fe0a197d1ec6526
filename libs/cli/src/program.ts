import type { Client } from '@offload/client';
import { Command } from 'commander';
import { batchCommand } from './commands/batch.js';
import { cancelCommand } from './commands/cancel.js';
import { deadLettersCommand } from './commands/dead-letters.js';
import { downloadCommand } from './commands/download.js';
import { eventsCommand } from './commands/events.js';
import { feedsCommand } from './commands/feeds.js';
import { getCommand } from './commands/get.js';
import { listCommand } from './commands/list.js';
import { queuesCommand } from './commands/queues.js';
import { pauseCommand, resumeCommand } from './commands/pause.js';
import { retryCommand } from './commands/retry.js';
import { schedulesCommand } from './commands/schedules.js';
import { statsCommand } from './commands/stats.js';
import { submitCommand } from './commands/submit.js';
import { uploadCommand } from './commands/upload.js';
import { waitCommand } from './commands/wait.js';
import { webhooksCommand } from './commands/webhooks.js';
import { workersCommand } from './commands/workers.js';
import type { Context, Streams } from './context.js';
import { explain, EXIT } from './exit-codes.js';
import { plain } from './print.js';

/** Adds one command. Its context is made when it runs, so that help needs none. */
export type AddCommand = (program: Command, context: () => Context) => void;

const commands: readonly AddCommand[] = [
  submitCommand,
  waitCommand,
  getCommand,
  listCommand,
  cancelCommand,
  retryCommand,
  downloadCommand,
  uploadCommand,
  batchCommand,
  eventsCommand,
  deadLettersCommand,
  queuesCommand,
  pauseCommand,
  resumeCommand,
  workersCommand,
  statsCommand,
  schedulesCommand,
  feedsCommand,
  webhooksCommand,
];

const NOTES = `
Environment:
  OFFLOAD_URL  address of the API (http://localhost:3000)
  OFFLOAD_KEY  key for it; not an option, because others on this machine could read that

Exit codes:
  0 done   1 a task failed   2 wrong usage   3 the API refused   4 the API does not answer   5 timed out`;

/**
 * Runs one command line.
 * @param argv without the program's own name
 * @returns the exit code
 */
export async function run(argv: readonly string[], streams: Streams, client: () => Client): Promise<number> {
  const program = new Command('offload')
    .description('Background tasks of an Offload API: submit them, wait for them, and look after them.')
    .option('--json', 'print JSON, one line for each item')
    .addHelpText('after', NOTES)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
    });
  for (const add of commands)
    add(program, () => ({
      ...streams,
      client: client(),
      json: program.opts<{ json?: boolean }>().json ?? false,
    }));
  throwOnExit(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    const { code, message } = explain(error);
    if (message !== null) streams.stderr.write(`offload: ${message.split('\n').map(plain).join('\n')}\n`);
    return code;
  }
}

/** Without it, a wrong option of a command would end the process. */
function throwOnExit(command: Command): void {
  command.exitOverride();
  command.commands.forEach(throwOnExit);
}
