/** Which entries are listed. */
export const VIEWS = ['unread', 'all', 'starred'] as const;
export type View = (typeof VIEWS)[number];

/** Whose entries are listed. */
export type Scope = { kind: 'all' } | { kind: 'feed'; id: string } | { kind: 'tag'; tag: string };

/** Where the reader is. All of it stands in the URL, so that Back, reload and links lead there. */
export interface Place {
  scope: Scope;
  view: View;
  /** Words that have to stand in an entry; empty for none. */
  q: string;
  /** The entry that is open. */
  entry: string | null;
  /** Where there is room for one pane only: the list of feeds. */
  feeds: boolean;
}

export const START: Place = { scope: { kind: 'all' }, view: 'unread', q: '', entry: null, feeds: false };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const idOr = (text: string | null): string | null =>
  text !== null && UUID.test(text) ? text.toLowerCase() : null;
/** As the API takes it. */
const LONGEST_QUERY = 200;
const LONGEST_TAG = 100;

/** The place that a query string means. What is not valid in it is as if it were not there. */
export function placeOf(search: string): Place {
  const query = new URLSearchParams(search);
  const feed = idOr(query.get('feed'));
  const tag = (query.get('tag') ?? '').trim().slice(0, LONGEST_TAG);
  const scope: Scope = feed ? { kind: 'feed', id: feed } : tag ? { kind: 'tag', tag } : { kind: 'all' };
  return {
    scope,
    view: VIEWS.find((view) => view === query.get('view')) ?? START.view,
    q: (query.get('q') ?? '').trim().slice(0, LONGEST_QUERY),
    entry: idOr(query.get('entry')),
    feeds: query.get('pane') === 'feeds',
  };
}

/** The URL of a place: what is as at the start is left out. @param path of the reader's page */
export function urlOf(path: string, { scope, view, q, entry, feeds }: Place): string {
  const query = new URLSearchParams();
  if (scope.kind === 'feed') query.set('feed', scope.id);
  if (scope.kind === 'tag') query.set('tag', scope.tag);
  if (view !== START.view) query.set('view', view);
  if (q) query.set('q', q);
  if (entry) query.set('entry', entry);
  if (feeds) query.set('pane', 'feeds');
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** Names a list: two places of the same key show the same entries. */
export const listKey = ({ scope, view, q }: Place): string => JSON.stringify([scope, view, q]);

/** Another list: what was open is not, and what was looked for only in its own feed is not looked for here. */
export const withScope = (place: Place, scope: Scope): Place => ({ ...START, view: place.view, scope });

/** Which pane is shown where there is room for one. */
export const paneOf = ({ entry, feeds }: Place): 'feeds' | 'entries' | 'article' =>
  entry ? 'article' : feeds ? 'feeds' : 'entries';
