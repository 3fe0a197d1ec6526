import type { Task } from '../data/client.js';

/** Sources and references lie this deep at most. */
const DEEPEST = 12;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Ids of the tasks whose results a task takes: those that it still waits for, and those that its input names
 * (`{task, file}`, `{task, pointer}`, docs/batches.md), which stay named when they have ended.
 */
export function dependenciesOf({ waitsFor, input }: Pick<Task, 'waitsFor' | 'input'>): string[] {
  const found = new Set(waitsFor);
  const visit = (value: unknown, depth: number): void => {
    if (value === null || typeof value !== 'object' || depth > DEEPEST) return;
    const { task } = value as { task?: unknown };
    const names = ['file', 'files', 'pointer'].some((name) => name in value);
    if (names && typeof task === 'string' && UUID.test(task)) found.add(task);
    else for (const inner of Object.values(value)) visit(inner, depth + 1);
  };
  visit(input, 0);
  return [...found];
}
