// @ts-check
// Runs one command of the set-up to its end, without a shell.

import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { sendSignal } from './process-identity.mjs';

/** How much of a command's output is kept for the error message. */
const KEPT_OUTPUT = 32_000;

/** A command that could not be started, was ended by a signal, or ended with a code other than 0. */
export class CommandFailed extends Error {
  /**
   * @param {string} command   as a person would type it
   * @param {string} output    the last part of what it printed (both streams)
   * @param {string} ending    for example `exit code 1`, `SIGKILL`, `ENOENT`
   */
  constructor(command, output, ending) {
    super(`${command}: ${ending}`);
    this.name = 'CommandFailed';
    this.command = command;
    this.output = output;
    this.ending = ending;
  }
}

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]    the whole environment; default: ours
 * @property {string} [logFile]           everything it prints is appended here
 * @property {AbortSignal} [signal]       ends the command and all it started
 * @property {(line: string) => void} [onLine]  called with each line it prints
 * @property {(pid: number) => void} [onStart]  called with its pid, which is also its session's id
 * @property {'inherit'} [output]         straight to our own output instead
 */

/**
 * Runs a command in a process group of its own, so that Ctrl-C reaches only us and we can end it together
 * with whatever it started (a compiler's children, npm's).
 * @param {string} file
 * @param {string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<string>} what it printed on standard output
 * @throws {CommandFailed}
 */
export async function runCommand(file, args, options = {}) {
  options.signal?.throwIfAborted();
  const command = [file, ...args].join(' ');
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', options.output ?? 'pipe', options.output ?? 'pipe'],
    detached: true,
  });
  if (child.pid !== undefined) options.onStart?.(child.pid);
  const log = options.logFile ? createWriteStream(options.logFile, { flags: 'a', mode: 0o600 }) : undefined;
  log?.write(`$ ${command}\n`);
  let stdout = '';
  let tail = '';
  /** @type {(stream: import('node:stream').Readable | null, isStdout: boolean) => void} */
  const collect = (stream, isStdout) => {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      log?.write(text);
      if (isStdout) stdout += text;
      tail = (tail + text).slice(-KEPT_OUTPUT);
      if (!options.onLine) return;
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) options.onLine(line);
    });
  };
  collect(child.stdout, true);
  collect(child.stderr, false);
  const abort = () => child.pid && sendSignal(-child.pid, 'SIGTERM');
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    const ending = await new Promise((resolve) => {
      child.once('error', (/** @type {NodeJS.ErrnoException} */ error) =>
        resolve(error.code ?? error.message),
      );
      child.once('close', (code, signal) => resolve(signal ?? (code === 0 ? '' : `exit code ${code}`)));
    });
    options.signal?.throwIfAborted();
    if (ending) throw new CommandFailed(command, tail || stdout, ending);
    return stdout;
  } finally {
    options.signal?.removeEventListener('abort', abort);
    log?.end();
  }
}
