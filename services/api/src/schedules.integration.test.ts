import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemEcho } from '@offload/contracts/system-echo';
import { cancel } from '@offload/store/moves';
import { newId } from '@offload/store/new-task';
import type { ScheduleRecord } from '@offload/store/schedules';
import {
  scheduleClient,
  type ScheduleClient,
  type ShownSchedule,
} from '../../../test/support/schedule-client.js';
import { startApiWithoutBroker, type OwnApi } from '../../../test/support/own-api.js';

let api: OwnApi;
let client: OwnApi['client'];
let schedules: ScheduleClient;
beforeAll(async () => {
  api = await startApiWithoutBroker('api-schedules');
  ({ client } = api);
  schedules = scheduleClient(client);
});
afterAll(() => api.remove());

const bodyOf = ({ body }: { body: unknown }) => body;

/** A schedule of another owner, which no request reaches. */
async function othersSchedule(): Promise<ScheduleRecord> {
  const now = api.store.tasks.now();
  const schedule: ScheduleRecord = {
    _id: newId(),
    owner: 'other',
    name: 'theirs',
    type: 'system.echo',
    input: {},
    lane: 'interactive',
    cron: '@daily',
    timeZone: 'UTC',
    catchUp: 'latest',
    overlap: 'allow',
    paused: false,
    nextAt: new Date(now.getTime() + 3_600_000),
    version: 0,
    createdAt: now,
    changedAt: now,
  };
  await api.store.schedules.create(schedule);
  return schedule;
}

describe('POST /v1/schedules', () => {
  test('stores a schedule, defaults filled in, with its next tick', async () => {
    const answer = await client
      .post('/v1/schedules')
      .send(schedules.newSchedule({ name: ' nightly ' }))
      .expect(201);
    const body = bodyOf(answer) as ShownSchedule;
    expect(answer.get('Location')).toBe(`/v1/schedules/${body.id}`);
    expect(body).toMatchObject({
      name: 'nightly',
      type: 'system.echo',
      input: systemEcho.input.parse({ message: 'tick' }),
      cron: '30 2 * * *',
      timeZone: 'Europe/Berlin',
      lane: 'interactive',
      timeoutMs: null,
      maxAttempts: null,
      tags: [],
      catchUp: 'latest',
      overlap: 'allow',
      paused: false,
      lastAt: null,
      lastTask: null,
      error: null,
    });
    const { timeZone } = body;
    const local = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium' });
    expect(local.format(new Date(String(body.nextAt)))).toBe('02:30:00');
    expect(await schedules.show(body)).toEqual(body);
  });

  test('takes UTC without a time zone, seconds, and all options', async () => {
    const options = { lane: 'bulk', timeoutMs: 2_000, maxAttempts: 2, catchUp: 'all', overlap: 'skip' };
    const shown = await schedules.create({
      ...options,
      cron: '*/10 * * * * *',
      timeZone: undefined,
      tags: ['a', 'a'],
    });
    expect(shown).toMatchObject({ ...options, timeZone: 'UTC', tags: ['a'] });
    const ahead = Date.parse(String(shown.nextAt)) - Date.now();
    expect(ahead).toBeLessThan(12_000);
  });

  test('may begin paused, without a next tick', async () => {
    expect(await schedules.create({ paused: true })).toMatchObject({ paused: true, nextAt: null });
  });

  test.each([
    ['a cron of 4 fields', { cron: '* * * *' }, '/cron', /5 fields/],
    ['a minute out of range', { cron: '61 * * * *' }, '/cron', /minute: 61/],
    ['a day that never comes', { cron: '0 0 30 2 *' }, '/cron', /never comes/],
    ['an empty cron', { cron: '' }, '/cron', /small|5 fields/],
    ['no cron', { cron: undefined }, '/cron', /required/],
    ['a city', { timeZone: 'Berlin' }, '/timeZone', /did you mean Europe\/Berlin/],
    ['an unknown time zone', { timeZone: 'Mars/Base' }, '/timeZone', /IANA/],
    ['an unknown type', { type: 'no.such' }, '/type', /there are system\.echo/],
    ['an input that does not fit', { input: { message: 7 } }, '/input/message', /string/],
    ['an unknown field', { every: 'day' }, '/every', /known field/],
    ['an unknown catch-up', { catchUp: 'some' }, '/catchUp', /none/],
    ['a timeout above the type', { timeoutMs: 99_999_999 }, '/timeoutMs', /at most/],
    [
      'an input that names a task',
      {
        type: 's3.upload',
        input: { source: { task: newId(), file: 'a.png' }, bucket: 'bucket', key: 'a.png' },
      },
      '/input',
      /may not name a task/,
    ],
  ])('refuses %s and says where', async (_name, change, pointer, detail) => {
    const answer = await client.post('/v1/schedules').send(schedules.newSchedule(change)).expect(422);
    const { code, errors } = bodyOf(answer) as {
      code: string;
      errors: { pointer: string; detail: string }[];
    };
    expect(code).toBe('invalid-schedule');
    expect(errors).toContainEqual({ pointer, detail: expect.stringMatching(detail) });
  });

  test('tells every fault at once', async () => {
    const broken = schedules.newSchedule({ cron: 'x', timeZone: 'Berlin', input: { message: 7 }, every: 1 });
    const { errors } = bodyOf(await client.post('/v1/schedules').send(broken).expect(422)) as {
      errors: { pointer: string }[];
    };
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['/every', '/input/message', '/timeZone']);
  });

  test('refuses a name that is taken, so that a repeated request makes no second schedule', async () => {
    const schedule = schedules.newSchedule();
    const posts = await Promise.all([1, 2, 3].map(() => client.post('/v1/schedules').send(schedule)));
    expect(posts.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(posts.map(bodyOf)).toContainEqual(expect.objectContaining({ code: 'schedule-exists' }));
  });
});

