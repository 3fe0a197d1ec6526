import { z } from 'zod';
import { fileName } from '@offload/contracts/source';
import { lane, progress, taskFailure, taskState } from '@offload/contracts/task';
import { taskCallback } from '@offload/contracts/webhook-event';
import type { FileRecord } from '@offload/store/files';
import type { ListedTask } from '@offload/store/task-list';
import type { TaskRecord } from '@offload/store/task-record';
import { attemptMade, attemptsOf, move, movesOf, type AttemptMade, type Move } from './attempts.js';
import { iso } from './times.js';

const time = z.iso.datetime().describe('RFC 3339, UTC');

export const storedFile = z
  .object({
    name: fileName,
    type: z.string().describe('Media type'),
    size: z.int().describe('Bytes'),
    sha256: z.string().describe('Hex'),
    url: z
      .string()
      .describe(
        'Where its bytes are, relative to this server; asked with a key, it works for an hour without one',
      ),
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
    timeoutMs: z.int().describe('Time limit of one attempt, milliseconds'),
    tags: z.array(z.string()),
    unique: z.string().nullable().describe('Its unique key; null without one, and once it has ended'),
    progress: progress.nullable(),
    error: taskFailure
      .nullable()
      .describe('Why it failed; while it is being retried, why the last attempt did'),
    schedule: z
      .object({ id: z.uuid(), tick: time })
      .nullable()
      .describe('The schedule that made it, and the tick; null without one'),
    waitsFor: z.array(z.uuid()).describe('Tasks that have to succeed first'),
    batch: z.uuid().nullable().describe('The batch that it is part of'),
    callback: taskCallback
      .nullable()
      .describe('Who is told of its end: GET /v1/webhooks/deliveries?task={id}'),
    createdAt: time,
    changedAt: time,
    dueAt: time.nullable().describe('While scheduled: when it is published to its queue'),
    queuedAt: time.nullable().describe('While queued or running: when the broker had it'),
    startedAt: time.nullable().describe('When the last attempt began'),
    endedAt: time.nullable(),
    expiresAt: time.nullable().describe('Not begun by then, it fails as `expired`'),
    keptUntil: time.nullable().describe('When the ended task and its files are removed'),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'TaskSummary' });

/** A whole task has its type's input and result on top, and its files. */
export const taskFiles = z.array(storedFile).describe('Once it has succeeded: the files that it made');

export const taskHistory = {
  attempts: z.array(attemptMade).describe('As far as the history goes, oldest first'),
  history: z.array(move).describe('Its last 50 moves, oldest first'),
};

export type TaskSummary = z.output<typeof taskSummary>;
export type TaskResource = TaskSummary & {
  /** As it was accepted, defaults filled in. */
  input: unknown;
  /** null until it has succeeded. */
  result: unknown;
  files: z.output<typeof taskFiles>;
  attempts: AttemptMade[];
  history: Move[];
};

export const taskPath = (id: string): string => `/v1/tasks/${id}`;

export function summaryOf(task: ListedTask): TaskSummary {
  return {
    id: task._id,
    type: task.type,
    state: task.state,
    lane: task.lane,
    attempt: task.attempt,
    attemptLimit: task.attemptLimit,
    timeoutMs: task.timeoutMs,
    tags: task.tags ?? [],
    unique: task.uniqueKey ?? null,
    progress: task.progress ?? null,
    error: task.error ?? null,
    schedule: task.schedule ? { id: task.schedule.id, tick: task.schedule.tick.toISOString() } : null,
    waitsFor: task.waitsFor.filter((id) => id !== task.batch),
    batch: task.batch ?? null,
    callback: (task.callback as TaskSummary['callback'] | undefined) ?? null,
    createdAt: task.createdAt.toISOString(),
    changedAt: task.changedAt.toISOString(),
    dueAt: iso(task.dueAt),
    queuedAt: iso(task.queuedAt),
    startedAt: iso(task.startedAt),
    endedAt: iso(task.endedAt),
    expiresAt: iso(task.expiresAt),
    keptUntil: iso(task.expireAt),
    links: { self: taskPath(task._id) },
  };
}

/** Always read: what {@link summaryOf} takes apart, and is small. */
const ALWAYS_READ = ['createdAt', 'changedAt', 'waitsFor', 'batch'];
/** Members of a summary that a record has under another name. */
const STORED_AS: Record<string, string> = {
  id: '_id',
  links: '_id',
  unique: 'uniqueKey',
  keptUntil: 'expireAt',
};

/** What of the records a list reads for these members of summaries; undefined: all of it. */
export const storedFieldsOf = (members: ReadonlySet<string> | undefined): string[] | undefined =>
  members && [...new Set([...ALWAYS_READ, ...[...members].map((name) => STORED_AS[name] ?? name)])];

/**
 * @param files those that the succeeded attempt stored
 * @param addressOf how the path of a file is shown
 */
export function resourceOf(
  task: TaskRecord,
  files: FileRecord[],
  addressOf = (path: string): string => path,
): TaskResource {
  return {
    ...summaryOf(task),
    input: task.input,
    result: task.result ?? null,
    files: files.map(({ name, type, size, sha256 }) => ({
      name,
      type,
      size,
      sha256,
      url: addressOf(`${taskPath(task._id)}/files/${encodeURIComponent(name)}`),
    })),
    attempts: attemptsOf(task.history),
    history: movesOf(task.history),
  };
}

/**
 * Changes with everything that {@link resourceOf} shows, and with the period of its links to files. Weak (RFC 9110 section 8.8.1): it names the state, not the
 * bytes.
 */
export function taskTag(task: TaskRecord, period = ''): string {
  const { state, seq, attempt, waitsFor, changedAt, dueAt } = task;
  // A publication anew is in the history alone.
  const times = [changedAt, dueAt, task.history?.at(-1)?.at].map(
    (date) => date?.getTime().toString(36) ?? '',
  );
  const parts = [state, seq, attempt, waitsFor.length, ...times, ...(period === '' ? [] : [period])];
  return `W/"${parts.join('-')}"`;
}
