import { describe, expect, test } from '@jest/globals';
import { listKey, paneOf, placeOf, START, urlOf, withScope, type Place } from './place.js';

const FEED = '0199c0de-0000-7000-8000-000000000001';
const ENTRY = '0199c0de-0000-7000-8000-000000000002';

describe('a place', () => {
  test.each<[string, Place]>([
    ['', START],
    ['?view=all&q=two+words', { ...START, view: 'all', q: 'two words' }],
    [`?feed=${FEED}&entry=${ENTRY}`, { ...START, scope: { kind: 'feed', id: FEED }, entry: ENTRY }],
    ['?tag=Tech%2FWeb&view=starred', { ...START, scope: { kind: 'tag', tag: 'Tech/Web' }, view: 'starred' }],
    ['?pane=feeds', { ...START, feeds: true }],
  ])('stands in the URL and comes back from it: %j', (search, place) => {
    expect(placeOf(search)).toEqual(place);
    expect(placeOf(urlOf('/', place).slice(1))).toEqual(place);
  });

  test.each(['?feed=../../x', '?feed=', '?view=everything', '?entry=1', '?pane=x', '?tag=%20', '?q=%20%20'])(
    'is the start where the URL says nonsense: %s',
    (search) => expect(placeOf(search)).toEqual(START),
  );

  test('is an id in lower case, as the API writes it', () => {
    expect(placeOf(`?feed=${FEED.toUpperCase()}`)).toEqual(placeOf(`?feed=${FEED}`));
  });

  test('takes no more words than the API does', () => {
    expect(placeOf(`?q=${'x'.repeat(300)}`).q).toHaveLength(200);
  });

  test('has the same list whichever entry is open in it', () => {
    expect(listKey({ ...START, entry: ENTRY, feeds: true })).toBe(listKey(START));
    expect(listKey({ ...START, view: 'all' })).not.toBe(listKey(START));
  });

  test('keeps its view and nothing else when another feed is chosen', () => {
    const place = { ...START, view: 'all' as const, q: 'x', entry: ENTRY, feeds: true };
    const scope = { kind: 'feed', id: FEED } as const;
    expect(withScope(place, scope)).toEqual({ ...START, view: 'all', scope });
  });

  test('shows one pane where there is room for one', () => {
    expect([START, { ...START, feeds: true }, { ...START, feeds: true, entry: ENTRY }].map(paneOf)).toEqual([
      'entries',
      'feeds',
      'article',
    ]);
  });
});