describe('GET /v1/schedules', () => {
  test('pages through all, newest first, without inputs and without those of others', async () => {
    await othersSchedule();
    for (let n = 0; n < 3; n++) await schedules.create();
    const seen: ShownSchedule[] = [];
    let path: string | null = '/v1/schedules?limit=2';
    for (let pages = 0; path && pages < 50; pages++) {
      const page = bodyOf(await client.get(path).expect(200)) as {
        items: ShownSchedule[];
        next: string | null;
      };
      seen.push(...page.items);
      path = page.next;
    }
    const ids = seen.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
    expect(seen.map(({ name }) => name)).not.toContain('theirs');
    expect(seen[0]).not.toHaveProperty('input');
  });
});

describe('the next runs', () => {
  test('of a schedule begin with its next tick', async () => {
    const schedule = await schedules.create({ cron: '0 12 * * *', timeZone: 'UTC' });
    const path = `/v1/schedules/${schedule.id}/runs`;
    const { runs } = bodyOf(await client.get(`${path}?count=3`).expect(200)) as { runs: string[] };
    const first = Date.parse(String(schedule.nextAt));
    expect(runs.map((time) => Date.parse(time) - first)).toEqual([0, 86_400_000, 2 * 86_400_000]);
    const others = [bodyOf(await client.get(path)), bodyOf(await client.get(`${path}?count=1`))];
    expect(others.map((body) => (body as { runs: string[] }).runs.length)).toEqual([10, 1]);
  });

  test.each(['count=0', 'count=101', 'count=x', 'limit=3'])('are refused with ?%s', async (query) => {
    const { id } = await schedules.create();
    const body = bodyOf(await client.get(`/v1/schedules/${id}/runs?${query}`).expect(422));
    expect(body).toMatchObject({ code: 'invalid-query', errors: [{ parameter: query.split('=')[0] }] });
  });

  test('can be looked at without a schedule', async () => {
    const recurrence = { cron: '0 0 29 2 *', timeZone: 'America/New_York' };
    const answer = await client
      .post('/v1/schedules/preview')
      .send({ ...recurrence, count: 2 })
      .expect(200);
    const { runs } = bodyOf(answer) as { runs: string[] };
    expect(runs).toHaveLength(2);
    for (const time of runs) expect(time).toMatch(/-02-29T05:00:00\.000Z$/);
    const refused = await client.post('/v1/schedules/preview').send({ cron: '0 0 30 2 *' }).expect(422);
    expect(bodyOf(refused)).toMatchObject({ code: 'invalid-schedule', errors: [{ pointer: '/cron' }] });
    await client.post('/v1/schedules/preview').send({ cron: '* * * * *', count: 101 }).expect(422);
  });
});

