import type { Request, RequestHandler, Response } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { MOST_SUBSCRIPTIONS, type FeedRecord, type SubscriptionRecord } from '@offload/store/feed-record';
import { askedRefresh } from '@offload/store/feed-task';
import type { Store } from '@offload/store/open-store';
import type { TaskRecord } from '@offload/store/task-record';
import { hasEnded } from '@offload/store/tasks';
import { answerTask, preferWait } from './answer-task.js';
import { fileAddresses } from './authenticate.js';
import { storeTask, type CreateOptions } from './create-task.js';
import { feedOf, feedPatch, feedPath, feedTag, newFeed, type Feed } from './feed-resource.js';
import { nextPage, pageQuery, storePage } from './list-page.js';
import { ownerOf } from './owner.js';
import { parseBody, parseQuery } from './parse-query.js';
import { Problem } from './problem.js';
import { readJson } from './read-json.js';
import { pathPart, pathUuid, type Routes } from './routes.js';
import { wants } from './sparse-fields.js';
import { inTime } from './store-deadline.js';

export interface FeedOptions extends CreateOptions {
  store: CreateOptions['store'] & Pick<Store, 'feeds' | 'subscriptions' | 'entries' | 'marks'>;
}

/** While an owner's own task is to fetch a feed, the clock leaves it alone; milliseconds. */
const OWN_TASK_MS = 60_000;
/** Who subscribes is content with a check that began so shortly before, milliseconds: so two owners make one request. */
const FRESH_MS = 60_000;
/** Processes read the database's clock at different moments: only beyond this is a check surely the later one, milliseconds. */
const SKEW_MS = 2_000;
/** A feed that is just being deleted is gone in a moment. */
const TRIES = 10;
const TRY_MS = 200;

const listQuery = z.strictObject({ ...pageQuery, tag: feedTag.optional() });

/** Subscriptions to feeds. The feeds themselves are shared: each is fetched once for all its subscribers. */
export function feedRoutes(options: FeedOptions): Routes {
  return {
    '/v1/feeds': { get: [listHandler(options)], post: [readJson(), subscribeHandler(options)] },
    '/v1/feeds/:id': {
      get: [readHandler(options)],
      patch: [readJson(), patchHandler(options)],
      delete: [removeHandler(options)],
    },
    '/v1/feeds/:id/refresh': { post: [refreshHandler(options)] },
  };
}

/** POST /v1/feeds. The same URL again is the same subscription. Nothing is fetched here: a task does it. */
function subscribeHandler(options: FeedOptions): RequestHandler {
  return async (request, response) => {
    const owner = ownerOf(request);
    const wanted = parseBody(newFeed, request.body);
    await inTime(options.quota.admit(owner, 1));
    const due = new Date(options.store.feeds.now().getTime() + OWN_TASK_MS);
    const { subscriptions } = options.store;
    const subscribed = await untilFree(() => subscriptions.subscribe(owner, [wanted], due));
    if (subscribed === 'too-many') throw tooMany();
    const [one] = subscribed;
    if (!one) throw new Problem('feed-busy', 'The subscription was removed at the same moment; try again.');
    const task = needsFetch(one.feed) ? await haveRefreshed(one.feed, owner, options, FRESH_MS) : undefined;
    response.location(feedPath(one.subscription._id));
    const status = task ? 202 : one.existing ? 200 : 201;
    await answer(response, status, one.subscription, options, task);
  };
}

/** A feed that is well is refreshed in its rhythm, whoever comes to it. */
const needsFetch = ({ state, failure }: FeedRecord): boolean => state !== 'active' || failure !== undefined;

function listHandler(options: FeedOptions): RequestHandler {
  const { store } = options;
  return async (request, response) => {
    const { tag, ...query } = parseQuery(listQuery, request.query);
    const page = { ...storePage(query), ...(tag !== undefined && { tag }) };
    const found = await inTime(store.subscriptions.list(ownerOf(request), page));
    const { items, next } = nextPage(request, response, found, query.limit);
    response.json({ items: await feedsOf(request, items, options), next });
  };
}

function readHandler(options: FeedOptions): RequestHandler {
  return async (request, response) =>
    answer(response, 200, await findSubscription(request, options), options);
}

function patchHandler(options: FeedOptions): RequestHandler {
  const { subscriptions, feeds } = options.store;
  return async (request, response) => {
    const { url, ...patch } = parseBody(feedPatch, request.body);
    let subscription = await findSubscription(request, options);
    const { owner, _id: id } = subscription;
    const change = {
      ...('title' in patch && { title: patch.title ?? undefined }),
      ...('tags' in patch && { tags: patch.tags ?? undefined }),
    };
    if (Object.keys(change).length > 0)
      subscription = (await inTime(subscriptions.change(owner, id, change))) ?? noFeed(id);
    let task: TaskRecord | undefined;
    if (url !== undefined) {
      await inTime(options.quota.admit(owner, 1));
      const due = new Date(feeds.now().getTime() + OWN_TASK_MS);
      const read = subscription;
      const moved = await untilFree(() => subscriptions.moveTo(read, url, due));
      if (moved === 'taken')
        throw new Problem('feed-exists', 'You subscribe to the feed at this URL already.');
      subscription = moved ?? noFeed(id);
      const feed = await inTime(feeds.get(subscription.feed));
      if (subscription.feed !== read.feed) await inTime(options.store.marks.removeOf(owner, read.feed));
      if (feed && needsFetch(feed)) task = await haveRefreshed(feed, owner, options, FRESH_MS);
    }
    await answer(response, 200, subscription, options, task);
  };
}

