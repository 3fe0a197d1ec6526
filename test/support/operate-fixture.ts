import type supertest from 'supertest';
import { subscribeControl, type ControlMessage } from '@offload/broker/control';
import { subscribeEvents } from '@offload/broker/events';
import type { TaskEvent } from '@offload/contracts/task';
import { messageOf } from '@offload/store/new-task';
import type { TaskRecord } from '@offload/store/task-record';
import type { Lease } from '@offload/store/tasks';
import { startApiWithBroker, type OwnApi } from './own-api.js';
import { Inbox, when } from './signals.js';

/** The API with tasks in every state, and the hints that it sends. */
export interface OperateFixture {
  api: OwnApi;
  client: OwnApi['client'];
  control: Inbox<ControlMessage>;
  events: Inbox<TaskEvent>;
  /** A request below /v1. */
  post(path: string, body?: object): supertest.Test;
  /** Stores a new echo task with the current tag and these fields changed. */
  insert(change?: Partial<TaskRecord>): Promise<TaskRecord>;
  /** A task in an end state, with as much around it as an end leaves. */
  ended(state: 'succeeded' | 'failed' | 'cancelled', change?: Partial<TaskRecord>): Promise<TaskRecord>;
  running(change?: Partial<TaskRecord>): Promise<{ task: TaskRecord; lease: Lease }>;
  /** One that waits for `parent`. */
  dependent(parent: TaskRecord): Promise<TaskRecord>;
  /** A task as it stands. */
  read(id: string): Promise<TaskRecord>;
  /** Names what one test made, so that its conditions reach nothing else. */
  tag: string;
  remove(): Promise<void>;
}

/** What the tasks that `ended` makes failed of. */
export const ECHO_FAILURE = { code: 'echo-permanent', message: 'no' };

/** @param options.ownerOpenTasks open tasks that an owner may have */
export async function operateFixture(
  label: string,
  options: { ownerOpenTasks?: number } = {},
): Promise<OperateFixture> {
  const api = await startApiWithBroker(label, options);
  const { log } = api;
  const control = new Inbox<ControlMessage>();
  const events = new Inbox<TaskEvent>();
  for (const each of [
    subscribeControl(api.broker, { onControl: control.add, log }),
    subscribeEvents(api.broker, { onEvent: events.add, log }),
  ])
    await when(each, () => each.subscribed, 'hints to come');
  const { client } = api;
  const now = () => api.store.tasks.now();

  const fixture: OperateFixture = {
    api,
    client,
    control,
    events,
    tag: label,
    post: (path, body) => client.post(`/v1/${path}`).send(body),
    insert: (change) => api.insert({ tags: [fixture.tag], ...change }),
    ended(state, change = {}) {
      const at = now();
      const times = { endedAt: at, expireAt: new Date(at.getTime() + 60_000) };
      const error = state === 'failed' ? { error: ECHO_FAILURE } : {};
      return fixture.insert({ state, attempt: 1, ...times, ...error, ...change });
    },
    async running(change = {}) {
      const task = await fixture.insert(change);
      const claim = await api.store.tasks.claim(messageOf(task), 'a worker', new Set());
      if (claim.kind !== 'claimed') throw new Error('not claimed');
      return { task, lease: { id: task._id, token: claim.token } };
    },
    async dependent(parent) {
      const task = await fixture.insert({ state: 'blocked', waitsFor: [parent._id], dueAt: undefined });
      await api.store.dependencies.settleBlocked(task);
      return task;
    },
    async read(id) {
      const task = await api.store.tasks.get(id);
      if (!task) throw new Error(`There is no task ${id}.`);
      return task;
    },
    remove: () => api.remove(),
  };
  return fixture;
}
