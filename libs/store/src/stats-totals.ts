import { lanes } from '@offload/contracts/task';
import { ANY_TIME } from './any-time.js';
import type { StoreConnection } from './connect.js';
import { seriesOf, type Counted } from './stats-record.js';
import { taskModel } from './task-model.js';

/** Tasks of a type and lane that have not ended. */
export interface OpenTotals extends Counted {
  blocked: number;
  scheduled: number;
  queued: number;
  running: number;
  /** Since when the oldest queued task waits. */
  oldestQueuedAt: Date | null;
}

interface Group {
  _id: Counted;
  count: number;
  oldest: Date | null;
}

/**
 * Each state with a condition that all of its tasks fulfil: it has the state's own partial index used, where the local
 * default would look through all tasks for the state alone (docs/decisions/0071).
 */
const STATES = {
  blocked: { _id: { $gte: '' } },
  scheduled: { lane: { $in: lanes } },
  queued: { queue: { $gte: '' } },
  running: { startedAt: ANY_TIME },
} as const;
type OpenState = keyof typeof STATES;

/** Counts them by index: ended tasks, which are most, are not looked at. Types and lanes without any are left out. */
export async function openTotals(connection: StoreConnection): Promise<OpenTotals[]> {
  const { collection } = taskModel(connection.mongo);
  const totals = new Map<string, OpenTotals>();
  const countState = async (state: OpenState): Promise<void> => {
    const groups = await collection
      .aggregate<Group>([
        { $match: { state, ...STATES[state] } },
        {
          $group: {
            _id: { type: '$type', lane: '$lane' },
            count: { $sum: 1 },
            oldest: { $min: '$queuedAt' },
          },
        },
      ])
      .toArray();
    for (const { _id, count, oldest } of groups) {
      const key = seriesOf(_id);
      const none = { ..._id, blocked: 0, scheduled: 0, queued: 0, running: 0, oldestQueuedAt: null };
      const found = totals.get(key) ?? none;
      totals.set(key, { ...found, [state]: count, ...(state === 'queued' && { oldestQueuedAt: oldest }) });
    }
  };
  await Promise.all((Object.keys(STATES) as OpenState[]).map(countState));
  return [...totals.values()].sort((a, b) => (seriesOf(a) < seriesOf(b) ? -1 : 1));
}
