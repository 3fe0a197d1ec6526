import type { Schemas } from '@offload/client';
import { hostOf } from './feed-address.js';

export type Feed = Schemas['Feed'];

export interface FeedGroup {
  /** null: the feeds without a tag. */
  tag: string | null;
  feeds: Feed[];
  unread: number;
}

/** What a feed is called: its title, else its site. */
export const nameOf = ({ title, url }: Pick<Feed, 'title' | 'url'>): string => title ?? hostOf(url);

const byName = (a: string, b: string): number =>
  a.localeCompare(b, undefined, { sensitivity: 'base', numeric: true });

export const unreadOf = (feeds: Iterable<Pick<Feed, 'unread'>>): number => {
  let sum = 0;
  for (const { unread } of feeds) sum += unread;
  return sum;
};

/** By tag, then those without one, by name. A feed with several tags stands in each. */
export function groupFeeds(feeds: Iterable<Feed>): FeedGroup[] {
  const groups = new Map<string | null, Feed[]>();
  for (const feed of feeds) {
    for (const tag of feed.tags.length > 0 ? feed.tags : [null])
      groups.set(tag, [...(groups.get(tag) ?? []), feed]);
  }
  return [...groups]
    .sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : byName(a, b)))
    .map(([tag, of]) => ({
      tag,
      feeds: of.sort((a, b) => byName(nameOf(a), nameOf(b))),
      unread: unreadOf(of),
    }));
}

/** Tags as one types them: by commas, each once, as many and as long as the API takes. */
export const tagsOf = (typed: string): string[] =>
  [...new Set(typed.split(',').map((tag) => tag.trim().slice(0, 100)))]
    .filter((tag) => tag !== '')
    .slice(0, 20);

/** Counts above this are not looked at by anyone. */
export const shownCount = (count: number): string => (count > 9_999 ? '9,999+' : count.toLocaleString('en'));
