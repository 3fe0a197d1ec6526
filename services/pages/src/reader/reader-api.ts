import { answerOf, type Schemas } from '@offload/client';
import { allOf, api, client, cursorOf } from '../data/client.js';
import type { EntryPage } from './entry-list.js';
import type { Feed } from './feed-groups.js';
import type { Marking } from './marks.js';
import type { Place, Scope } from './place.js';

export type Entry = Schemas['SubscribedFeedEntry'];
export type EntryImage = Schemas['EntryImages']['images'][number];
export type OpmlImport = Schemas['OpmlImport'];

const FEEDS_A_PAGE = 200;
const ENTRIES_A_PAGE = 40;

/** All subscriptions, page after page. */
export const loadFeeds = (signal?: AbortSignal): Promise<Feed[]> =>
  allOf((cursor) =>
    answerOf(api().GET('/v1/feeds', { params: { query: { limit: FEEDS_A_PAGE, cursor } }, signal })),
  );

export const loadFeed = (id: string, signal?: AbortSignal): Promise<Feed> =>
  answerOf(api().GET('/v1/feeds/{id}', { params: { path: { id } }, signal }));

/** A page of the list of a place, newest first. */
export async function loadEntries(
  { scope, view, q }: Place,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<EntryPage> {
  const query = {
    limit: ENTRIES_A_PAGE,
    cursor,
    ...(view === 'unread' && { unread: true }),
    ...(view === 'starred' && { starred: true }),
    ...(q && { q }),
  };
  const { data, response } =
    scope.kind === 'feed'
      ? await api().GET('/v1/feeds/{id}/entries', { params: { path: { id: scope.id }, query }, signal })
      : await api().GET('/v1/entries', {
          params: { query: { ...query, ...(scope.kind === 'tag' && { tag: scope.tag }) } },
          signal,
        });
  if (!data) throw new Error(`${response.url} answered ${response.status} without a list.`);
  const at = Date.parse(response.headers.get('date') ?? '');
  return { items: data.items, cursor: cursorOf(data.next), at: Number.isNaN(at) ? 0 : at };
}

export const loadEntry = (entry: string, signal?: AbortSignal): Promise<Entry> =>
  answerOf(api().GET('/v1/entries/{entry}', { params: { path: { entry } }, signal }));

/** Has the images of an entry fetched; asked again, says how far they are. */
export const fetchImages = async (entry: string, signal: AbortSignal): Promise<EntryImage[]> =>
  (await answerOf(api().POST('/v1/entries/{entry}/images', { params: { path: { entry } }, signal }))).images;

export const markEntry = (entry: string, marking: Marking) =>
  answerOf(api().PATCH('/v1/entries/{entry}', { params: { path: { entry } }, body: marking }));

/** All of a scope that was there at a time is read. @param before milliseconds of the API's clock */
export async function markAllRead(scope: Scope, before: number): Promise<void> {
  const until = { before: new Date(before).toISOString() };
  if (scope.kind === 'feed')
    await api().POST('/v1/feeds/{id}/read', { params: { path: { id: scope.id } }, body: until });
  else
    await api().POST('/v1/entries/read', {
      body: { ...until, ...(scope.kind === 'tag' && { tag: scope.tag }) },
    });
}

/** `task` of the answer is the one that fetches it; null when nothing needs to be fetched. */
export const subscribe = (url: string, tags: string[] = []): Promise<Feed> =>
  answerOf(api().POST('/v1/feeds', { body: { url, ...(tags.length > 0 && { tags }) } }));

export const changeFeed = (id: string, body: Schemas['FeedPatch']): Promise<Feed> =>
  answerOf(api().PATCH('/v1/feeds/{id}', { params: { path: { id } }, body }));

export async function unsubscribe(id: string): Promise<void> {
  await api().DELETE('/v1/feeds/{id}', { params: { path: { id } } });
}

/** Resolves with the id of the task that fetches it. */
export const refreshFeed = async (id: string): Promise<string> =>
  (await answerOf(api().POST('/v1/feeds/{id}/refresh', { params: { path: { id } } }))).id;

export const importOpml = (document: Blob): Promise<OpmlImport> =>
  answerOf(
    api().POST('/v1/feeds/opml', {
      body: document as unknown as string,
      bodySerializer: (body: unknown) => body as Blob,
      headers: { 'content-type': 'text/x-opml' },
    }),
  );

export const exportOpml = (): Promise<string> =>
  answerOf(
    api().GET('/v1/feeds/opml', { parseAs: 'text' }) as Promise<{ data?: string; response: Response }>,
  );

/** Has a file fetched for playing: no other host is asked from here, and its origin does not hear of the reader. */
export async function fetchFile(url: string): Promise<string> {
  const handle = await client().httpFetch({ url, as: 'file', maxBytes: MOST_BYTES, timeoutMs: FETCH_MS });
  return handle.id;
}

/** The address of the file that a task has made. Rejects with what went wrong with it. */
export async function fileOf(task: string): Promise<string> {
  const { files, error } = await client().task(task).task();
  const [file] = files;
  if (!file) throw new Error(error?.message ?? 'It was not fetched.');
  return file.url;
}

/** The most that http.fetch takes. */
const MOST_BYTES = 1024 ** 3;
const FETCH_MS = 100_000;
