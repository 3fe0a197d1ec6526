import { answerOf, type Schemas } from '@offload/client';
import { api } from '../data/client.js';
import { confirm } from '../ui/dialog.js';
import { say } from '../ui/toast.js';

type Named = Pick<Schemas['ScheduleSummary'], 'id' | 'name'>;

export async function runNow({ id, name }: Named): Promise<void> {
  const task = await answerOf(api().POST('/v1/schedules/{id}/run', { params: { path: { id } } }));
  say(`A task of “${name}” is made now.`, {
    action: { label: 'Look at it', run: () => location.assign(`/tasks/${task.id}`) },
  });
}

export async function setPaused({ id, name }: Named, paused: boolean): Promise<Schemas['Schedule']> {
  const params = { params: { path: { id } } };
  const changed = paused
    ? await answerOf(api().POST('/v1/schedules/{id}/pause', params))
    : await answerOf(api().POST('/v1/schedules/{id}/resume', params));
  say(paused ? `“${name}” is paused: no tick makes a task.` : `“${name}” goes on.`);
  return changed;
}

/** @returns whether it is gone */
export async function deleteSchedule({ id, name }: Named): Promise<boolean> {
  const text = 'It makes no more tasks. Those that it has made stay.';
  if (!(await confirm({ title: `Delete “${name}”?`, text, confirm: 'Delete it', danger: true })))
    return false;
  await api().DELETE('/v1/schedules/{id}', { params: { path: { id } } });
  say(`“${name}” is deleted.`);
  return true;
}
