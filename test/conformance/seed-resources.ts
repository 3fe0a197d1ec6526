import { systemEcho } from '@offload/contracts/system-echo';
import * as moves from '@offload/store/moves';
import { messageOf, newTask } from '@offload/store/new-task';
import { entryId, type EntryRecord } from '@offload/store/entries-record';
import type { OwnApi } from '../support/own-api.js';
import { until } from '../support/until.js';
import type { KnownIds } from './known-ids.js';

/** Of each kind, so that some are left when one was deleted. */
const SOME = 4;

const echo = { type: 'system.echo', input: { message: 'hi' } };

/** Makes some of everything, with an entry of a feed and tasks in several states, so that requests reach something. */
export async function seedResources(api: OwnApi, known: KnownIds): Promise<void> {
  const post = async (path: string, body: object | string): Promise<{ id: string }> => {
    const sent =
      typeof body === 'string'
        ? api.client.post(path).type('text/plain').send(body)
        : api.client.post(path).send(body);
    const answer: { status: number; body: unknown } = await sent;
    if (answer.status >= 300)
      throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    known.learn(answer.body);
    return answer.body as { id: string };
  };
  for (let n = 0; n < SOME; n++) {
    await post('/v1/tasks', echo);
    await post('/v1/batches', { tasks: [echo, echo] });
    await post('/v1/files?name=a.txt', 'hello');
    await post('/v1/schedules', { name: `daily ${n}`, ...echo, cron: '@daily' });
    await post('/v1/keys', { owner: 'someone', name: 'a key', roles: ['read'] });
    const feed = await post('/v1/feeds', { url: `https://feed.example.org/${n}` });
    await addEntries(api, feed.id);
  }
  known.learn((await api.client.get('/v1/entries')).body);
  const now = api.store.tasks.now();
  for (const state of ['failed', 'cancelled', 'succeeded'] as const) {
    const error = { code: 'echo-permanent', message: 'no' };
    for (let n = 0; n < 3; n++)
      await api.insert({
        state,
        attempt: 1,
        endedAt: now,
        dueAt: undefined,
        ...(state === 'failed' && { error }),
      });
  }
  known.learn((await api.client.get('/v1/tasks')).body);
  known.learn((await api.client.get(`/v1/tasks/${await succeedWithFile(api)}`)).body);
  await post('/v1/webhooks/secrets', {});
  const url = 'https://hooks.example.org/';
  const told = await post('/v1/tasks', { ...echo, callback: { url } });
  await post(`/v1/tasks/${told.id}/cancel`, {});
  await disableEndpoint(api);
  for (const list of ['deliveries', 'endpoints'])
    known.learn((await api.client.get(`/v1/webhooks/${list}`)).body);
}

/** Has a task end with a file, as a worker does; its id. */
async function succeedWithFile({ store }: OwnApi): Promise<string> {
  const made = { owner: 'local', lane: 'bulk', now: store.tasks.now() } as const;
  const task = newTask(systemEcho, { message: '', delayMs: 0 }, made);
  await store.tasks.create(task);
  const claim = await store.tasks.claim(messageOf(task), 'a test', new Set());
  if (claim.kind !== 'claimed') throw new Error('The task was not claimed.');
  const lease = { id: task._id, token: claim.token };
  const file = { owner: 'local', name: 'a.txt', type: 'text/plain', task: task._id, token: claim.token };
  await store.files.save(file, Buffer.from('hello'));
  const result = { message: '', attempt: 1 };
  await store.tasks.settle(
    moves.finish({ ...lease, result, keepMs: task.keepMs, now: store.tasks.now() }),
    lease,
  );
  return task._id;
}

/** As when a receiver has answered 410. */
async function disableEndpoint({ client, store }: OwnApi): Promise<void> {
  const found = await until('the delivery of the task that was cancelled', async () => {
    const { body } = (await client.get('/v1/webhooks/deliveries')) as { body: { items: { id: string }[] } };
    return body.items[0];
  });
  const delivery = await store.webhooks.get('local', found.id);
  if (!delivery) throw new Error('The delivery is not there.');
  await store.webhooks.disableEndpoint(delivery, { code: 'gone', message: 'it answered 410' });
}

async function addEntries({ store }: OwnApi, subscription: string): Promise<void> {
  const feed = (await store.subscriptions.get('local', subscription))?.feed ?? '';
  const now = store.feeds.now();
  const added = ['one', 'two', 'three'].map((key) => {
    const image = 'https://images.example.org/1.png';
    const entry = { id: key, title: key, link: null, published: null, updated: null, image };
    const rest = { key, digest: '', html: '<p>x</p>', excerpt: 'x', bytes: 8, changedAt: now };
    return { _id: entryId(feed, key, now), feed, ...rest, entry: entry as EntryRecord['entry'] };
  });
  await store.entries.write({ added, edited: [] });
}
