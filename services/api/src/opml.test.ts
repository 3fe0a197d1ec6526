import { describe, expect, test } from '@jest/globals';
import { decodeXml, readOpml, writeOpml } from './opml.js';

const read = (text: string) => readOpml(text, 100_000);
const urls = async (text: string): Promise<string[]> => (await read(text)).feeds.map(({ url }) => url);

describe('an OPML document is read', () => {
  test('with folders as tags and what programs write in other ways', async () => {
    const text = `<?xml version="1.0"?><opml version="1.1"><head><title>x</title></head><body>
      <outline text="Tech"><outline text="Web"><outline TEXT="A &amp; B" XMLURL=" http://a.org/f "/></outline>
        <outline title="C" xmlurl="http://c.org" category="/News,/Daily/Sports, "/></outline>
      <outline xmlUrl="http://d.org/?a=1&amp;b=2" text="http://d.org/?a=1&amp;b=2"/></body></opml>`;
    expect((await read(text)).feeds).toEqual([
      { url: 'http://a.org/f', title: 'A & B', tags: ['Tech/Web'] },
      { url: 'http://c.org', title: 'C', tags: ['Tech', 'News', 'Daily/Sports'] },
      { url: 'http://d.org/?a=1&b=2', tags: [] },
    ]);
  });

  test.each([
    [
      'bare ampersands',
      '<opml><body><outline text="a" xmlUrl="http://a.org/?x=1&y=2"/>',
      'http://a.org/?x=1&y=2',
    ],
    [
      'a cut end',
      '<opml><body><outline text="F"><outline xmlUrl="http://a.org/"/><outline xmlUrl="http://b',
      'http://a.org/',
    ],
    ['tags that do not match', '<opml></body><outline xmlUrl="http://a.org/"></b></opml>', 'http://a.org/'],
    ['single quotes', "<opml><outline xmlUrl='http://a.org/'/></opml>", 'http://a.org/'],
    ['no opml element', '<outline xmlUrl="http://a.org/"/>', 'http://a.org/'],
  ])('though it has %s', async (_name, text, url) => expect(await urls(text)).toEqual([url]));

  test('and nothing else is', async () => {
    expect(await read('<html><body>hello</body></html>')).toEqual({ isOpml: false, feeds: [] });
    expect(await read('')).toEqual({ isOpml: false, feeds: [] });
    expect(await read('{"opml": 1}')).toEqual({ isOpml: false, feeds: [] });
  });
});

describe('a hostile document', () => {
  test('defines entities that mean nothing', async () => {
    const text = `<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">
      <!ENTITY x SYSTEM "file:///etc/passwd">]><opml><outline xmlUrl="http://a.org/" text="&b;&x;"/></opml>`;
    expect((await read(text)).feeds).toEqual([{ url: 'http://a.org/', title: '&b;&x;', tags: [] }]);
  });

  test.each([
    ['nested 200,000 deep', '<outline text="f">'.repeat(200_000)],
    [
      'with 200,000 attributes',
      `<outline ${Array.from({ length: 200_000 }, (_, n) => `a${n}="1"`).join(' ')}/>`,
    ],
    ['of open angles', '<'.repeat(1_000_000)],
    ['of entities that do not end', `<outline text="${'&amp'.repeat(250_000)}"/>`],
    ['of end tags', '</outline>'.repeat(100_000)],
    ['with a comment without end', `<!--${'-'.repeat(1_000_000)}`],
  ])('%s takes no long time', async (_name, text) => {
    const began = performance.now();
    await read(`<opml><body>${text}`);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test('gives way to other work while it is read', async () => {
    let turns = 0;
    const ticking = setInterval(() => turns++, 1);
    await read(`<opml>${'<outline text="x" xmlUrl="http://a.org/"/>'.repeat(50_000)}`);
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(3);
  });

  test('is read no further than its feeds may be many', async () => {
    const text = `<opml>${'<outline xmlUrl="http://a.org/"/>'.repeat(100_000)}`;
    expect((await readOpml(text, 10)).feeds.length).toBeLessThan(3_000);
  });

  test('has names that are special to programs', async () => {
    const text =
      '<opml><outline __proto__="x" constructor="y" xmlUrl="http://a.org/" text="__proto__"/></opml>';
    expect((await read(text)).feeds).toEqual([{ url: 'http://a.org/', title: '__proto__', tags: [] }]);
  });
});

describe('the bytes of a document', () => {
  test.each([
    ['UTF-8', Buffer.from('<opml>ä</opml>')],
    ['UTF-8 with a mark', Buffer.from('\ufeff<opml>ä</opml>')],
    ['UTF-16LE with a mark', Buffer.from('\ufeff<opml>ä</opml>', 'utf16le')],
    ['UTF-16BE with a mark', Buffer.from('\ufeff<opml>ä</opml>', 'utf16le').swap16()],
    ['what it declares', Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?><opml>ä</opml>', 'latin1')],
    ['UTF-8, where it declares UTF-16', Buffer.from('<?xml encoding="utf-16"?><opml>ä</opml>')],
    ['UTF-8, where it declares what nobody knows', Buffer.from('<?xml encoding="klingon"?><opml>ä</opml>')],
  ])('are read as %s', (_name, bytes) => expect(decodeXml(bytes)).toMatch(/<opml>ä<\/opml>$/));
});

describe('an OPML document is written', () => {
  test('so that it is read again the same', async () => {
    const feeds = [
      {
        url: 'https://a.org/?x=1&y="<>',
        title: `A's "best" <b> & more\nlines`,
        link: 'https://a.org',
        tags: [],
      },
      { url: 'https://b.org/', title: 'B', link: null, tags: ['Tech & co', 'a/b'] },
    ];
    const text = writeOpml(feeds, new Date('2026-01-02T03:04:05Z'));
    expect(text).toContain('<dateCreated>Fri, 02 Jan 2026 03:04:05 GMT</dateCreated>');
    const { feeds: again } = await read(text);
    expect(again).toEqual([
      { url: 'https://a.org/?x=1&y="<>', title: `A's "best" <b> & more\nlines`, tags: [] },
      { url: 'https://b.org/', title: 'B', tags: ['a/b'] },
      { url: 'https://b.org/', title: 'B', tags: ['Tech & co'] },
    ]);
  });

  test('without what XML has no form for', () => {
    const text = writeOpml(
      [{ url: 'u', title: 'a\u0000\u0008\ud800b\uffff', link: null, tags: [] }],
      new Date(),
    );
    expect(text).toContain('text="ab"');
  });
});
