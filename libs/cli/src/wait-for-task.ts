import { TaskFailed, type AnyTaskType, type TaskHandle } from '@offload/client';
import type { Context, Shared } from './context.js';
import { progressLine, showTask } from './progress.js';
import { printTask } from './show-task.js';

/** Shows how far it is, then prints it. Rejects with TaskFailed after that if it did not succeed. */
export async function waitForTask<T extends AnyTaskType>(
  context: Context,
  handle: TaskHandle<T>,
  { json, timeoutMs }: Shared & { timeoutMs?: number },
): Promise<void> {
  const line = progressLine(context, json);
  try {
    const task = await handle.wait({ timeoutMs, onProgress: (now) => showTask(line, now) });
    line.clear();
    await printTask(context, json, task);
  } catch (error) {
    line.clear();
    if (json && error instanceof TaskFailed) await printTask(context, json, error.task);
    throw error;
  }
}
