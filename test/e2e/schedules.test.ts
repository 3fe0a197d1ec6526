import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { startSystem, type ShownTask, type System } from '../support/system.js';
import { within } from '../support/within.js';

let system: System;
let database: Connection;
beforeAll(async () => {
  system = await startSystem({ label: 'schedules', processes: { web: 1, clock: 2, echo: 1 } });
  database = await mongoose.createConnection(system.database.uri).asPromise();
}, 60_000);
afterAll(async () => {
  await database.close();
  await system.stop();
}, 30_000);

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(system.apiUrl + path, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

type Ticked = ShownTask & { schedule: { id: string; tick: string } };

/** Asks until the schedule has made so many tasks. */
async function ticked(schedule: string, count: number): Promise<string[]> {
  for (;;) {
    const filter = { 'schedule.id': schedule };
    const found = await database.collection<{ _id: string }>('tasks').find(filter).sort({ _id: 1 }).toArray();
    if (found.length >= count) return found.map(({ _id }) => _id);
    await sleep(100);
  }
}

test('a schedule each second under two clocks has each tick done once, and none after its pause', async () => {
  const { id } = await call<{ id: string }>('POST', '/v1/schedules', {
    name: 'each second',
    type: 'system.echo',
    input: { message: 'tick' },
    cron: '* * * * * *',
  });
  await within(20_000, ticked(id, 5), 'five ticks');
  const paused = await call<{ changedAt: string }>('POST', `/v1/schedules/${id}/pause`);
  // It lasts for two ticks that must not come.
  const { id: echo } = await system.submit('system.echo', { message: 'wait', delayMs: 2_000 });
  await system.ended(echo);

  const tasks: Ticked[] = [];
  for (const task of await ticked(id, 5)) tasks.push((await system.ended(task)) as Ticked);
  const ticks = tasks.map(({ schedule }) => Date.parse(schedule.tick));
  expect(ticks).toEqual(ticks.map((_tick, index) => Number(ticks[0]) + index * 1_000));
  expect(ticks.at(-1)).toBeLessThanOrEqual(Date.parse(paused.changedAt));
  for (const task of tasks) expect(task).toMatchObject({ state: 'succeeded', attempt: 1 });
}, 60_000);
