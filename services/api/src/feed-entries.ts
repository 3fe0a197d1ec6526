import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { EntryRecord } from '@offload/store/entries-record';
import type { MarkedEntry, Marking } from '@offload/store/entries-marks';
import type { SubscriptionRecord } from '@offload/store/feed-record';
import type { Store } from '@offload/store/open-store';
import { fileAddresses } from './authenticate.js';
import { entryOf, entrySummaryOf, type Reader } from './feed-entry-resource.js';
import { feedTag } from './feed-resource.js';
import { findSubscription } from './feeds.js';
import { linkNext, pageQuery } from './list-page.js';
import { ownerOf } from './owner.js';
import { parseBody, parseQuery } from './parse-query.js';
import { Problem } from './problem.js';
import { readJson, readOptionalJson } from './read-json.js';
import { pathId, pathUuid, type Routes } from './routes.js';
import { scanEntries } from './scan-entries.js';
import { inTime } from './store-deadline.js';

export interface EntryOptions {
  store: Pick<Store, 'feeds' | 'subscriptions' | 'entries' | 'marks'>;
}

/** Entries that one owner may have starred: those are kept for ever. */
const MOST_STARRED = 10_000;
/** Entries marked in one request. */
const MOST_MARKED = 500;

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

const filters = {
  ...pageQuery,
  unread: flag.optional(),
  starred: flag.optional(),
  q: z.string().trim().min(1).max(200).optional(),
};

const feedQuery = z.strictObject(filters);
const allQuery = z.strictObject({ ...filters, tag: feedTag.optional() });

export const marking = z
  .strictObject({ read: z.boolean().optional(), starred: z.boolean().optional() })
  .meta({ id: 'EntryMarking' });

export const manyMarking = z
  .strictObject({ entries: z.array(z.uuid()).min(1).max(MOST_MARKED), ...marking.shape })
  .meta({ id: 'EntriesMarking' });

export const readThrough = z
  .strictObject({
    before: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('Entries first seen by then; now when absent. Later ones stay unread'),
  })
  .meta({ id: 'ReadThrough' });

/** Of all feeds, or of those with a tag. */
export const readThroughTag = readThrough
  .extend({ tag: feedTag.optional().describe('Of the feeds with this tag only') })
  .meta({ id: 'ReadThroughAll' });

export function entryRoutes(options: EntryOptions): Routes {
  return {
    '/v1/feeds/:id/entries': { get: [ofFeedHandler(options)] },
    '/v1/feeds/:id/read': { post: [readOptionalJson(), readThroughHandler(options, oneFeed)] },
    '/v1/entries': { get: [allHandler(options)] },
    '/v1/entries/read': { post: [readOptionalJson(), readThroughHandler(options, everyFeed)] },
    '/v1/entries/marks': { post: [readJson(), markManyHandler(options)] },
    '/v1/entries/:entry': {
      get: [readHandler(options)],
      patch: [readJson(), markHandler(options)],
    },
  };
}

type Subscriptions = (request: Request, options: EntryOptions) => Promise<SubscriptionRecord[]>;

const oneFeed: Subscriptions = async (request, options) => [await findSubscription(request, options)];
const everyFeed: Subscriptions = (request, { store }) => inTime(store.subscriptions.all(ownerOf(request)));

const tagged = (subscriptions: SubscriptionRecord[], tag: string | undefined): SubscriptionRecord[] =>
  tag === undefined ? subscriptions : subscriptions.filter(({ tags }) => tags?.includes(tag));

function ofFeedHandler(options: EntryOptions): RequestHandler {
  return async (request, response) => {
    const query = parseQuery(feedQuery, request.query);
    const subscription = await findSubscription(request, options);
    response.json(await page(request, response, options, [subscription], query));
  };
}

/** GET /v1/entries: of all feeds of the owner, or those with a tag. */
function allHandler(options: EntryOptions): RequestHandler {
  return async (request, response) => {
    const { tag, ...query } = parseQuery(allQuery, request.query);
    const wanted = tagged(await everyFeed(request, options), tag);
    response.json(await page(request, response, options, wanted, query));
  };
}

