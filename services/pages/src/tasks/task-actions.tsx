import type { Task, TaskSummary } from '../data/client.js';
import { client } from '../data/client.js';
import { hasEnded } from '../data/use-task.js';
import { Button } from '../ui/button.js';
import { say } from '../ui/toast.js';

interface TaskActionsProps {
  task: TaskSummary;
  /** The task as the API answered it, after the action. */
  onDone: (task: Task) => void;
  small?: boolean;
}

/** What can be done to a task in its state: cancel it, or run it again. */
export function TaskActions({ task, onDone, small }: TaskActionsProps) {
  const named = `${task.type} ${shortId(task.id)}`;
  if (!hasEnded(task))
    return (
      <Button
        small={small}
        aria-label={`Cancel ${named}`}
        onClick={async () => {
          onDone(await client().task(task.id).cancel());
          say(`Cancelled ${named}.`);
        }}
      >
        Cancel
      </Button>
    );
  if (task.state === 'succeeded') return null;
  return (
    <Button
      small={small}
      aria-label={`Retry ${named}`}
      onClick={async () => {
        onDone(await client().task(task.id).retry());
        say(`${named} runs again.`);
      }}
    >
      Retry
    </Button>
  );
}

/** The end of an id: its beginning is the time, and much the same in a list. */
export const shortId = (id: string): string => `…${id.slice(-6)}`;
