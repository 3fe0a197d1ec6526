import type { Result } from '@offload/contracts/define-task';
import type { feedFetch } from '@offload/contracts/feed-fetch';
import type { Handler } from '@offload/worker/handler';
import { fetchFeed, type FetchedFeed, type FetchFeedOptions } from './fetch-feed.js';

export type FeedHandlerOptions = Pick<FetchFeedOptions, 'outbound' | 'threads' | 'deadlineMs'>;

/**
 * feed.fetch: fetches the URL, reads the feed, stores all its entries as `entries.json`. A web page with several
 * feeds is answered with their list and no entries. Errors: those of `fetchFeed`.
 */
export function createFeedHandler(options: FeedHandlerOptions): Handler<typeof feedFetch> {
  return async (input, context) => {
    context.progress(0, 3, 'fetching');
    const onFetched = (): void => context.progress(1, 3, 'parsing');
    const fetched = await fetchFeed(input.url, { ...options, signal: context.signal, onFetched });
    if (fetched.kind === 'found') return choiceOf(fetched);

    const { result, entriesJson } = fetched.reading;
    context.progress(2, 3, 'storing');
    await context.files.save('entries.json', 'application/json', Buffer.from(entriesJson));
    context.progress(3, 3, null);
    return { ...result, url: fetched.url, found: [] };
  };
}

function choiceOf(page: FetchedFeed & { kind: 'found' }): Result<typeof feedFetch> {
  return {
    format: 'html',
    recovered: false,
    url: page.url,
    title: page.title,
    link: page.url,
    description: null,
    language: null,
    author: null,
    updated: null,
    icon: null,
    image: null,
    refreshAfterMs: null,
    skipHours: [],
    entries: [],
    total: 0,
    found: page.feeds,
  };
}