async function page(
  request: Request,
  response: Response,
  { store }: EntryOptions,
  subscriptions: SubscriptionRecord[],
  query: z.output<typeof feedQuery>,
): Promise<{ items: unknown[]; next: string | null }> {
  const owner = ownerOf(request);
  const { items, next } = await inTime(scanEntries(store, owner, subscriptions, query));
  const addressOf = fileAddresses(request).of;
  const shown = items.map(({ entry, ...reader }) => entrySummaryOf(entry, { ...reader, addressOf }));
  return { items: shown, next: next === null ? null : linkNext(request, response, next) };
}

function readHandler(options: EntryOptions): RequestHandler {
  return async (request, response) => {
    const { entry, ...reader } = await findEntry(request, options);
    const shown = entryOf(entry, { ...reader, addressOf: fileAddresses(request).of });
    response.json(shown);
  };
}

function markHandler(options: EntryOptions): RequestHandler {
  return async (request, response) => {
    const wanted = parseBody(marking, request.body);
    const { entry, subscription } = await findEntry(request, options);
    const owner = ownerOf(request);
    await mark(owner, [entry], wanted, options);
    const now = (await inTime(options.store.marks.of(owner, [entry._id]))).get(entry._id);
    const reader = { subscription, mark: now, addressOf: fileAddresses(request).of };
    response.json(entrySummaryOf(entry, reader));
  };
}

/** POST /v1/entries/marks. What is not there, or not this owner's, is answered and harms nothing. */
function markManyHandler(options: EntryOptions): RequestHandler {
  const { store } = options;
  return async (request, response) => {
    const { entries: given, ...wanted } = parseBody(manyMarking, request.body);
    const owner = ownerOf(request);
    const ids = [...new Set(given.map((id) => id.toLowerCase()))];
    const found = await inTime(store.entries.getMany(ids));
    const feeds = [...new Set(found.map(({ feed }) => feed))];
    const own = new Set((await inTime(store.subscriptions.all(owner, feeds))).map(({ feed }) => feed));
    const marked = found.filter(({ feed }) => own.has(feed));
    await mark(owner, marked, wanted, options);
    const known = new Set(marked.map(({ _id }) => _id));
    response.json({ marked: marked.length, unknown: ids.filter((id) => !known.has(id)) });
  };
}

async function mark(
  owner: string,
  entries: MarkedEntry[],
  { read, starred }: z.output<typeof marking>,
  { store }: EntryOptions,
): Promise<void> {
  const wanted: Marking = {
    ...(read !== undefined && { read }),
    ...(starred !== undefined && { starred }),
  };
  if (Object.keys(wanted).length === 0 || entries.length === 0) return;
  if (
    starred &&
    (await inTime(store.marks.countStarred(owner, MOST_STARRED))) + entries.length > MOST_STARRED
  )
    throw new Problem(
      'too-many-starred',
      `You may have ${MOST_STARRED} starred entries, which are kept for ever.`,
    );
  await inTime(store.marks.set(owner, entries, wanted));
}

/** POST …/read: all that was there by a time. */
function readThroughHandler(options: EntryOptions, of: Subscriptions): RequestHandler {
  const { marks, feeds } = options.store;
  const schema = of === everyFeed ? readThroughTag : readThrough.extend({ tag: z.undefined().optional() });
  return async (request, response) => {
    const { before, tag } = parseBody(schema, request.body ?? {});
    const now = feeds.now();
    // What comes later has not been read by anyone.
    const time = before === undefined ? now : new Date(Math.min(Date.parse(before), now.getTime()));
    const subscriptions = tagged(await of(request, options), tag);
    await inTime(marks.readThrough(ownerOf(request), subscriptions, time));
    response.json({ feeds: subscriptions.length, before: time.toISOString() });
  };
}

export interface FoundEntry extends Omit<Reader, 'addressOf'> {
  entry: EntryRecord;
}

/** The entry that the path names, of a feed that the owner subscribes to. Throws a Problem: the same for all others. */
export async function findEntry(request: Request, { store }: EntryOptions): Promise<FoundEntry> {
  const id = pathUuid(request, 'entry');
  const owner = ownerOf(request);
  const entry = id === null ? null : await inTime(store.entries.get(id));
  const [subscription] = entry ? await inTime(store.subscriptions.all(owner, [entry.feed])) : [];
  if (!entry || !subscription)
    throw new Problem('entry-not-found', `You have no entry ${pathId(request, 'entry').slice(0, 100)}.`);
  const mark = (await inTime(store.marks.of(owner, [entry._id]))).get(entry._id);
  return { entry, subscription, mark };
}