describe('POST /v1/schedules/{id}/run', () => {
  test('makes a task now, also of a paused one, and it names its schedule', async () => {
    const schedule = await schedules.create({ paused: true, lane: 'bulk', tags: ['by-hand'] });
    const answer = await client.post(`/v1/schedules/${schedule.id}/run`).expect(202);
    const task = bodyOf(answer) as { id: string; createdAt: string };
    expect(answer.get('Location')).toBe(`/v1/tasks/${task.id}`);
    expect(bodyOf(await client.get(`/v1/tasks/${task.id}`).expect(200))).toMatchObject({
      type: 'system.echo',
      lane: 'bulk',
      tags: ['by-hand'],
      schedule: { id: schedule.id, tick: task.createdAt },
    });
    const list = bodyOf(await client.get(`/v1/tasks?schedule=${schedule.id}`).expect(200));
    expect(list).toMatchObject({ items: [{ id: task.id, schedule: { id: schedule.id } }], next: null });
    expect(await schedules.show(schedule)).toMatchObject({
      lastTask: task.id,
      lastAt: task.createdAt,
      nextAt: null,
    });
  });

  test('makes no second one of a schedule that skips overlaps, until the first has ended', async () => {
    const { id } = await schedules.create({ overlap: 'skip' });
    const first = bodyOf(await client.post(`/v1/schedules/${id}/run`).expect(202)) as { id: string };
    const second = bodyOf(await client.post(`/v1/schedules/${id}/run`).expect(409)) as { detail: string };
    expect(second).toMatchObject({ code: 'schedule-running' });
    expect(second.detail).toContain(first.id);
    await api.store.tasks.apply(cancel({ id: first.id, keepMs: 1_000, now: api.store.tasks.now() }));
    await client.post(`/v1/schedules/${id}/run`).expect(202);
  });
});

describe('a deleted schedule', () => {
  test('is gone, and its tasks stay', async () => {
    const { id } = await schedules.create();
    const task = bodyOf(await client.post(`/v1/schedules/${id}/run`).expect(202)) as { id: string };
    await client.delete(`/v1/schedules/${id}`).expect(204);
    await client.delete(`/v1/schedules/${id}`).expect(404);
    await client.get(`/v1/schedules/${id}`).expect(404);
    await client.get(`/v1/tasks/${task.id}`).expect(200);
  });
});

describe("another owner's schedule", () => {
  let theirs: string;
  beforeAll(async () => {
    await api.store.connection.mongo.collection('schedules').deleteMany({ owner: 'other' });
    theirs = (await othersSchedule())._id;
  });

  test.each([
    ['get', ''],
    ['patch', ''],
    ['delete', ''],
    ['get', '/runs'],
    ['post', '/pause'],
    ['post', '/resume'],
    ['post', '/run'],
  ] as const)('is not there for %s %s (P8)', async (method, rest) => {
    const request = client[method](`/v1/schedules/${theirs}${rest}`);
    const body = bodyOf(await (method === 'patch' ? request.send({ paused: true }) : request).expect(404));
    expect(body).toMatchObject({ code: 'schedule-not-found' });
    expect(await api.store.schedules.get('other', theirs)).toMatchObject({ paused: false, version: 0 });
  });
});

test('an address that takes no such method says which it takes', async () => {
  const answer = await client.put(`/v1/schedules/${newId()}`).send({}).expect(405);
  expect(answer.get('Allow')).toBe('GET, HEAD, PATCH, DELETE, OPTIONS');
});
