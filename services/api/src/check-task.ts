import { z } from 'zod';
import type { TaskContract } from '@offload/contracts/define-task';
import { contractOf, contracts } from '@offload/contracts/registry';
import { lane, type Lane } from '@offload/contracts/task';
import { taskFileSource } from '@offload/contracts/source';
import type { TaskRecord } from '@offload/store/task-record';
import { faultsOf, pointerOf } from './faults.js';
import { Problem, type Fault } from './problem.js';

/** What surrounds an input; the input itself is the contract's. */
const envelope = z.strictObject({
  type: z.string(),
  input: z.unknown().optional(),
  lane: lane.default('interactive'),
});

export interface CheckedTask {
  contract: TaskContract;
  /** Parsed by the contract, defaults filled in. */
  input: unknown;
  lane: Lane;
}

/** Checks the body of POST /v1/tasks. Throws a Problem `invalid-task` with every fault of it. */
export function checkTask(body: unknown): CheckedTask {
  const outer = envelope.safeParse(body);
  const errors: Fault[] = outer.success ? [] : faultsOf(outer.error, body);
  const { type, input } = isObject(body) ? body : {};
  const contract = typeof type === 'string' ? contractOf(type) : undefined;
  if (typeof type === 'string' && !contract) {
    const known = contracts.map((each) => each.type).join(', ');
    errors.push({ pointer: '/type', detail: `is not a known type; there are ${known}` });
  }
  const inner = contract?.input.safeParse(input);
  if (inner && !inner.success) errors.push(...faultsOf(inner.error, input, ['input']));
  if (!outer.success || !contract || !inner?.success) throw invalid(errors);
  return { contract, input: inner.data, lane: outer.data.lane };
}

/** Checks that the tasks whose files an input names are there and are this owner's. */
export async function checkParents(
  task: Pick<TaskRecord, 'waitsFor' | 'input' | 'owner'>,
  get: (id: string) => Promise<TaskRecord | null>,
): Promise<void> {
  const parents = await Promise.all(task.waitsFor.map(get));
  const missing = task.waitsFor.filter((_id, index) => parents[index]?.owner !== task.owner);
  if (missing.length === 0) return;
  const detail = 'there is no such task of yours';
  throw invalid(
    missing.flatMap((id) => placesOf(task.input, id, ['input']).map((pointer) => ({ pointer, detail }))),
  );
}

/** JSON pointers to every source of an input that names this task. */
function placesOf(value: unknown, task: string, path: PropertyKey[]): string[] {
  if (value === null || typeof value !== 'object') return [];
  const named = taskFileSource.safeParse(value);
  if (named.success) return named.data.task === task ? [pointerOf([...path, 'task'])] : [];
  return Object.entries(value).flatMap(([key, inner]) => placesOf(inner, task, [...path, key]));
}

function invalid(errors: Fault[]): Problem {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const where = first?.pointer ? first.pointer : 'The body';
  return new Problem('invalid-task', `${where}: ${first?.detail ?? 'is not valid'}${more}.`, { errors });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
