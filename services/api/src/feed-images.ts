import type { RequestHandler } from 'express';
import { z } from 'zod';
import { isTerminal } from '@offload/contracts/task';
import { IMAGE_FILE, imageTask, imageTaskIds, type ImageKind } from '@offload/store/feed-task';
import type { Store } from '@offload/store/open-store';
import { tasksByIds, type ListedTask } from '@offload/store/task-list';
import { fileAddresses } from './authenticate.js';
import type { CreateOptions } from './create-task.js';
import { findEntry, type EntryOptions } from './feed-entries.js';
import { entryPath, imageId, imagesOf } from './feed-entry-resource.js';
import { findSubscription } from './feeds.js';
import { ownerOf } from './owner.js';
import { Problem } from './problem.js';
import { pathPart, type Routes } from './routes.js';
import { sendFile } from './send-file.js';
import { inTime } from './store-deadline.js';

export interface ImageOptions extends Pick<CreateOptions, 'quota' | 'submitter'> {
  store: EntryOptions['store'] & Pick<Store, 'connection' | 'tasks' | 'files'>;
}

export const entryImages = z
  .object({
    images: z.array(
      z.object({
        src: z.string().describe('Where it is once it is ready, as in the HTML of the entry'),
        state: z.enum(['ready', 'underway', 'unavailable']),
        reason: z.string().nullable().describe('Why it cannot be had'),
      }),
    ),
  })
  .meta({ id: 'EntryImages' });

/**
 * Images of entries and sites. A task fetches them and makes them small (image.resize), for all who read the feed;
 * a reader's browser never asks the origin, and neither does this process.
 */
export function imageRoutes(options: ImageOptions): Routes {
  const { store } = options;
  const serve =
    (kind: ImageKind, urlOf: (request: Parameters<RequestHandler>[0]) => Promise<string>): RequestHandler =>
    async (request, response) => {
      const task = await madeImage(kind, await urlOf(request), options);
      const file = task.lastToken
        ? await inTime(store.files.taskFile(task._id, task.lastToken, IMAGE_FILE))
        : null;
      if (!file) throw notReady();
      await sendFile(request, response, file, {
        files: store.files,
        until: task.expireAt,
        now: store.tasks.now(),
      });
    };
  return {
    '/v1/feeds/:id/icon': {
      get: [
        serve('icon', async (request) => {
          const { feed } = await findSubscription(request, options);
          return (await inTime(store.feeds.get(feed)))?.facts?.icon ?? noImage();
        }),
      ],
    },
    '/v1/entries/:entry/thumbnail': {
      get: [
        serve(
          'thumbnail',
          async (request) => (await findEntry(request, options)).entry.entry.image ?? noImage(),
        ),
      ],
    },
    '/v1/entries/:entry/images': { post: [haveFetchedHandler(options)] },
    '/v1/entries/:entry/images/:image': {
      get: [
        serve('inline', async (request) => {
          const { entry } = await findEntry(request, options);
          const wanted = pathPart(request, 'image');
          return imagesOf(entry.html).find((url) => imageId(url) === wanted) ?? noImage();
        }),
      ],
    },
  };
}

/**
 * POST …/images, when a reader opens the entry: its images are fetched by tasks, those that were not fetched before.
 * Asked again, it says how far they are.
 */
function haveFetchedHandler(options: ImageOptions): RequestHandler {
  const { store, quota, submitter } = options;
  return async (request, response) => {
    const { entry } = await findEntry(request, options);
    const path = entryPath(entry._id);
    const lead = entry.entry.image;
    const wanted = [
      ...imagesOf(entry.html).map(
        (url) => ({ kind: 'inline', url, src: `${path}/images/${imageId(url)}` }) as const,
      ),
      ...(lead ? [{ kind: 'thumbnail', url: lead, src: `${path}/thumbnail` } as const] : []),
    ];
    const now = store.tasks.now();
    const tasks = await latestOf(wanted, options);
    const missing = wanted.flatMap(({ kind, url }, index) => {
      const task = tasks[index] ? null : imageTask(kind, url, 'interactive', now);
      return task ? [task] : [];
    });
    if (missing.length > 0) await inTime(quota.admit(ownerOf(request), missing.length));
    // The store writes together what comes at the same time.
    const storing = missing.map(async (task) => {
      await store.tasks.create(task);
      submitter.submit(task);
    });
    await inTime(Promise.all(storing));
    const made = new Set(missing.map(({ _id }) => _id));
    const addressOf = fileAddresses(request).of;
    const images = wanted.map(({ kind, url, src }, index): z.output<typeof entryImages>['images'][number] => {
      const task = tasks[index];
      const begun = task !== undefined || made.has(imageTaskIds(kind, url, now)[0]);
      return { src: addressOf(src), ...stateOf(task, begun) };
    });
    const open = images.some(({ state }) => state === 'underway');
    if (open) response.set('Retry-After', '1');
    response.status(open ? 202 : 200).json({ images });
  };
}

function stateOf(
  task: ListedTask | undefined,
  begun: boolean,
): { state: 'ready' | 'underway' | 'unavailable'; reason: string | null } {
  if (!begun) return { state: 'unavailable', reason: 'Its address is none of http or https.' };
  if (!task || !isTerminal(task.state)) return { state: 'underway', reason: null };
  if (task.state === 'succeeded') return { state: 'ready', reason: null };
  return { state: 'unavailable', reason: task.error?.message ?? 'It was not fetched.' };
}

/** Of each image the task that made it, or last tried to; a former one's while the present one has not ended. */
async function latestOf(
  images: readonly { kind: ImageKind; url: string }[],
  { store }: Pick<ImageOptions, 'store'>,
): Promise<(ListedTask | undefined)[]> {
  const at = store.tasks.now();
  const ids = images.map(({ kind, url }) => imageTaskIds(kind, url, at));
  const tasks = await inTime(tasksByIds(store.connection, ids.flat()));
  const byId = new Map(tasks.map((task) => [task._id, task]));
  return ids.map(([now, before]) => {
    const [last, former] = [byId.get(now), byId.get(before)];
    return last?.state !== 'succeeded' && former?.state === 'succeeded' ? former : last;
  });
}

async function madeImage(kind: ImageKind, url: string, options: ImageOptions): Promise<ListedTask> {
  const [task] = await latestOf([{ kind, url }], options);
  if (!task || !isTerminal(task.state)) throw notReady();
  if (task.state === 'succeeded') return task;
  throw new Problem('image-unavailable', task.error?.message ?? 'It was not fetched.');
}

const notReady = (): Problem =>
  new Problem('image-not-ready', 'It is fetched by a task: POST …/images of the entry has one made.', {
    headers: { 'Retry-After': '1' },
  });

function noImage(): never {
  throw new Problem('image-not-found', 'There is no such image.');
}
