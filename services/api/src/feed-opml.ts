import express, { type RequestHandler } from 'express';
import { z } from 'zod';
import type { NewSubscription } from '@offload/store/subscriptions';
import { boundBody } from './bound-body.js';
import { detailOf } from './faults.js';
import { feedTag, feedUrl, MOST_TAGS, newFeed } from './feed-resource.js';
import { tooMany, untilFree, type FeedOptions } from './feeds.js';
import { decodeXml, readOpml, writeOpml, type OpmlFeed } from './opml.js';
import { ownerOf } from './owner.js';
import { Problem } from './problem.js';
import { wrongContentType } from './read-json.js';
import type { Routes } from './routes.js';
import { inTime } from './store-deadline.js';

/** Of a document; ten thousand feeds are about 3 MiB. */
const OPML_BYTES = 8 * 1024 * 1024;
/** Milliseconds for it to arrive. */
const OPML_MS = 60_000;
const MOST_OPML_FEEDS = 10_000;
/** Bad ones that are named. */
const MOST_BAD = 1_000;
/** Subscribed to in one call of the store. */
const PORTION = 500;

const TYPES = ['text/x-opml', 'text/xml', 'application/xml', 'application/octet-stream'];

export const opmlImport = z
  .object({
    imported: z.int().describe('New subscriptions'),
    existing: z.int().describe('Feeds that you subscribe to already; they stay as they are'),
    refused: z
      .array(z.object({ url: z.string(), title: z.string().nullable(), reason: z.string() }))
      .describe(`Those that were left out, at most ${MOST_BAD}`),
  })
  .meta({ id: 'OpmlImport' });

export function opmlRoutes(options: FeedOptions): Routes {
  return {
    '/v1/feeds/opml': { get: [exportHandler(options)], post: [readXml(), importHandler(options)] },
  };
}

function readXml(): RequestHandler {
  const raw = boundBody(express.raw({ limit: OPML_BYTES, type: TYPES }), { limit: OPML_BYTES, ms: OPML_MS });
  return (request, response, next) => {
    const form = request.is(TYPES);
    if (form === null || request.headers['content-length'] === '0')
      throw new Problem('invalid-opml', 'There is no body; send an OPML document.');
    if (form === false) throw wrongContentType(request.method, TYPES.slice(0, 3));
    void raw(request, response, next);
  };
}

/**
 * POST /v1/feeds/opml. The feeds are stored and due; the clock has them fetched, in the bulk lane. After a 503 the
 * same request is safe: what was imported is there then.
 */
function importHandler({ store }: FeedOptions): RequestHandler {
  return async (request, response) => {
    const owner = ownerOf(request);
    const { isOpml, feeds } = await readOpml(decodeXml(request.body as Buffer), MOST_OPML_FEEDS);
    if (!isOpml) throw new Problem('invalid-opml', 'It has no outlines: it is not OPML.');
    if (feeds.length > MOST_OPML_FEEDS)
      throw new Problem('invalid-opml', `It may have ${MOST_OPML_FEEDS} feeds at most; split it.`);
    const { wanted, refused } = checked(feeds);
    let imported = 0;
    for (let from = 0; from < wanted.length; from += PORTION) {
      const portion = wanted.slice(from, from + PORTION);
      const subscribed = await untilFree(() => store.subscriptions.subscribe(owner, portion));
      if (subscribed === 'too-many') throw tooMany();
      imported += subscribed.filter(({ existing }) => !existing).length;
    }
    response.json({ imported, existing: wanted.length - imported, refused: refused.slice(0, MOST_BAD) });
  };
}

type Refused = z.output<typeof opmlImport>['refused'][number];

/** Each URL once, with the tags of all places where it stands. */
function checked(feeds: OpmlFeed[]): { wanted: NewSubscription[]; refused: Refused[] } {
  const wanted = new Map<string, NewSubscription & { tags: string[] }>();
  const refused: Refused[] = [];
  for (const { url: given, title, tags } of feeds) {
    const url = feedUrl.safeParse(given);
    if (!url.success) {
      const reason = `its URL ${detailOf(url.error.issues[0] ?? { message: 'is not valid' })}`;
      refused.push({ url: given.slice(0, 2048), title: title?.slice(0, 500) ?? null, reason });
      continue;
    }
    const known = wanted.get(url.data) ?? { url: url.data, tags: [] };
    const named = newFeed.shape.title.safeParse(title?.slice(0, 500)).data;
    const labels = tags
      .map((tag) => feedTag.safeParse(tag.slice(0, 100)).data)
      .filter((tag) => tag !== undefined);
    wanted.set(url.data, {
      ...known,
      ...(known.title === undefined && named !== undefined && { title: named }),
      tags: [...new Set([...known.tags, ...labels])].slice(0, MOST_TAGS),
    });
  }
  const all = [...wanted.values()].map(({ tags, ...rest }) => ({
    ...rest,
    ...(tags.length > 0 && { tags }),
  }));
  return { wanted: all, refused };
}

/** GET /v1/feeds/opml: every subscription, for other programs. */
function exportHandler({ store }: FeedOptions): RequestHandler {
  return async (request, response) => {
    const subscriptions = await inTime(store.subscriptions.all(ownerOf(request)));
    const feeds = await inTime(store.feeds.getMany(subscriptions.map(({ feed }) => feed)));
    const outlines = subscriptions.flatMap(({ feed: id, title, tags = [] }) => {
      const feed = feeds.get(id);
      if (!feed) return [];
      const { url, facts } = feed;
      return [{ url, title: title ?? (facts?.title || url), link: facts?.link ?? null, tags }];
    });
    response
      .attachment('feeds.opml')
      .set('Content-Type', 'text/x-opml; charset=utf-8')
      .send(writeOpml(outlines, store.feeds.now()));
  };
}
