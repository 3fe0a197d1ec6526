import { z } from 'zod';
import type { TaskContract } from '@offload/contracts/define-task';
import { clientContractOf, clientContracts } from '@offload/contracts/registry';
import { faultsBesides, referencesIn } from '@offload/contracts/reference';
import { taskNamedBy } from '@offload/contracts/source';
import type { TaskRecord } from '@offload/store/task-record';
import { faultsOf, invalid, pointerOf } from './faults.js';
import type { Fault, Problem } from './problem.js';
import { taskOptions, taskOptionsOf, type CheckedOptions } from './task-options.js';

/** What surrounds an input; the input itself is the contract's. */
const envelope = taskOptions.extend({ type: z.string(), input: z.unknown().optional() });

export interface CheckedTask {
  contract: TaskContract;
  /** Parsed by the contract, defaults filled in; with references, which only a worker can check, as it was given. */
  input: unknown;
  options: CheckedOptions;
}

/**
 * Checks the body of POST /v1/tasks. Throws a Problem `invalid-task` with every fault of it.
 * @param now the database's time
 */
export function checkTask(body: unknown, now: Date): CheckedTask {
  const { checked, faults } = inspectTask(body, now);
  if (!checked) throw invalidTask(faults);
  return checked;
}

/**
 * Says everything that is wrong with a new task, each with its pointer, or answers the task.
 * @param base where it stands in the body, e.g. `['tasks', 3]`
 */
export function inspectTask(
  body: unknown,
  now: Date,
  base: PropertyKey[] = [],
): { checked?: CheckedTask; faults: Fault[] } {
  const outer = envelope.safeParse(body);
  const errors: Fault[] = outer.success ? [] : faultsOf(outer.error, body, base);
  const { type, input } = isObject(body) ? body : {};
  const contract = typeof type === 'string' ? contractNamed(type, base, errors) : undefined;
  const inner = contract && checkInput(contract, input, [...base, 'input']);
  if (inner) errors.push(...inner.faults);
  if (!outer.success || !contract) return { faults: errors };
  const { options, faults } = taskOptionsOf(outer.data, contract, now);
  errors.push(...faults.map(({ pointer, detail }) => ({ pointer: pointerOf(base) + pointer, detail })));
  return errors.length > 0 || !inner
    ? { faults: errors }
    : { checked: { contract, input: inner.input, options }, faults: [] };
}

/** The contract of a type that clients may submit; what is wrong with the name is added to the faults. */
export function contractNamed(type: string, base: PropertyKey[], faults: Fault[]): TaskContract | undefined {
  const contract = clientContractOf(type);
  if (contract) return contract;
  const known = clientContracts.map((each) => each.type).join(', ');
  faults.push({ pointer: pointerOf([...base, 'type']), detail: `is not a known type; there are ${known}` });
  return undefined;
}

/**
 * Checks an input by its contract, as far as its references allow: what stands in their places is known only when the
 * tasks that they name have succeeded.
 * @param base where it stands in the body
 */
export function checkInput(
  contract: TaskContract,
  input: unknown,
  base: PropertyKey[],
): { input: unknown; faults: Fault[] } {
  const parsed = contract.input.safeParse(input);
  if (parsed.success) return { input: parsed.data, faults: [] };
  const issues = faultsBesides(parsed.error.issues, referencesIn(input));
  return { input, faults: issues.length === 0 ? [] : faultsOf({ issues }, input, base) };
}

/**
 * Checks that the tasks that a new one waits for are there and are this owner's.
 * @param after those that it was told to wait for, as they stand in the body; its input may name others
 * @param owned those of these ids that are tasks of the owner
 */
export async function checkParents(
  task: Pick<TaskRecord, 'waitsFor' | 'input'>,
  after: string[],
  owned: (ids: string[]) => Promise<Set<string>>,
): Promise<void> {
  const found = await owned(task.waitsFor);
  const missing = new Set(task.waitsFor.filter((id) => !found.has(id)));
  if (missing.size === 0) return;
  const pointers = [
    ...after.flatMap((id, n) => (missing.has(id) ? [pointerOf(['after', n])] : [])),
    ...[...missing].flatMap((id) => placesOf(task.input, id, ['input'])),
  ];
  throw invalidTask(pointers.map((pointer) => ({ pointer, detail: 'there is no such task of yours' })));
}

/** JSON pointers to every source and reference of an input that names this task. */
function placesOf(value: unknown, task: string, path: PropertyKey[]): string[] {
  if (value === null || typeof value !== 'object') return [];
  const named = taskNamedBy(value);
  if (named !== undefined) return named === task ? [pointerOf([...path, 'task'])] : [];
  return Object.entries(value).flatMap(([key, inner]) => placesOf(inner, task, [...path, key]));
}

export const invalidTask = (errors: Fault[]): Problem => invalid('invalid-task', errors);

export const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
