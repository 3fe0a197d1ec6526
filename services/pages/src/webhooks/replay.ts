import { answerOf, type Schemas } from '@offload/client';
import { api } from '../data/client.js';
import { say } from '../ui/toast.js';

/** Sends a delivery again, at once; the receiver tells by its id that it is the same. */
export async function replay({ id }: { id: string }): Promise<Schemas['WebhookDelivery']> {
  const params = { path: { id } };
  const changed = await answerOf(api().POST('/v1/webhooks/deliveries/{id}/replay', { params }));
  say('It is being sent again, with the same id and payload.');
  return changed;
}
