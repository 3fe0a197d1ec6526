import type { Schemas } from '@offload/client';
import type { Context } from './context.js';
import { plain, print, printLine, type Columns } from './print.js';

export const TASK_COLUMNS: Columns<Schemas['TaskSummary']> = {
  ID: ({ id }) => id,
  TYPE: ({ type }) => type,
  STATE: ({ state }) => state,
  ATTEMPT: ({ attempt, attemptLimit }) => `${attempt}/${attemptLimit}`,
  CREATED: ({ createdAt }) => createdAt,
  ERROR: ({ error }) => error?.code,
  TAGS: ({ tags }) => tags.join(',') || null,
};

/** For people: what it is, its result or why it failed, and its files. */
export async function printTask(context: Context, task: Schemas['Task']): Promise<void> {
  await print(context, task, `${task.id} ${task.type} ${task.state}`);
  if (context.json) return;
  const more = (line: string): Promise<void> => printLine(context, `  ${plain(line)}`);
  if (task.error) await more(`${task.error.code}: ${task.error.message}`);
  for (const { name, type, size } of task.files) await more(`${name} (${type}, ${size} bytes)`);
  if (task.result === null || task.result === undefined) return;
  for (const line of JSON.stringify(task.result, null, 2).split('\n')) await more(line);
}
