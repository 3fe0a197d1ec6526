import { TaskFailed, type AnyTaskType, type TaskHandle } from '@offload/client';
import type { Context } from './context.js';
import { progressLine, showTask } from './progress.js';
import { printTask } from './show-task.js';

/** Shows how far it is, then prints it. Rejects with TaskFailed after that if it did not succeed. */
export async function waitForTask<T extends AnyTaskType>(
  context: Context,
  handle: TaskHandle<T>,
  { timeoutMs }: { timeoutMs?: number },
): Promise<void> {
  const line = progressLine(context);
  try {
    const task = await handle.wait({ timeoutMs, onProgress: (now) => showTask(line, now) });
    line.clear();
    await printTask(context, task);
  } catch (error) {
    line.clear();
    if (context.json && error instanceof TaskFailed) await printTask(context, error.task);
    throw error;
  }
}
