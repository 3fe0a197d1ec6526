import type supertest from 'supertest';
import { expect } from '@jest/globals';
import type { ScheduleSummary } from '../../services/api/src/schedule-resource.js';

export type ShownSchedule = ScheduleSummary & { input: unknown };

/** What tests do with schedules through the API; each call expects that it works. */
export interface ScheduleClient {
  /** The body of a new one with a name of its own: echo, nightly in Berlin. */
  newSchedule(change?: object): object & { name: string };
  create(change?: object): Promise<ShownSchedule>;
  show(schedule: { id: string }): Promise<ShownSchedule>;
  patch(schedule: { id: string }, change: object): Promise<ShownSchedule>;
}

export function scheduleClient(client: ReturnType<typeof supertest>): ScheduleClient {
  let count = 0;
  const newSchedule: ScheduleClient['newSchedule'] = (change = {}) => ({
    name: `schedule ${(count += 1)}`,
    type: 'system.echo',
    input: { message: 'tick' },
    cron: '30 2 * * *',
    timeZone: 'Europe/Berlin',
    ...change,
  });
  const shown = ({ status, body }: { status: number; body: unknown }, expected: number): ShownSchedule => {
    expect({ status, body }).toMatchObject({ status: expected });
    return body as ShownSchedule;
  };
  return {
    newSchedule,
    create: async (change) => shown(await client.post('/v1/schedules').send(newSchedule(change)), 201),
    show: async ({ id }) => shown(await client.get(`/v1/schedules/${id}`), 200),
    patch: async ({ id }, change) => shown(await client.patch(`/v1/schedules/${id}`).send(change), 200),
  };
}
