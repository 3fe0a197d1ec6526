import { NotPublished, type Publisher } from '@offload/broker/publish';
import type { Log } from '@offload/runtime/logger';
import { isDueNow, messageOf } from '@offload/store/new-task';
import type { TaskRecord } from '@offload/store/task-record';
import type { TaskStore } from '@offload/store/tasks';

/** Publishes stored tasks behind the requests' backs. */
export interface Submitter {
  /** Returns at once and never throws. What does not get through is published by the relay when its time comes. */
  submit(task: TaskRecord): void;
  /** Resolves when everything submitted has its answer written down, or will be left to the relay. */
  settled(): Promise<void>;
}

export function createSubmitter(options: {
  publisher: Pick<Publisher, 'publish'>;
  tasks: Pick<TaskStore, 'confirmed'>;
  /** Tells listeners of a new task. */
  accepted: (task: TaskRecord) => void;
  log: Log;
}): Submitter {
  const { publisher, tasks, accepted, log } = options;
  const pending = new Set<Promise<void>>();

  const publish = async (task: TaskRecord): Promise<void> => {
    const message = messageOf(task);
    try {
      // Returned or refused, it stays scheduled: the relay tries again.
      if ((await publisher.publish(message)) === 'confirmed') await tasks.confirmed(message);
    } catch (error) {
      if (error instanceof NotPublished)
        log.debug('left to the relay', { task: task._id, reason: error.code });
      else log.warn('a task was not seen through to the queue; the relay does it', { task: task._id, error });
    }
  };

  return {
    submit(task) {
      accepted(task);
      // A blocked one is published when what it waits for has succeeded, one for later when its time has come.
      if (!isDueNow(task)) return;
      const publishing = publish(task).finally(() => pending.delete(publishing));
      pending.add(publishing);
    },
    async settled() {
      await Promise.all(pending);
    },
  };
}
