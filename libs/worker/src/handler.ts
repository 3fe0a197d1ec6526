import type { Readable } from 'node:stream';
import type { Input, Result, TaskContract } from '@offload/contracts/define-task';
import type { TaskFileSource, UploadSource } from '@offload/contracts/source';
import type { AttemptEnd } from './previous-end.js';
import type { Remnants } from './remnants.js';

/** What a handler logs with; fields carry task and attempt already. Never secrets, never payloads. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

export interface StoredFile {
  name: string;
  /** Media type. */
  type: string;
  /** Bytes. */
  size: number;
  /** Hex. */
  sha256: string;
}

export interface OpenedFile extends StoredFile {
  /** The bytes, once; destroy it when they are not wanted. */
  stream: Readable;
}

/** A task's files. What an attempt stores can be seen only once the task has succeeded with that attempt. */
export interface TaskFiles {
  /**
   * Opens an uploaded file or another task's file, of the same owner only.
   * Throws TaskError `file-not-found` (permanent).
   */
  open(source: UploadSource | TaskFileSource): Promise<OpenedFile>;
  /** The files of another task of the same owner, by name; none when it is gone or has not succeeded. */
  list(task: string): Promise<StoredFile[]>;
  /** Stores one of this task's results; the same name again replaces it. */
  save(name: string, type: string, body: Buffer | Readable): Promise<StoredFile>;
}

export interface HandlerContext {
  taskId: string;
  /** Whose task it is. */
  owner: string;
  /** From 1. */
  attempt: number;
  /** For work that must not be done twice: how far may the attempt before have come? */
  previousEnd: AttemptEnd | null;
  /** Aborts at the time limit, on cancel, on hand-back and when the lease was lost. Pass it to all I/O. */
  signal: AbortSignal;
  log: Log;
  /** Cheap: the last one wins and is written with the next beat. total null: not known. */
  progress(done: number, total?: number | null, note?: string | null): void;
  files: TaskFiles;
  /** Things outside that the attempt makes and must end, and that others end if it crashes. */
  remnants: Remnants;
}

/**
 * The work. Returns the result or throws: TaskError for what it knows, Snooze to be called again later
 * uncounted, anything else is retried within the contract's attempts. It cannot ack, and it never sees a message.
 */
export type Handler<C extends TaskContract> = (
  input: Input<C>,
  context: HandlerContext,
) => Promise<Result<C>>;
