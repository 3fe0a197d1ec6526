import { feedRefresh } from '@offload/contracts/feed-refresh';
import type { TaskEvent } from '@offload/contracts/task';
import type { Log } from '@offload/runtime/logger';
import type { StoreConnection } from '@offload/store/connect';
import type { SubscriptionRecord } from '@offload/store/feed-record';
import { SUBSCRIPTIONS } from '@offload/store/subscriptions';
import { taskModel } from '@offload/store/task-model';

/** An owner's subscription to a feed that has been refreshed. */
export type RefreshedSubscription = Pick<SubscriptionRecord, '_id' | 'owner'>;

/** Refreshes that end within so many milliseconds are looked up together. */
const GATHER_MS = 200;
const MOST_AT_ONCE = 500;
/** After these a reader sees nothing new. */
const NOTHING_NEW = ['unchanged', 'checked-already', 'unused'];

export interface RefreshedFeedsOptions {
  /** The owners who listen now. */
  owners: () => string[];
  /** Their subscriptions to the feeds that these tasks have changed. */
  read: (tasks: string[], owners: string[]) => Promise<RefreshedSubscription[]>;
  tell: (subscription: RefreshedSubscription) => void;
  log: Log;
}

/**
 * Tells subscribers that a feed has changed. Most feeds are refreshed by tasks of the system's, of which an owner's
 * stream says nothing: the clock makes one for all who subscribe.
 */
export function gatherRefreshed({ owners, read, tell, log }: RefreshedFeedsOptions) {
  let ended = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const all = [...ended];
    const tasks = all.slice(0, MOST_AT_ONCE);
    ended = new Set(all.slice(MOST_AT_ONCE));
    timer = undefined;
    try {
      const listening = owners();
      if (listening.length > 0) for (const each of await read(tasks, listening)) tell(each);
    } catch (error) {
      log.warn('subscribers were not told of refreshed feeds; they see it when they look', { error });
    }
    if (ended.size > 0) timer ??= setTimeout(() => void look(), GATHER_MS);
  }

  return {
    onTask({ task, type, state }: TaskEvent): void {
      if (type !== feedRefresh.type || state !== 'succeeded') return;
      ended.add(task);
      timer ??= setTimeout(() => void look(), GATHER_MS);
    },
    close: (): void => clearTimeout(timer),
  };
}

/** See {@link RefreshedFeedsOptions.read}. */
export async function refreshedSubscriptions(
  { mongo }: StoreConnection,
  tasks: string[],
  owners: string[],
): Promise<RefreshedSubscription[]> {
  const ended = await taskModel(mongo)
    .find({ _id: { $in: tasks } })
    .select({ 'input.feed': 1, 'result.outcome': 1 })
    .lean<{ input?: { feed?: string }; result?: { outcome?: string } }[]>();
  const feeds = ended.flatMap(({ input, result }) =>
    input?.feed !== undefined && !NOTHING_NEW.includes(result?.outcome ?? '') ? [input.feed] : [],
  );
  if (feeds.length === 0) return [];
  return mongo
    .collection<SubscriptionRecord>(SUBSCRIPTIONS)
    .find({ feed: { $in: [...new Set(feeds)] }, owner: { $in: owners } })
    .project<RefreshedSubscription>({ owner: 1 })
    .toArray();
}
