import { client, type TaskSummary } from '../data/client.js';
import { listen } from '../data/live.js';
import { hasEnded } from '../data/use-task.js';

/** Looked at again after so many milliseconds, should the stream be lost. */
const LOOK_AGAIN_MS = 4_000;

/**
 * A task as it is and each time that it changes, to its end, over the page's one stream.
 * Rejects with the signal's reason, or with what the API said when the task cannot be read.
 */
export async function* followTask(id: string, signal: AbortSignal): AsyncGenerator<TaskSummary, void> {
  const heard: TaskSummary[] = [];
  let wake = (): void => undefined;
  const stop = listen({
    onTasks(tasks) {
      heard.push(...tasks.filter((task) => task.id === id));
      wake();
    },
    onReset: () => wake(),
  });
  const left = (): void => wake();
  signal.addEventListener('abort', left);
  try {
    for (;;) {
      // What was heard is older than what is read after it.
      heard.length = 0;
      let task: TaskSummary = await client().task(id).task({ signal });
      yield task;
      while (!hasEnded(task)) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, LOOK_AGAIN_MS);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
          if (heard.length > 0 || signal.aborted) wake();
        });
        signal.throwIfAborted();
        const next = heard.splice(0).at(-1);
        if (!next) break;
        task = next;
        yield task;
      }
      if (hasEnded(task)) return;
    }
  } finally {
    stop();
    signal.removeEventListener('abort', left);
  }
}
