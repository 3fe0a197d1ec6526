import type { Schemas } from '@offload/client';
import { api } from '../data/client.js';
import type { Json } from '../schema-form/json-value.js';

export interface Submitted {
  id: string;
  /** Why nothing new was made: the task was there. */
  existing: 'idempotency-key' | 'unique' | null;
}

/** POST /v1/tasks with a body as it is; the API says what is wrong with it. */
export async function submitBody(body: Json): Promise<Submitted> {
  const { data, response } = await api().POST('/v1/tasks', { body: body as unknown as Schemas['NewTask'] });
  if (data === undefined) throw new Error(`The server answered ${response.status} without a task.`);
  return { id: data.id, existing: response.headers.get('existing-task') as Submitted['existing'] };
}
