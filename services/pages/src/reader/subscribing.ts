import type { Schemas } from '@offload/client';
import type { Feed } from './feed-groups.js';

type TaskSummary = Schemas['TaskSummary'];

/** Where the adding of a feed is. */
export type Step =
  | { kind: 'sending' }
  /** `says` is what happens now, in words. */
  | { kind: 'working'; feed: Feed; says: string; attempt: number }
  | { kind: 'added'; feed: Feed; existing: boolean }
  | { kind: 'choose'; feed: Feed }
  /** It stays subscribed, and is tried again by itself. */
  | { kind: 'failing'; feed: Feed };

export interface SubscribingApi {
  /** Makes the subscription, or changes its URL; resolves with `task` where one is needed. */
  begin: () => Promise<Feed>;
  follow: (task: string, signal: AbortSignal) => AsyncIterable<TaskSummary>;
  feed: (id: string, signal: AbortSignal) => Promise<Feed>;
}

/** What a task does now, in words. */
export function wordsOf({ state, progress }: Pick<TaskSummary, 'state' | 'progress'>, site: string): string {
  if (state === 'running') return progress?.note ?? `Fetching ${site}…`;
  if (state === 'scheduled' || state === 'queued' || state === 'blocked') return 'Waiting for a worker…';
  return 'Reading the entries…';
}

/**
 * Subscribes and tells each step, the first one before anything is sent. Ends with `added`, `choose` or `failing`;
 * rejects with what the API said, or the signal's reason.
 * @param site what the words name the origin by
 */
export async function* subscribing(
  { begin, follow, feed: load }: SubscribingApi,
  site: string,
  signal: AbortSignal,
): AsyncGenerator<Step, void> {
  yield { kind: 'sending' };
  const begun = await begin();
  signal.throwIfAborted();
  if (begun.task === null) {
    yield outcome(begun, true);
    return;
  }
  yield { kind: 'working', feed: begun, says: 'Waiting for a worker…', attempt: 0 };
  for await (const task of follow(begun.task, signal))
    yield { kind: 'working', feed: begun, says: wordsOf(task, site), attempt: task.attempt };
  yield outcome(await load(begun.id, signal), false);
}

function outcome(feed: Feed, existing: boolean): Step {
  if (feed.state === 'choose') return { kind: 'choose', feed };
  if (feed.failure || feed.state === 'new') return { kind: 'failing', feed };
  return { kind: 'added', feed, existing };
}
