import { feedRefresh } from '@offload/contracts/feed-refresh';
import { imageResize } from '@offload/contracts/image-resize';
import { httpUrl } from '@offload/contracts/source';
import type { Lane } from '@offload/contracts/task';
import { SYSTEM_OWNER } from './feed-record.js';
import type { DueFeed } from './feeds.js';
import { derivedId, newTask } from './new-task.js';
import { tickId } from './schedule-task.js';
import type { TaskRecord } from './task-record.js';

/** At most one unfinished refresh of a feed and owner. */
const refreshKey = (feed: string): string => `feed:${feed}`;

/**
 * The task that refreshes a feed at its time: the same whichever clock makes it, so that the database takes it once
 * (as a schedule's tick, docs/decisions/0026).
 */
export function dueRefresh(feed: DueFeed, now: Date): TaskRecord {
  const input = feedRefresh.input.parse({ feed: feed._id, since: feed.nextAt.toISOString() });
  return newTask(feedRefresh, input, {
    owner: SYSTEM_OWNER,
    lane: 'bulk',
    now,
    id: tickId(feed._id, feed.nextAt),
    runAt: now,
    extra: { uniqueKey: refreshKey(feed._id), keepMs: KEEP_DUE_MS },
  });
}

/** What came of it stands with the feed: ten thousand feeds make a quarter of a million such tasks a day. */
const KEEP_DUE_MS = 3_600_000;

/**
 * The task by which an owner has a feed refreshed now.
 * @param since a check that another task has begun later will do
 */
export function askedRefresh(feed: string, owner: string, now: Date, since: Date): TaskRecord {
  const input = feedRefresh.input.parse({ feed, since: since.toISOString() });
  return newTask(feedRefresh, input, {
    owner,
    lane: 'interactive',
    now,
    extra: { uniqueKey: refreshKey(feed) },
  });
}

/** What is made of an image: a picture in a list, a site's icon, an image in an entry's text. */
export type ImageKind = 'thumbnail' | 'icon' | 'inline';

/** The one file of each. */
export const IMAGE_FILE = 'image.webp';

const VARIANTS = {
  thumbnail: { width: 320, height: 180, fit: 'cover' },
  icon: { width: 64, height: 64, fit: 'inside' },
  inline: { width: 1_200, height: 2_400, fit: 'inside' },
} as const;

/** An image is fetched anew in each of these, if somebody looks at it, and kept for two; milliseconds. */
const EPOCH_MS = 28 * 86_400_000;

/** The id of the task that makes an image: of what is made and when, so that nobody has it made twice. */
const imageTaskId = (kind: ImageKind, url: string, epoch: number): string =>
  derivedId(epoch * EPOCH_MS, `${kind} ${url}`);

/** The ids of the tasks that may have made it, the newest first. */
export function imageTaskIds(kind: ImageKind, url: string, now: Date): [string, string] {
  const epoch = Math.floor(now.getTime() / EPOCH_MS);
  return [imageTaskId(kind, url, epoch), imageTaskId(kind, url, epoch - 1)];
}

/** The task that fetches an image and makes it small, for whoever reads the feed; null: the URL is none. */
export function imageTask(kind: ImageKind, url: string, lane: Lane, now: Date): TaskRecord | null {
  if (!httpUrl.safeParse(url).success) return null;
  const variants = [{ name: IMAGE_FILE, format: 'webp', ...VARIANTS[kind] }];
  const input = imageResize.input.parse({ source: { url }, variants });
  const [id] = imageTaskIds(kind, url, now);
  // A worker that makes a task does not publish it: the relay does, at once.
  const due = lane === 'bulk' && { runAt: now };
  // Somebody looks at the place where it is to be: he is told within seconds that it cannot be had.
  const attempts = lane === 'interactive' && { maxAttempts: 2 };
  const extra = { keepMs: 2 * EPOCH_MS };
  return newTask(imageResize, input, { owner: SYSTEM_OWNER, lane, now, id, ...due, ...attempts, extra });
}
