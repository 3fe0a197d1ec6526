import { describe, expect, test } from '@jest/globals';
import type { EntryRecord } from '@offload/store/entries-record';
import { entryOf, imageId, imagesOf, MOST_IMAGES } from './feed-entry-resource.js';

const id = '01936f1e-7c00-7000-8000-000000000001';
const at = new Date('2026-01-01T00:00:00Z');

function shown(html: string, addressOf = (path: string): string => path): string {
  const entry = { id: 'g', title: 't', link: null, published: null, updated: null } as EntryRecord['entry'];
  const fields = { key: 'k', digest: 'd', excerpt: '', bytes: 0, seenAt: at, changedAt: at };
  const subscription = { _id: id, owner: 'ann', feed: id, createdAt: at, changedAt: at };
  return entryOf({ _id: id, feed: id, entry, html, ...fields }, { subscription, mark: undefined, addressOf })
    .html;
}

const at_ = (url: string): string => `/v1/entries/${id}/images/${imageId(url)}`;

describe('the images of an entry', () => {
  test('point to this server, and nothing else of it is changed', () => {
    const html =
      '<p title="src=&quot;x&quot;">a <img src="https://a.org/i.png?x=1&amp;y=2" alt="b &gt; c" />' +
      ' <a href="https://a.org/i.png">l</a> <audio src="https://a.org/s.mp3"></audio>' +
      '<video src="https://a.org/v.mp4" poster="https://a.org/p.png" controls></video></p>';
    expect(shown(html)).toBe(
      `<p title="src=&quot;x&quot;">a <img src="${at_('https://a.org/i.png?x=1&y=2')}" alt="b &gt; c" />` +
        ' <a href="https://a.org/i.png">l</a> <audio src="https://a.org/s.mp3"></audio>' +
        `<video src="https://a.org/v.mp4" poster="${at_('https://a.org/p.png')}" controls></video></p>`,
    );
    expect(imagesOf(html)).toEqual(['https://a.org/i.png?x=1&y=2', 'https://a.org/p.png']);
  });

  test('are shown with the proof that a browser needs', () => {
    expect(shown('<img src="https://a.org/i.png" />', (path) => `${path}?link=a.b&c`)).toBe(
      `<img src="${at_('https://a.org/i.png')}?link=a.b&amp;c" />`,
    );
  });

  test('stay away from the origin even past the number that is fetched', () => {
    const html = Array.from({ length: MOST_IMAGES + 5 }, (_, n) => `<img src="https://a.org/${n}" />`).join(
      '',
    );
    expect(imagesOf(html)).toHaveLength(MOST_IMAGES);
    expect(shown(html)).not.toContain('https://a.org');
  });

  test('with dollar signs and the like in their addresses are put where they belong', () => {
    expect(imagesOf('<img src="https://a.org/$&amp;$1.png" />')).toEqual(['https://a.org/$&$1.png']);
    expect(shown('<img src="https://a.org/$&amp;.png" />', (path) => `${path}$&`)).toContain('$&amp;"');
  });
});

test('an entry that an older version has stored lacks nothing', () => {
  const entry = { id: 'g', title: 't', link: null, published: null, updated: null } as EntryRecord['entry'];
  const fields = { key: 'k', digest: 'd', excerpt: '', bytes: 0, seenAt: at, changedAt: at };
  const subscription = { _id: id, owner: 'ann', feed: id, createdAt: at, changedAt: at };
  const reader = { subscription, mark: undefined, addressOf: (path: string) => path };
  expect(entryOf({ _id: id, feed: id, entry, html: '', ...fields }, reader)).toMatchObject({
    categories: [],
    enclosures: [],
    author: null,
    transcripts: [],
    read: false,
    links: { thumbnail: null },
  });
});
