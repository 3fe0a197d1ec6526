import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Input, Result, TaskContract } from '@offload/contracts/define-task';
import { TaskError } from '@offload/contracts/errors';
import type { Progress } from '@offload/contracts/task';
import { newId } from '@offload/store/new-task';
import type { z } from 'zod';
import type { Handler, Log, StoredFile, TaskFiles } from './handler.js';
import type { AttemptEnd } from './previous-end.js';
import type { Remnants } from './remnants.js';

export interface RunHandlerOptions {
  /** A new one if absent. */
  taskId?: string;
  /** `local` by default. */
  owner?: string;
  attempt?: number;
  previousEnd?: AttemptEnd;
  signal?: AbortSignal;
  log?: Log;
  /** What `files.open` finds: an uploaded file by its id, another task's file by `task/name`. */
  files?: Record<string, { body: Buffer; type?: string; name?: string }>;
}

export interface HandlerRun<C extends TaskContract> {
  result: Result<C>;
  /** What the handler saved, by name. */
  files: Map<string, StoredFile & { body: Buffer }>;
  progress: Progress[];
  /** What it noted and did not clear: in a worker that would be ended by others. */
  remnants: Record<string, unknown>[];
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Runs a handler once as a worker would, without broker or database: checks the input, gives it a context whose
 * files are in memory, checks the result. Throws what the handler throws; ZodError when input or result do not
 * fit the contract. For the tests of a task's author.
 */
export async function runHandler<C extends TaskContract>(
  contract: C,
  handler: Handler<C>,
  input: z.input<C['input']>,
  options: RunHandlerOptions = {},
): Promise<HandlerRun<C>> {
  const saved: HandlerRun<C>['files'] = new Map();
  const reported: Progress[] = [];
  const noted = new Set<Record<string, unknown>>();
  const result = await handler(contract.input.parse(input) as Input<C>, {
    taskId: options.taskId ?? newId(),
    owner: options.owner ?? 'local',
    attempt: options.attempt ?? 1,
    previousEnd: options.previousEnd ?? null,
    signal: options.signal ?? AbortSignal.timeout(contract.timeoutMs),
    log: options.log ?? silent,
    progress: (done, total = null, note = null) => void reported.push({ done, total, note }),
    files: memoryFiles(options.files ?? {}, saved),
    remnants: memoryRemnants(noted),
  });
  return {
    result: contract.result.parse(result) as Result<C>,
    files: saved,
    progress: reported,
    remnants: [...noted],
  };
}

function memoryFiles(
  given: NonNullable<RunHandlerOptions['files']>,
  saved: Map<string, StoredFile & { body: Buffer }>,
): TaskFiles {
  return {
    async open(source) {
      const id = 'task' in source ? `${source.task}/${source.file}` : source.file;
      const found = given[id];
      if (!found) throw new TaskError('file-not-found', `There is no file ${id}.`, { retry: 'no' });
      const { body, type = 'application/octet-stream' } = found;
      const name = found.name ?? ('task' in source ? source.file : 'file');
      return { name, type, size: body.length, sha256: sha256(body), stream: Readable.from([body]) };
    },
    async list(task) {
      return Object.entries(given).flatMap(([id, { body, type = 'application/octet-stream' }]) => {
        if (!id.startsWith(`${task}/`)) return [];
        return { name: id.slice(task.length + 1), type, size: body.length, sha256: sha256(body) };
      });
    },
    async save(name, type, body) {
      const bytes = Buffer.isBuffer(body) ? body : await buffer(body);
      const stored = { name, type, size: bytes.length, sha256: sha256(bytes) };
      saved.set(name, { ...stored, body: bytes });
      return stored;
    },
  };
}

/** Remnants that nobody would end: whoever tests looks at what is left of them. */
export function memoryRemnants(noted: Set<Record<string, unknown>>): Remnants {
  return {
    async note(facts) {
      const all = { ...facts };
      noted.add(all);
      return {
        add: async (more) => void Object.assign(all, more),
        clear: async () => void noted.delete(all),
      };
    },
  };
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
