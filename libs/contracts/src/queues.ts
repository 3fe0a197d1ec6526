import type { TaskContract } from './define-task.js';
import { lanes, queueName, type Lane } from './task.js';

/** The queues of a contract, one a lane. */
export const queuesOf = (contract: Pick<TaskContract, 'queue'>): string[] =>
  lanes.map((lane) => queueName(contract.queue, lane));

/** The queues that a contract had before. */
export const formerQueuesOf = (contract: Pick<TaskContract, 'formerQueues'>): string[] =>
  contract.formerQueues.flatMap((queue) => queuesOf({ queue }));

/** Where a stored task is to be published now: its type's queue may have another name since it was stored. */
export function queueNow(
  contracts: readonly TaskContract[],
  task: { type: string; lane: Lane; queue: string },
): string {
  const contract = contracts.find(({ type }) => type === task.type);
  return contract ? queueName(contract.queue, task.lane) : task.queue;
}

const BULK_PART = 20;

/**
 * Of what a worker does or holds at once, a lane's share. The bulk lane gets a part of it: its groups of claims and outcomes
 * are smaller then, and an interactive task waits less for the one that is under way (docs/performance.md).
 */
export const shareOf = (lane: Lane, whole: number): number =>
  lane === 'bulk' ? Math.max(1, Math.floor(whole / BULK_PART)) : whole;