/** What the owner has marked goes with it. The feed stays for a day, and longer while others read it. */
function removeHandler(options: FeedOptions): RequestHandler {
  const { subscriptions, marks } = options.store;
  return async (request, response) => {
    const owner = ownerOf(request);
    const id = pathUuid(request);
    const removed = id === null ? null : await inTime(subscriptions.remove(owner, id));
    if (!removed) return noFeed(pathPart(request, 'id'));
    await inTime(marks.removeOf(owner, removed.feed));
    response.status(204).end();
  };
}

/** POST …/refresh: now, before what the clock has waiting; asked again meanwhile, it is the same task. */
function refreshHandler(options: FeedOptions): RequestHandler {
  return async (request, response) => {
    const { feed: id, owner } = await findSubscription(request, options);
    const feed = await inTime(options.store.feeds.get(id));
    if (!feed) return noFeed(pathPart(request, 'id'));
    await inTime(options.quota.admit(owner, 1));
    const refresh = await haveRefreshed(feed, owner, options);
    const { task, files } = await preferWait(request, response, refresh, options);
    answerTask(response, hasEnded(task) ? 200 : 202, task, files);
  };
}

/** @param freshMs how long ago the check may have begun that will do as well */
async function haveRefreshed(
  feed: FeedRecord,
  owner: string,
  options: FeedOptions,
  freshMs = 0,
): Promise<TaskRecord> {
  const { feeds } = options.store;
  const now = feeds.now();
  const task = askedRefresh(feed._id, owner, now, new Date(now.getTime() - freshMs + SKEW_MS));
  const created = await storeTask(task, options);
  if (created.kind === 'duplicate') return created.holder;
  options.submitter.submit(task);
  await inTime(feeds.postpone(feed._id, new Date(now.getTime() + OWN_TASK_MS)));
  return task;
}

/** These subscriptions with their feeds and how much of them is unread, in their order. */
export async function feedsOf(
  request: Request,
  subscriptions: SubscriptionRecord[],
  { store }: Pick<FeedOptions, 'store'>,
  task?: TaskRecord,
): Promise<Feed[]> {
  const owner = ownerOf(request);
  const after = new Map(subscriptions.map(({ feed, readThrough }) => [feed, readThrough]));
  const counted = wants(request, 'unread');
  const [feeds, seen, besides] = await inTime(
    Promise.all([
      store.feeds.getMany([...after.keys()]),
      store.entries.countSeenAfter(counted ? after : new Map()),
      store.marks.unreadBesides(owner, counted ? subscriptions : []),
    ]),
  );
  const addressOf = fileAddresses(request).of;
  return subscriptions.flatMap((subscription) => {
    const { feed: id } = subscription;
    const record = feeds.get(id);
    if (!record) return [];
    const unread = (seen.get(id) ?? 0) + (besides.get(id) ?? 0);
    return [feedOf(subscription, record, { unread, addressOf, ...(task && { task: task._id }) })];
  });
}

async function answer(
  response: Response,
  status: number,
  subscription: SubscriptionRecord,
  options: FeedOptions,
  task?: TaskRecord,
): Promise<void> {
  const [shown] = await feedsOf(response.req, [subscription], options, task);
  if (!shown) return noFeed(subscription._id);
  if (task) response.set('Retry-After', '1');
  response.status(status).json(shown);
}

/** The subscription that the path names. Throws a Problem when it is not there or another owner's: the same for both. */
export async function findSubscription(
  request: Request,
  { store }: { store: Pick<Store, 'subscriptions'> },
): Promise<SubscriptionRecord> {
  const id = pathUuid(request);
  const found = id === null ? null : await inTime(store.subscriptions.get(ownerOf(request), id));
  return found ?? noFeed(pathPart(request, 'id'));
}

/** Does it again while a feed that it needs is just being deleted. */
export async function untilFree<T>(call: () => Promise<T | 'busy'>): Promise<T> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const outcome = await inTime(call());
    if (outcome !== 'busy') return outcome;
    await sleep(TRY_MS);
  }
  throw new Problem('feed-busy', 'The feed is just being removed; try again in a few seconds.');
}

export const tooMany = (): Problem =>
  new Problem('too-many-feeds', `You may subscribe to ${MOST_SUBSCRIPTIONS} feeds; remove some first.`);

function noFeed(id: string): never {
  throw new Problem('feed-not-found', `You have no feed ${id.slice(0, 100)}.`);
}
