import { answerOf, type Schemas } from '@offload/client';
import { api, cursorOf } from '../data/client.js';
import { chunksOf } from './group-letters.js';

export type DeadLetter = Schemas['DeadLetter'];
export type UnreadableMessage = Schemas['UnreadableMessage'];

export interface Filter {
  type?: string;
  code?: string;
  tag?: string;
}

/** Grouping needs them at hand; more than these are told, and had by a filter. */
export const MOST_LOADED = 1_000;
const PAGE = 200;
/** Ids that one request takes: in a body, and in an address. */
const IDS_IN_BODY = 1_000;
const IDS_IN_QUERY = 300;

export interface LoadedLetters {
  letters: DeadLetter[];
  /** There are others that fit. */
  more: boolean;
}

export async function loadLetters(filter: Filter, signal: AbortSignal): Promise<LoadedLetters> {
  const letters: DeadLetter[] = [];
  let cursor: string | undefined;
  do {
    const query = { ...filter, limit: PAGE, ...(cursor !== undefined && { cursor }) } as { limit: number };
    const page = await answerOf(api().GET('/v1/dead-letters', { params: { query }, signal }));
    letters.push(...page.items);
    cursor = cursorOf(page.next);
  } while (cursor !== undefined && letters.length < MOST_LOADED);
  return { letters, more: cursor !== undefined };
}

/** Sends the ids in parts of so many. @returns of how many of them it was done */
async function inParts(
  ids: readonly string[],
  size: number,
  send: (some: string[]) => Promise<{ done: number }>,
): Promise<number> {
  let done = 0;
  for (const some of chunksOf(ids, size)) done += (await send(some)).done;
  return done;
}

/** @returns how many of them will run again; the others had moved on */
export const requeue = (ids: readonly string[]): Promise<number> =>
  inParts(ids, IDS_IN_BODY, (some) =>
    answerOf(api().POST('/v1/dead-letters/requeue', { body: { ids: some } })),
  );

export const discard = (ids: readonly string[]): Promise<number> =>
  inParts(ids, IDS_IN_QUERY, (some) =>
    answerOf(api().DELETE('/v1/dead-letters', { params: { query: { ids: some.join(',') } } })),
  );

export async function requeueWith(id: string, input: unknown): Promise<void> {
  await answerOf(
    api().POST('/v1/tasks/{id}/retry', { params: { path: { id } }, body: { input } as Schemas['Retry'] }),
  );
}

export async function loadUnreadable(signal: AbortSignal): Promise<UnreadableMessage[]> {
  const query = { limit: PAGE };
  return (await answerOf(api().GET('/v1/dead-letters/unreadable', { params: { query }, signal }))).items;
}

export const discardUnreadable = (ids: readonly string[]): Promise<number> =>
  inParts(ids, IDS_IN_QUERY, (some) =>
    answerOf(api().DELETE('/v1/dead-letters/unreadable', { params: { query: { ids: some.join(',') } } })),
  );
