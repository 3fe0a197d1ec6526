import { z } from 'zod';
import { fileName } from '@offload/contracts/source';
import { lane, progress, taskFailure, taskState } from '@offload/contracts/task';
import type { FileRecord } from '@offload/store/files';
import type { TaskRecord } from '@offload/store/task-record';

const time = z.iso.datetime().describe('RFC 3339, UTC');

export const storedFile = z
  .object({
    name: fileName,
    type: z.string().describe('Media type'),
    size: z.int().describe('Bytes'),
    sha256: z.string().describe('Hex'),
    url: z.string().describe('Where its bytes are, relative to this server'),
  })
  .meta({ id: 'StoredFile' });

/** A task in a list: without input, result and files. */
export const taskSummary = z
  .object({
    id: z.uuid(),
    type: z.string(),
    state: taskState,
    lane,
    attempt: z.int().describe('Attempts begun so far'),
    attemptLimit: z.int().describe('Attempts in all'),
    progress: progress.nullable(),
    error: taskFailure
      .nullable()
      .describe('Why it failed; while it is being retried, why the last attempt did'),
    waitsFor: z.array(z.uuid()).describe('Tasks that have to succeed first'),
    createdAt: time,
    changedAt: time,
    dueAt: time.nullable().describe('While scheduled: when it is published to its queue'),
    queuedAt: time.nullable().describe('While queued or running: when the broker had it'),
    startedAt: time.nullable().describe('When the last attempt began'),
    endedAt: time.nullable(),
    expiresAt: time.nullable().describe('When the ended task and its files are removed'),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'TaskSummary' });

/** A whole task has its type's input and result on top, and its files. */
export const taskFiles = z.array(storedFile).describe('Once it has succeeded: the files that it made');

export type TaskSummary = z.output<typeof taskSummary>;
export type TaskResource = TaskSummary & {
  /** As it was accepted, defaults filled in. */
  input: unknown;
  /** null until it has succeeded. */
  result: unknown;
  files: z.output<typeof taskFiles>;
};

export const taskPath = (id: string): string => `/v1/tasks/${id}`;

const iso = (date: Date | undefined): string | null => date?.toISOString() ?? null;

export function summaryOf(task: TaskRecord): TaskSummary {
  return {
    id: task._id,
    type: task.type,
    state: task.state,
    lane: task.lane,
    attempt: task.attempt,
    attemptLimit: task.attemptLimit,
    progress: task.progress ?? null,
    error: task.error ?? null,
    waitsFor: task.waitsFor,
    createdAt: task.createdAt.toISOString(),
    changedAt: task.changedAt.toISOString(),
    dueAt: iso(task.dueAt),
    queuedAt: iso(task.queuedAt),
    startedAt: iso(task.startedAt),
    endedAt: iso(task.endedAt),
    expiresAt: iso(task.expireAt),
    links: { self: taskPath(task._id) },
  };
}

/** @param files those that the succeeded attempt stored */
export function resourceOf(task: TaskRecord, files: FileRecord[]): TaskResource {
  return {
    ...summaryOf(task),
    input: task.input,
    result: task.result ?? null,
    files: files.map(({ name, type, size, sha256 }) => ({
      name,
      type,
      size,
      sha256,
      url: `${taskPath(task._id)}/files/${encodeURIComponent(name)}`,
    })),
  };
}

/**
 * Changes with everything that {@link resourceOf} shows. Weak (RFC 9110 section 8.8.1): it names the state, not the
 * bytes.
 */
export function taskTag(task: TaskRecord): string {
  const { state, seq, attempt, waitsFor, changedAt, dueAt } = task;
  const times = [changedAt, dueAt].map((date) => date?.getTime().toString(36) ?? '');
  return `W/"${[state, seq, attempt, waitsFor.length, ...times].join('-')}"`;
}
