import { describe, expect, test } from '@jest/globals';
import { readPage } from './page-links.js';

const PAGE = 'https://site.example/blog/';
const feedsOf = (html: string): string[] => readPage(html, PAGE).feeds.map(({ url }) => url);

describe('a web page names its feeds', () => {
  test('with title and type, absolute, by its base, each once', () => {
    const page = readPage(
      `<!doctype html><html><head><title>My &amp; site</title><base href="/x/">
       <link rel="alternate" type="application/rss+xml" title="Posts &amp; more" href="feed?a=1&amp;b=2">
       <LINK REL=alternate TYPE=application/atom+xml HREF=/atom.xml>
       <link rel="alternate" type="application/rss+xml" href="feed?a=1&amp;b=2">
       <link href='/f.json' type='application/feed+json' rel='home alternate'/></head>`,
      PAGE,
    );
    expect(page).toMatchObject({
      title: 'My & site',
      feeds: [
        { url: 'https://site.example/x/feed?a=1&b=2', title: 'Posts & more', type: 'application/rss+xml' },
        { url: 'https://site.example/atom.xml', title: null, type: 'application/atom+xml' },
        { url: 'https://site.example/f.json', title: null, type: 'application/feed+json' },
      ],
    });
  });

  test.each([
    ['a translation', '<link rel="alternate" hreflang="de" href="/de">'],
    ['a style', '<link rel="alternate stylesheet" type="text/css" href="/x.css">'],
    ["WordPress's API", '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">'],
    ['an oEmbed document', '<link rel="alternate" type="application/json+oembed" href="/oembed">'],
    ['a link in a comment', '<!-- <link rel="alternate" type="application/rss+xml" href="/f"> -->'],
    ['a link in a script', '<script>"<link rel=alternate type=application/rss+xml href=/f>"</script>'],
    ['what is not http', '<link rel="alternate" type="application/rss+xml" href="javascript:x">'],
    ['a link without an address', '<link rel="alternate" type="application/rss+xml">'],
  ])('but not with %s', (_what, html) => expect(feedsOf(html)).toEqual([]));

  test.each([
    ['rel=feed', '<link rel="feed" href="/f">'],
    ['text/xml', '<link rel="alternate" type="text/xml" href="/f">'],
    ['parameters', '<link rel="alternate" type="application/rss+xml; charset=utf-8" href="/f">'],
    ['a JSON feed of the old type', '<link rel="alternate" type="application/json" href="/feed.json">'],
  ])('also with %s', (_what, html) => expect(feedsOf(html)).toHaveLength(1));

  test('at most a hundred', () => {
    const html = Array.from({ length: 300 }, (_, n) => `<link rel="feed" href="/${n}">`).join('');
    expect(feedsOf(html)).toHaveLength(100);
  });
});

describe('a page that names none is guessed from:', () => {
  test("links in its text first, then the section's and the site's usual places", () => {
    const { guesses } = readPage(
      '<a href="/about">x</a><a href="/comments/feed">c</a><a href="news.rss">RSS</a>',
      PAGE,
    );
    expect(guesses.slice(0, 3)).toEqual([
      'https://site.example/blog/news.rss',
      'https://site.example/blog/feed',
      'https://site.example/feed',
    ]);
    expect(guesses).toContain('https://site.example/atom.xml');
    expect(guesses).not.toContain('https://site.example/comments/feed');
  });

  test("YouTube's channels and lists", () => {
    const first = (url: string): string | undefined => readPage('', url).guesses[0];
    const feed = 'https://www.youtube.com/feeds/videos.xml';
    expect(first('https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv/videos')).toBe(
      `${feed}?channel_id=UCabcdefghijklmnopqrstuv`,
    );
    expect(first('https://www.youtube.com/playlist?list=PL1')).toBe(`${feed}?playlist_id=PL1`);
  });
});
