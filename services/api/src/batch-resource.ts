import { z } from 'zod';
import { taskStates } from '@offload/contracts/task';
import { batchCallback } from '@offload/contracts/webhook-event';
import type { BatchRecord } from '@offload/store/batch-record';
import type { ListedBatch, StateCounts } from '@offload/store/batches';
import { iso } from './times.js';

const time = z.iso.datetime().describe('RFC 3339, UTC');

export const batchSummary = z
  .object({
    id: z.uuid(),
    total: z.int().describe('Tasks that were accepted'),
    counts: z
      .object(
        Object.fromEntries(taskStates.map((state) => [state, z.int()])) as Record<
          (typeof taskStates)[number],
          z.ZodInt
        >,
      )
      .describe('How many of them are in each state; those that were removed are in none'),
    tags: z.array(z.string()),
    callback: batchCallback.nullable().describe('Who is told'),
    createdAt: time,
    completedAt: time.nullable().describe('When the last of them had ended; it stays when one is run again'),
    keptUntil: time.nullable().describe('When the completed batch is removed'),
    links: z.object({ self: z.string(), tasks: z.string() }),
  })
  .meta({ id: 'BatchSummary' });

export const batch = batchSummary
  .extend({
    tasks: z
      .array(z.object({ id: z.uuid(), ref: z.string().nullable() }))
      .describe('In the order of the request'),
  })
  .meta({ id: 'Batch' });

export const batchPath = (id: string): string => `/v1/batches/${id}`;

export const batchSummaryOf = (record: ListedBatch, counts: StateCounts): z.output<typeof batchSummary> => ({
  id: record._id,
  total: record.total,
  counts: Object.fromEntries(taskStates.map((state) => [state, counts[state] ?? 0])) as Record<
    (typeof taskStates)[number],
    number
  >,
  tags: record.tags ?? [],
  callback: record.callback ?? null,
  createdAt: record.createdAt.toISOString(),
  completedAt: iso(record.completedAt),
  keptUntil: iso(record.expireAt),
  links: { self: batchPath(record._id), tasks: `/v1/tasks?batch=${record._id}` },
});

export const batchOf = (record: BatchRecord, counts: StateCounts): z.output<typeof batch> => ({
  ...batchSummaryOf({ ...record, total: record.tasks.length }, counts),
  tasks: record.tasks.map(({ id, ref = null }) => ({ id, ref })),
});
