import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { scheduleClient, type ScheduleClient } from '../../../test/support/schedule-client.js';
import { startApiWithoutBroker, type OwnApi } from '../../../test/support/own-api.js';

let api: OwnApi;
let client: OwnApi['client'];
let schedules: ScheduleClient;
beforeAll(async () => {
  api = await startApiWithoutBroker('api-schedule-changes');
  ({ client } = api);
  schedules = scheduleClient(client);
});
afterAll(() => api.remove());

const bodyOf = ({ body }: { body: unknown }) => body;

describe('PATCH /v1/schedules/{id}', () => {
  test('of cron or time zone moves the next tick, and of anything else does not', async () => {
    const schedule = await schedules.create();
    const renamed = await schedules.patch(schedule, {
      name: 'renamed',
      tags: ['x'],
      input: { message: 'other' },
    });
    expect(renamed).toMatchObject({
      name: 'renamed',
      tags: ['x'],
      input: { message: 'other' },
      nextAt: schedule.nextAt,
    });
    const moved = await schedules.patch(schedule, { cron: '0 0 1 1 *' });
    expect(moved.nextAt).toMatch(/-12-31T23:00:00\.000Z$/);
    expect((await schedules.patch(schedule, { timeZone: 'UTC' })).nextAt).toMatch(/-01-01T00:00:00\.000Z$/);
    expect(await schedules.show(schedule)).toMatchObject({
      name: 'renamed',
      cron: '0 0 1 1 *',
      timeZone: 'UTC',
    });
  });

  test('takes optional fields away with null', async () => {
    const schedule = await schedules.create({ tags: ['a'], timeoutMs: 2_000, maxAttempts: 3 });
    const without = { tags: null, timeoutMs: null, maxAttempts: null };
    expect(await schedules.patch(schedule, without)).toMatchObject({
      tags: [],
      timeoutMs: null,
      maxAttempts: null,
    });
  });

  test('is checked like a new one, as a whole', async () => {
    const schedule = await schedules.create();
    const refused = (change: object) => client.patch(`/v1/schedules/${schedule.id}`).send(change).expect(422);
    expect(bodyOf(await refused({ cron: 'x' }))).toMatchObject({ errors: [{ pointer: '/cron' }] });
    expect(bodyOf(await refused({ type: 'feed.fetch' }))).toMatchObject({ errors: [{ pointer: '/type' }] });
    expect(bodyOf(await refused({ input: {}, timeZone: 'x' }))).toMatchObject({
      code: 'invalid-schedule',
      errors: [{ pointer: '/timeZone' }],
    });
    expect(await schedules.show(schedule)).toEqual(schedule);
  });

  test('to a name that is taken is refused', async () => {
    const [one, other] = [await schedules.create(), await schedules.create()];
    const answer = await client.patch(`/v1/schedules/${one.id}`).send({ name: other.name }).expect(409);
    expect(bodyOf(answer)).toMatchObject({ code: 'schedule-exists' });
  });

  test('of one whose tasks could not be made has the clocks look again at once', async () => {
    const { id } = await schedules.create({ cron: '* * * * * *' });
    const [due] = await dueOf(id);
    await api.store.schedules.putOff(due, { code: 'unknown-type', message: 'gone' }, 3_600_000);
    expect(await schedules.show({ id })).toMatchObject({ error: { code: 'unknown-type' } });
    expect(await schedules.patch({ id }, { input: { message: 'mended' } })).toMatchObject({ error: null });
    expect(await dueOf(id)).toHaveLength(1);
    await client.delete(`/v1/schedules/${id}`).expect(204);
  });

  /** It has a tick each second; looked for until that has come. */
  async function dueOf(id: string) {
    for (;;) {
      const due = (await api.store.schedules.due(1_000)).filter(({ _id }) => _id === id);
      const [first] = due;
      if (first) return [first, ...due.slice(1)] as const;
    }
  }
});

describe('a pause', () => {
  test('takes the next tick away, and its end gives the next one from then on', async () => {
    const schedule = await schedules.create();
    const paused = bodyOf(await client.post(`/v1/schedules/${schedule.id}/pause`).expect(200));
    expect(paused).toMatchObject({ paused: true, nextAt: null });
    const runs = bodyOf(await client.get(`/v1/schedules/${schedule.id}/runs`).expect(200));
    expect(runs).toEqual({ runs: [] });
    await client.post(`/v1/schedules/${schedule.id}/pause`).expect(200);
    expect(await schedules.patch(schedule, { cron: '0 5 * * *' })).toMatchObject({
      paused: true,
      nextAt: null,
    });
    await schedules.patch(schedule, { cron: '30 2 * * *' });
    const resumed = bodyOf(await client.post(`/v1/schedules/${schedule.id}/resume`).expect(200));
    expect(resumed).toMatchObject({ paused: false, nextAt: schedule.nextAt });
  });
});

describe('a schedule that does not fit the present any more', () => {
  let id: string;
  beforeAll(async () => {
    ({ id } = await schedules.create());
    const schedule = await api.store.schedules.get('local', id);
    if (!schedule) throw new Error('not stored');
    await api.store.schedules.change(schedule, { input: { message: 7 }, timeZone: 'Mars/Base' });
  });

  test.each([
    ['post', 'run', /message/],
    ['get', 'runs', /timeZone is not a known time zone/],
  ] as const)('says so to %s %s', async (method, what, detail) => {
    const body = bodyOf(await client[method](`/v1/schedules/${id}/${what}`).expect(409));
    expect(body).toMatchObject({ code: 'schedule-outdated', detail: expect.stringMatching(detail) });
  });

  test('can be renamed and paused, but not resumed until it is mended', async () => {
    expect(await schedules.patch({ id }, { name: 'outdated' })).toMatchObject({ name: 'outdated' });
    await client.post(`/v1/schedules/${id}/pause`).expect(200);
    const body = bodyOf(await client.post(`/v1/schedules/${id}/resume`).expect(422));
    expect(body).toMatchObject({ errors: [{ pointer: '/input/message' }, { pointer: '/timeZone' }] });
    const mended = { input: { message: 'x' }, timeZone: 'UTC', paused: false };
    expect((await schedules.patch({ id }, mended)).nextAt).not.toBeNull();
  });
});
