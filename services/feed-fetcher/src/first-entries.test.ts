import { describe, expect, test } from '@jest/globals';
import type { FeedEntry } from '@offload/contracts/feed-fetch';
import { readFeed, type FeedReading } from './read-feed.js';

const read = async (items: string[]): Promise<FeedReading> =>
  readFeed({
    bytes: Buffer.from(`<rss version="2.0"><channel><title>T</title>${items.join('')}</channel></rss>`),
    contentType: undefined,
    url: 'https://site.example/feed',
  });

describe('a result is bounded', () => {
  test('to the first 50 entries, with all of them in the file', async () => {
    const items = Array.from({ length: 120 }, (_, n) => `<item><guid>g${n}</guid></item>`);
    const { result, entriesJson } = await read(items);
    expect(result.entries.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, n) => `g${n}`));
    expect(result.total).toBe(120);
    const all = JSON.parse(Buffer.from(entriesJson).toString()) as FeedEntry[];
    expect(all).toHaveLength(120);
    expect(all.slice(0, 50)).toEqual(result.entries);
  });

  test('to less than 1 MiB, the longest contents cut, well-formed, and whole in the file', async () => {
    const long = '&lt;p&gt;&lt;b&gt;wörd &amp;quot; &lt;/b&gt;&lt;/p&gt;'.repeat(700);
    const items = Array.from(
      { length: 60 },
      (_, n) => `<item><guid>g${n}</guid><description>${n === 7 ? 'short' : long}</description></item>`,
    );
    const { result, entriesJson } = await read(items);
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(1024 * 1024);
    expect(result.entries).toHaveLength(50);
    expect(result.entries[7]!.html).toBe('short');
    const { html } = result.entries[0]!;
    expect(html.match(/<b>/g)?.length).toBe(html.match(/<\/b>/g)?.length);
    const all = JSON.parse(Buffer.from(entriesJson).toString()) as FeedEntry[];
    expect(all[0]!.html.length).toBeGreaterThan(html.length);
  });

  test('to less than 1 MiB even when everything but the content is large', async () => {
    const enclosures = Array.from(
      { length: 100 },
      (_, n) => `<enclosure url="https://a.example/${n}${'x'.repeat(3_000)}"/>`,
    ).join('');
    const items = Array.from({ length: 20 }, (_, n) => `<item><guid>g${n}</guid>${enclosures}</item>`);
    const { result, entriesJson } = await read(items);
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(1024 * 1024);
    expect(result.total).toBe(20);
    expect(JSON.parse(Buffer.from(entriesJson).toString())).toHaveLength(20);
  });
});
