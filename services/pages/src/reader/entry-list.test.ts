import { describe, expect, test } from '@jest/globals';
import { EntryList, type EntryPage } from './entry-list.js';
import type { EntrySummary } from './marks.js';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const entry = (id: string, seenAt = '2026-11-24T11:00:00.500Z'): EntrySummary =>
  ({ id, seenAt }) as EntrySummary;
const page = (ids: string[], cursor?: string): EntryPage => ({
  items: ids.map((id) => entry(id)),
  cursor,
  at: NOW,
});

/** A list over pages by cursor; a page may be changed, or be an error. */
function listOver(pages: Record<string, EntryPage | Error>) {
  const asked: string[] = [];
  const put: string[] = [];
  const list = new EntryList(
    async (cursor = 'first') => {
      asked.push(cursor);
      const found = pages[cursor];
      if (!found || found instanceof Error) throw found ?? new Error(`no page ${cursor}`);
      return found;
    },
    ({ id }) => void put.push(id),
  );
  return { list, asked, put };
}

describe('a list of entries', () => {
  test('grows page by page to its end', async () => {
    const { list, asked, put } = listOver({ first: page(['a', 'b'], '2'), 2: page(['b', 'c']) });
    expect(list.state.value).toEqual({ kind: 'first' });
    await list.more();
    expect([list.ids.value, list.hasMore.value]).toEqual([['a', 'b'], true]);
    await list.more();
    expect([list.ids.value, list.hasMore.value]).toEqual([['a', 'b', 'c'], false]);
    await list.more();
    expect(asked).toEqual(['first', '2']);
    expect(put).toEqual(['a', 'b', 'b', 'c']);
  });

  test('asks on where a page is empty and has a next one, so often and no more', async () => {
    const { list, asked } = listOver({
      first: page([], '2'),
      2: page([], '3'),
      3: page([], '4'),
      4: page([], '5'),
      5: page([], '6'),
      6: page(['a']),
    });
    await list.more();
    expect(asked).toHaveLength(5);
    expect([list.ids.value, list.hasMore.value, list.state.value.kind]).toEqual([[], true, 'ready']);
    await list.more();
    expect(list.ids.value).toEqual(['a']);
  });

  test('keeps what it has when a page fails, and asks for that page again', async () => {
    const pages: Record<string, EntryPage | Error> = { first: page(['a'], '2'), 2: new Error('away') };
    const { list } = listOver(pages);
    await list.more();
    await list.more();
    expect(list.state.value).toMatchObject({ kind: 'failed', error: { message: 'away' } });
    expect(list.ids.value).toEqual(['a']);
    pages['2'] = page(['b']);
    await list.more();
    expect([list.ids.value, list.state.value.kind]).toEqual([['a', 'b'], 'ready']);
  });

  test('asks once for a page, however often it is told to', async () => {
    const { list, asked } = listOver({ first: page(['a']) });
    await Promise.all([list.more(), list.more()]);
    expect(asked).toEqual(['first']);
  });

  test('does not move when something new comes: that waits until it is asked for', async () => {
    const pages = { first: page(['b', 'c'], '2') };
    const { list } = listOver(pages);
    await list.more();
    pages.first = page(['z', 'a', 'b', 'x'], '2');
    await list.lookForNewer();
    expect([list.ids.value, list.newer.value]).toEqual([
      ['b', 'c'],
      ['z', 'a'],
    ]);
    list.showNewer();
    expect([list.ids.value, list.newer.value]).toEqual([['z', 'a', 'b', 'c'], []]);
  });

  test('that is empty shows at once what comes', async () => {
    const pages = { first: page([]) };
    const { list } = listOver(pages);
    await list.more();
    pages.first = page(['a']);
    await list.lookForNewer();
    expect([list.ids.value, list.newer.value]).toEqual([['a'], []]);
  });

  test('stays as it is when the look for something new fails', async () => {
    const pages: Record<string, EntryPage | Error> = { first: page(['a']) };
    const { list } = listOver(pages);
    await list.more();
    pages.first = new Error('away');
    await list.lookForNewer();
    expect([list.ids.value, list.state.value.kind]).toEqual([['a'], 'ready']);
  });

  test('knows up to which time all was listed, to the millisecond of its newest entry', async () => {
    const seen = '2026-11-24T12:00:00.700Z';
    const pages = { first: { ...page(['a']), items: [entry('a', seen)] } };
    const { list } = listOver(pages);
    await list.more();
    expect(list.asOf).toBe(Date.parse(seen));
    const later = '2026-11-24T12:01:00.100Z';
    pages.first = { ...page([]), items: [entry('b', later), entry('a', seen)] };
    await list.lookForNewer();
    expect(list.asOf).toBe(Date.parse(seen));
    list.showNewer();
    expect(list.asOf).toBe(Date.parse(later));
  });

  test('says what stands beside an entry', async () => {
    const { list } = listOver({ first: page(['a', 'b', 'c']) });
    await list.more();
    expect([list.beside(null, 1), list.beside('a', 1), list.beside('c', 1)]).toEqual(['a', 'b', undefined]);
    expect([list.beside(null, -1), list.beside('c', -1), list.beside('a', -1)]).toEqual([
      'c',
      'b',
      undefined,
    ]);
  });

  test('that was left says nothing more', async () => {
    const { list } = listOver({ first: new Error('left') });
    const more = list.more();
    list.leave();
    await more;
    expect(list.state.value).toEqual({ kind: 'first' });
  });
});
