import { describe, expect, test } from '@jest/globals';
import { readFeed } from './read-feed.js';

const entries = (items: string[]): { id: string; title: string }[] =>
  readFeed({
    bytes: Buffer.from(
      `<rss><channel><title>T</title>${items.map((item) => `<item>${item}</item>`).join('')}</channel></rss>`,
    ),
    contentType: undefined,
    url: 'https://site.example/feed',
  }).result.entries;
const ids = (...items: string[]): string[] => entries(items).map(({ id }) => id);
const [a, b, c] = ['https://a.example/1', 'https://a.example/2', 'https://a.example/3'];

describe("an entry's id", () => {
  test('is its GUID, else its link, else that of its enclosure, else a hash of title and date', () => {
    expect(ids(`<guid>g</guid><link>${a}</link>`)).toEqual(['g']);
    expect(ids(`<link>${a}</link><enclosure url="${b}"/>`)).toEqual([a]);
    expect(ids(`<enclosure url="${b}"/>`)).toEqual([b]);
    expect(ids('<title>t</title>')).toEqual([expect.stringMatching(/^sha256:[0-9a-f]{64}$/)]);
  });

  test('of a hash stays the same when the content is edited', () => {
    const [before] = ids(
      '<title>t</title><pubDate>Wed, 01 May 2024 12:00:00 GMT</pubDate><description>x</description>',
    );
    const [after] = ids(
      '<title>t</title><pubDate>Wed, 01 May 2024 12:00:00 GMT</pubDate><description>y</description>',
    );
    expect(after).toBe(before);
    expect(ids('<title>u</title>')[0]).not.toBe(before);
  });

  test('is not a GUID that others have: all that share one go by their links, whatever their order', () => {
    const items = [a, b, c].map((link) => `<guid>same</guid><link>${link}</link><title>${link}</title>`);
    expect(ids(...items)).toEqual([a, b, c]);
    expect(ids(...items.toReversed())).toEqual([c, b, a]);
  });

  test('is a hash when GUID and link are shared by entries of other titles', () => {
    const item = (title: string): string => `<guid>same</guid><link>${a}</link><title>${title}</title>`;
    const [first, second] = ids(item('one'), item('two'));
    expect([first, second]).toEqual([expect.stringMatching(/^sha256/), expect.stringMatching(/^sha256/)]);
    expect(ids(item('two'), item('one'))).toEqual([second, first]);
  });

  test('is never the GUID of one and the link of another', () => {
    const found = ids(`<guid isPermaLink="false">${a}</guid>`, `<link>${a}</link><title>t</title>`);
    expect(new Set(found).size).toBe(2);
  });

  test('is not too long, and is the same for the same GUID', () => {
    const [id] = ids(`<guid>${'x'.repeat(5_000)}</guid>`);
    expect(id).toMatch(/^sha256:/);
    expect(ids(`<guid>${'x'.repeat(5_000)}</guid><title>edited</title>`)).toEqual([id]);
  });
});

test('entries of the same GUID, link and title are one, as of the later date', () => {
  const dated = (day: number, text: string): string =>
    `<guid>g</guid><link>${a}</link><title>t</title><pubDate>0${day} May 2024 12:00:00 GMT</pubDate><description>${text}</description>`;
  const found = entries([dated(1, 'first'), dated(3, 'third'), dated(2, 'second')]);
  expect(found).toMatchObject([{ id: 'g', html: 'third' }]);
  expect(ids(...Array.from({ length: 5 }, () => '<title>x</title>'))).toHaveLength(1);
});
