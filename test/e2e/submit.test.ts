import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { imageResize } from '@offload/contracts/image-resize';
import { ledgerOf } from '../support/ledger.js';
import { freePort, ready, startSystem, type ShownTask, type System } from '../support/system.js';

let system: System;
let otherApi: string;
beforeAll(async () => {
  // The ledger reads in the workers' logs what they did.
  system = await startSystem({
    label: 'submit',
    processes: { web: 1, clock: 1, echo: 2 },
    env: { LOG_LEVEL: 'debug' },
  });
  const port = await freePort();
  await system.start('web', { PORT: String(port) });
  otherApi = `http://127.0.0.1:${port}`;
  await ready(otherApi);
}, 60_000);
afterAll(() => system.stop(), 30_000);

interface Times {
  createdAt: string;
  startedAt: string;
  endedAt: string;
  expiresAt: string;
}

async function post(body: object, headers: Record<string, string> = {}, api = system.apiUrl) {
  const response = await fetch(`${api}/v1/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST: ${response.status} ${await response.text()}`);
  return (await response.json()) as ShownTask & Times;
}

/** Attempts that the workers' logs tell of, for a task that has ended. */
const attemptsOf = (id: string): number =>
  system.processes
    .flatMap(({ lines }) => lines.received)
    .filter((line) => new RegExp(`debug done task=${id}\\b`).test(line)).length;

describe('fifty requests with one Idempotency-Key', () => {
  test('at two APIs at once are one task, executed once', async () => {
    const headers = { 'idempotency-key': `"${randomUUID()}"` };
    const body = { type: 'system.echo', input: { message: 'once' } };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => post(body, headers, n % 2 === 0 ? system.apiUrl : otherApi)),
    );
    const [id = '', ...others] = [...new Set(answers.map((answer) => answer.id))];
    expect(others).toEqual([]);
    expect(await system.ended(id)).toMatchObject({ state: 'succeeded', attempt: 1 });
    expect(attemptsOf(id)).toBe(1);
    const once = { id, type: 'system.echo' };
    expect(await ledgerOf(system, [once])).toMatchObject({
      byState: { succeeded: 1 },
      lost: [],
      open: [],
      doneTwice: [],
    });
    // Repeated once it is done, it is not done again.
    expect(await post(body, headers)).toMatchObject({ id, state: 'succeeded' });
    expect(attemptsOf(id)).toBe(1);
  });
});

describe('a task for later', () => {
  test.each([1_000, 3_000, 5_000])(
    'in %i ms begins not before its time, and within a second and a half after it',
    async (delayMs) => {
      const { id, createdAt } = await post({ type: 'system.echo', input: {}, delayMs });
      const task = (await system.ended(id)) as ShownTask & Times;
      const late = Date.parse(task.startedAt) - (Date.parse(createdAt) + delayMs);
      expect(task).toMatchObject({ state: 'succeeded', attempt: 1 });
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(1_500);
    },
    30_000,
  );
});

describe('a task that nobody takes', () => {
  test('fails as expired within a second and a half of its expiresAt', async () => {
    // No worker of this type runs here.
    const { id } = await post({ type: imageResize.type, input: imageResize.example, expiresInMs: 1_000 });
    const task = (await system.ended(id)) as ShownTask & Times;
    expect(task).toMatchObject({ state: 'failed', attempt: 0, error: { code: 'expired' } });
    const late = Date.parse(task.endedAt) - Date.parse(task.expiresAt);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(1_500);
  });
});
