import { CommanderError } from 'commander';
import { ApiUnreachable, ProblemError, StreamUnusable, TaskFailed, WaitTimeout } from '@offload/client';

/** What scripts may rely on (docs/cli.md). */
export const EXIT = { ok: 0, taskFailed: 1, wrongUsage: 2, refused: 3, unreachable: 4, timedOut: 5 } as const;

/** The user asked for something that cannot be done as it stands. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** It was done, but not all of its tasks succeeded; the figures have been printed. */
export class SomeFailed extends Error {
  override readonly name = 'SomeFailed';
}

/** The exit code for an error, and what the user is told; null when it was told already. Anything else is a bug: rethrown. */
export function explain(error: unknown): { code: number; message: string | null } {
  if (error instanceof CommanderError)
    return { code: error.exitCode === 0 ? EXIT.ok : EXIT.wrongUsage, message: null };
  if (error instanceof UsageError) return { code: EXIT.wrongUsage, message: error.message };
  if (error instanceof SomeFailed) return { code: EXIT.taskFailed, message: null };
  if (error instanceof TaskFailed)
    return { code: EXIT.taskFailed, message: `${error.code}: ${error.message}` };
  if (error instanceof ProblemError) return { code: EXIT.refused, message: refusal(error) };
  if (error instanceof WaitTimeout) return { code: EXIT.timedOut, message: error.message };
  if (error instanceof ApiUnreachable || error instanceof StreamUnusable)
    return { code: EXIT.unreachable, message: error.message };
  if (isSystemError(error)) return { code: EXIT.wrongUsage, message: error.message };
  throw error;
}

/** Of this machine: a file that cannot be read, a full disk. */
const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

function refusal({ code, message, errors, requestId }: ProblemError): string {
  const faults = errors.map(
    ({ pointer, parameter, detail }) => `\n  ${pointer ?? parameter ?? ''} ${detail}`,
  );
  return `${code}: ${message}${faults.join('')}${requestId ? `\n  (request ${requestId})` : ''}`;
}
