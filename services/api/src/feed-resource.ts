import { z } from 'zod';
import { httpUrl } from '@offload/contracts/source';
import { feedStates, type FeedRecord, type SubscriptionRecord } from '@offload/store/feed-record';
import { iso } from './times.js';

const time = z.iso.datetime().describe('RFC 3339, UTC');

/** A folder or label, in anybody's words. */
export const feedTag = z.string().trim().min(1).max(100);
export const MOST_TAGS = 20;

const tags = z.array(feedTag).max(MOST_TAGS).describe('Folders, labels');
const title = z.string().trim().min(1).max(500).describe("Instead of the feed's own");

/** `feed://host/…` and `feed:https://…` are what some programs call the address of a feed. */
const withoutFeedScheme = (text: string): string =>
  text.replace(/^feed:(?=https?:)/i, '').replace(/^feed:(?:\/\/)?/i, 'http://');

/** Comparable: as browsers write it, without what only they look at. */
function comparable(text: string): string {
  const url = new URL(text);
  url.hash = '';
  return url.href;
}

/** The address of a feed as a person or another program gives it. */
export const feedUrl = z
  .string()
  .trim()
  .transform(withoutFeedScheme)
  .pipe(httpUrl)
  .transform(comparable)
  .pipe(z.string().max(2048));

const shownUrl = httpUrl.describe('The feed, or a web page that links to it');

export const newFeed = z
  .strictObject({ url: feedUrl, title: title.optional(), tags: tags.optional() })
  .meta({ id: 'NewFeed' });

/** As the document shows it: what is made of the URL there is nobody's matter. */
export const newFeedShown = z
  .strictObject({ url: shownUrl, title: title.optional(), tags: tags.optional() })
  .meta({ id: 'NewFeed' });

/** A field that is absent stays, and null takes an optional one away (RFC 7396). */
export const feedPatch = z
  .strictObject({
    url: feedUrl.optional(),
    title: title.nullable().optional(),
    tags: tags.nullable().optional(),
  })
  .meta({ id: 'FeedPatch' });

export const feedPatchShown = feedPatch
  .extend({ url: shownUrl.optional().describe('Another feed: one of `found`, or where it has gone to') })
  .meta({ id: 'FeedPatch' });

export const feed = z
  .object({
    id: z.uuid().describe('Of your subscription'),
    url: z.string().describe('Where it is fetched from; permanent redirects move it'),
    state: z
      .enum(feedStates)
      .describe(
        'new: nothing was read yet; active: it is refreshed; choose: it is a page that links to several feeds, set ' +
          '`url` to one of `found`; ended: the origin says that it is gone for good, it is not fetched any more unless ' +
          'you ask',
      ),
    title: z.string().nullable().describe('Yours, else its own; null until it was read'),
    ownTitle: z.string().nullable().describe('As the feed says'),
    link: z.string().nullable().describe("The site's page"),
    description: z.string().nullable(),
    language: z.string().nullable(),
    format: z.string().nullable(),
    tags: z.array(z.string()),
    unread: z.int().describe('Entries'),
    found: z
      .array(z.object({ url: z.string(), title: z.string().nullable(), type: z.string().nullable() }))
      .describe('Feeds to choose from; empty otherwise'),
    checkedAt: time.nullable().describe('When it was last asked for'),
    updatedAt: time.nullable().describe('When entries were last added or edited'),
    nextAt: time.nullable().describe('When it is asked for again; null: not until you say so'),
    failure: z
      .object({ code: z.string(), message: z.string(), since: time, times: z.int() })
      .nullable()
      .describe('Why it cannot be refreshed at present, since when, and after how many attempts in a row'),
    task: z.uuid().nullable().describe('The task that fetches it, where this request has had one made'),
    createdAt: time,
    changedAt: time.describe('By you'),
    links: z.object({
      self: z.string(),
      entries: z.string(),
      icon: z.string().nullable().describe('An image of the site, once it was fetched'),
    }),
  })
  .meta({ id: 'Feed' });

export type Feed = z.output<typeof feed>;

export const feedPath = (id: string): string => `/v1/feeds/${id}`;

/** @param more.addressOf how the path of a file is shown */
export function feedOf(
  subscription: SubscriptionRecord,
  record: FeedRecord,
  more: { unread: number; task?: string; addressOf: (path: string) => string },
): Feed {
  const { _id: id, tags: own, createdAt, changedAt } = subscription;
  const { url, state, facts, found, failure } = record;
  const path = feedPath(id);
  return {
    id,
    url,
    state,
    title: (subscription.title ?? facts?.title) || null,
    ownTitle: facts?.title || null,
    link: facts?.link ?? null,
    description: facts?.description ?? null,
    language: facts?.language ?? null,
    format: facts?.format ?? null,
    tags: own ?? [],
    unread: Math.max(0, more.unread),
    found: found ?? [],
    checkedAt: iso(record.checkedAt),
    updatedAt: iso(record.updatedAt),
    nextAt: iso(record.nextAt),
    failure: failure ? { ...failure, since: failure.since.toISOString() } : null,
    task: more.task ?? null,
    createdAt: createdAt.toISOString(),
    changedAt: changedAt.toISOString(),
    links: {
      self: path,
      entries: `${path}/entries`,
      icon: facts?.icon ? more.addressOf(`${path}/icon`) : null,
    },
  };
}
