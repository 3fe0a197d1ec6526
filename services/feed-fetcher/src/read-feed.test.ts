import { describe, expect, test } from '@jest/globals';
import type { FeedEntry } from '@offload/contracts/feed-fetch';
import { readFeed, type FeedReading } from './read-feed.js';

const URL_OF_FEED = 'https://site.example/feeds/all.xml';

const read = async (text: string, contentType?: string): Promise<FeedReading> =>
  readFeed({ bytes: Buffer.from(text), contentType, url: URL_OF_FEED });
const resultOf = async (text: string): Promise<FeedReading['result']> => (await read(text)).result;
const rss = (items: string, channel = '', root = ''): string =>
  `<?xml version="1.0"?><rss version="2.0" ${root}><channel><title>T</title><link>https://site.example/</link><description>D</description>${channel}${items}</channel></rss>`;
const entryOf = async (item: string, root = ''): Promise<FeedEntry> => {
  const { entries } = await resultOf(rss(`<item>${item}</item>`, '', root));
  return entries[0]!;
};

describe('each format is read to the same form:', () => {
  test('RSS 2.0 with content, Dublin Core, iTunes and Media RSS under any prefix', async () => {
    const result = await resultOf(
      rss(
        `<item><title>One &amp;amp; two</title><link>/one</link><guid isPermaLink="false">g1</guid>
         <pubDate>Wed, 01 May 2024 12:00:00 +0200</pubDate><d:creator>Ada</d:creator>
         <description>short</description><c:encoded><![CDATA[<p>long <a href="x">x</a></p>]]></c:encoded>
         <enclosure url="/a.mp3" length="123" type="audio/mpeg"/><m:content url="https://cdn.example/v.mp4" type="video/mp4" fileSize="5"/></item>`,
        '<language>en-gb</language>',
        'xmlns:d="http://purl.org/dc/elements/1.1/" xmlns:c="http://purl.org/rss/1.0/modules/content/" xmlns:m="http://search.yahoo.com/mrss/"',
      ),
    );
    expect(result).toMatchObject({
      format: 'rss',
      recovered: false,
      title: 'T',
      link: 'https://site.example/',
      description: 'D',
      language: 'en-gb',
      total: 1,
      entries: [
        {
          id: 'g1',
          title: 'One & two',
          link: 'https://site.example/one',
          author: 'Ada',
          published: '2024-05-01T10:00:00.000Z',
          updated: null,
          html: '<p>long <a href="https://site.example/feeds/x" rel="noopener noreferrer">x</a></p>',
          enclosures: [
            { url: 'https://site.example/a.mp3', type: 'audio/mpeg', bytes: 123 },
            { url: 'https://cdn.example/v.mp4', type: 'video/mp4', bytes: 5 },
          ],
        },
      ],
    });
  });

  test('RSS 1.0', async () => {
    const result = await resultOf(
      `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
       <channel rdf:about="https://site.example/"><title>R</title><link>https://site.example/</link><description>D</description></channel>
       <item rdf:about="https://site.example/1"><title>one</title><link>https://site.example/1</link><description>&lt;b&gt;x&lt;/b&gt;</description><dc:date>2004-01-02T03:04:05Z</dc:date></item></rdf:RDF>`,
    );
    expect(result).toMatchObject({ format: 'rdf', title: 'R', total: 1 });
    expect(result.entries[0]).toMatchObject({
      id: 'https://site.example/1',
      html: '<b>x</b>',
      published: '2004-01-02T03:04:05.000Z',
    });
  });

  test('RSS 0.90 and 0.91', async () => {
    const old = await resultOf(
      `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>R</title><link>https://site.example/</link></channel><item><title>one</title><link>https://site.example/1</link></item></rdf:RDF>`,
    );
    expect(old).toMatchObject({ format: 'rdf', total: 1 });
    const less = await resultOf(
      `<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>caf&#233;</title><item><title>one</title></item></channel></rss>`,
    );
    expect(less).toMatchObject({ format: 'rss', title: 'café', recovered: false, total: 1 });
  });

  test("Atom 1.0 with xml:base, XHTML, and the feed's author", async () => {
    const result = await resultOf(
      `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://base.example/x/"><title type="html">A &amp;amp; B</title><subtitle>s &lt; t</subtitle>
       <link rel="self" href="feed"/><link href="/"/><author><name>Bob</name></author><id>urn:f</id><updated>2024-05-01T00:00:00Z</updated>
       <entry xml:base="e/"><id>urn:1</id><title type="text">1 &lt;b&gt; 2</title><link href="a"/><link rel="enclosure" href="m.mp3" type="audio/mpeg" length="12"/>
       <published>2024-05-01T00:00:00Z</published><updated>2024-05-02T00:00:00Z</updated>
       <content type="xhtml" xml:base="c/"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hi &amp; <a href="y">y</a></p></div></content></entry></feed>`,
    );
    expect(result).toMatchObject({
      format: 'atom',
      title: 'A & B',
      description: 's < t',
      language: 'de',
      link: 'https://base.example/',
    });
    expect(result.entries[0]).toMatchObject({
      id: 'urn:1',
      title: '1 <b> 2',
      link: 'https://base.example/x/e/a',
      author: 'Bob',
      published: '2024-05-01T00:00:00.000Z',
      updated: '2024-05-02T00:00:00.000Z',
      html: '<p>Hi &amp; <a href="https://base.example/x/e/c/y" rel="noopener noreferrer">y</a></p>',
      enclosures: [{ url: 'https://base.example/x/e/m.mp3', type: 'audio/mpeg', bytes: 12 }],
    });
  });

  test('Atom 0.3', async () => {
    const result = await resultOf(
      `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>old</title><entry><title mode="escaped" type="text/html">T &lt;b&gt;x&lt;/b&gt;</title><link rel="alternate" type="text/html" href="https://site.example/1"/><id>a</id><issued>2003-12-13T08:29:29-04:00</issued><content type="text/html" mode="escaped">&lt;p&gt;c&lt;/p&gt;</content></entry></feed>`,
    );
    expect(result.entries[0]).toMatchObject({
      title: 'T x',
      html: '<p>c</p>',
      published: '2003-12-13T12:29:29.000Z',
    });
  });

  test('JSON Feed', async () => {
    const result = await resultOf(
      JSON.stringify({
        version: 'https://jsonfeed.org/version/1.1',
        title: 'J',
        home_page_url: 'https://site.example/',
        authors: [{ name: 'Bob' }],
        items: [
          {
            id: 5,
            url: '/5',
            title: 'a <b>',
            content_text: 'x < y\nz',
            date_published: '2024-05-01T00:00:00Z',
          },
          {
            id: 'six',
            content_html: '<p onclick="x()">h</p>',
            attachments: [{ url: '/a', mime_type: 'audio/mpeg', size_in_bytes: 3 }],
          },
        ],
      }),
    );
    expect(result).toMatchObject({ format: 'json', title: 'J', link: 'https://site.example/', total: 2 });
    expect(result.entries).toMatchObject([
      {
        id: '5',
        link: 'https://site.example/5',
        title: 'a <b>',
        html: '<p>x &lt; y<br />z</p>',
        author: 'Bob',
      },
      {
        id: 'six',
        html: '<p>h</p>',
        enclosures: [{ url: 'https://site.example/a', type: 'audio/mpeg', bytes: 3 }],
      },
    ]);
  });
});

describe('an entry', () => {
  test('is known by its GUID, else its link, else a hash that stays the same', async () => {
    expect(await entryOf('<guid>g</guid><link>https://a.example/</link>')).toMatchObject({ id: 'g' });
    expect(await entryOf('<link>https://a.example/</link>')).toMatchObject({ id: 'https://a.example/' });
    const [first, again, other] = await Promise.all(
      ['a', 'a', 'b'].map((title) => entryOf(`<title>${title}</title>`)),
    );
    expect(first!.id).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(again!.id).toBe(first!.id);
    expect(other!.id).not.toBe(first!.id);
  });

  test('has a permalink GUID as its link, and no link that is not http', async () => {
    expect(await entryOf('<guid>https://a.example/p</guid>')).toMatchObject({ link: 'https://a.example/p' });
    expect(await entryOf('<guid isPermaLink="false">https://a.example/p</guid>')).toMatchObject({
      link: null,
    });
    expect(await entryOf('<guid>x</guid><link>javascript:alert(1)</link>')).toMatchObject({ link: null });
  });

  test('has null for a date that cannot be read, and the next one that can', async () => {
    expect(await entryOf('<guid>g</guid><pubDate>nonsense</pubDate>')).toMatchObject({ published: null });
    const dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/"';
    expect(
      await entryOf('<guid>g</guid><pubDate>?</pubDate><dc:date>2024-05-01</dc:date>', dc),
    ).toMatchObject({
      published: '2024-05-01T00:00:00.000Z',
    });
  });

  test('has only enclosures that can be fetched, each once, with sizes that are sizes', async () => {
    const of = (attributes: string): string => `<enclosure ${attributes}/>`;
    const entry = await entryOf(
      of('url="https://a.example/1" length="-4" type=""') +
        of('url="https://a.example/1"') +
        of('url="ftp://a.example/2"') +
        of('length="3"'),
    );
    expect(entry.enclosures).toEqual([{ url: 'https://a.example/1', type: null, bytes: null }]);
  });
});

describe('what is ill-formed is recovered and says so:', () => {
  const item = (n: number): string => `<item><title>t${n}</title><guid>g${n}</guid></item>`;

  test.each([
    ['a bare ampersand', rss(`${item(1)}<item><title>a & b</title><guid>g2</guid></item>`), 2],
    ['an entity that nobody declared', rss(`<item><title>a&nbsp;b</title></item>${item(2)}`), 2],
    ['a cut document', rss(item(1) + item(2)).replace(/<\/title><guid>g2.*/, ''), 1],
    ['a missing end', rss(item(1) + item(2)).replace('</channel></rss>', ''), 2],
    ['a stray end tag', rss(`${item(1)}</foo>${item(2)}`), 2],
    ['a wrong end tag', rss(`${item(1)}<item><title>x</titel><guid>g</guid></item>${item(3)}`), 3],
    ['a bare less-than', rss(`<item><title>a < b</title><guid>1</guid></item>${item(2)}`), 2],
    ['raw HTML', rss(`<item><title>r</title><description><p>a<br>b</p></description></item>${item(2)}`), 2],
    [
      'unquoted attributes',
      rss(`<item><title>r</title><enclosure url=https://a.example/1 /></item>${item(2)}`),
      2,
    ],
    ['words of a program before it', `<b>Warning</b>: mysql\n${rss(item(1))}`, 1],
    ['words after it', `${rss(item(1))}\nexecuted in 0.2 s`, 1],
    ['control characters', rss(item(1).replace('t1', 't\u0001\u0000 1')), 1],
    ['white space before the declaration', ` \n${rss(item(1))}`, 1],
    ['an attribute twice', rss(item(1).replace('<item>', '<item a="1" a="2">')), 1],
    [
      'elements that end in the wrong order',
      rss(`<item><title><b>x</title></b><guid>g</guid></item>${item(2)}`),
      2,
    ],
    [
      'items that never end',
      rss('<item><title>a<link>http://x.example/1<item><title>b<link>http://x.example/2'),
      2,
    ],
    ['CDATA that never ends', rss(`<item><title><![CDATA[x</title><guid>g</guid></item>${item(2)}`), 2],
    [
      "a page's DOCTYPE before it",
      `<!DOCTYPE html PUBLIC "-//W3C//DTD" "x">\n<!-- --><rss><channel><title>T</title>${item(1)}</channel>`,
      1,
    ],
    ['two roots', rss('') + rss(item(1) + item(2)), 2],
    ['a feed in a comment', `<!-- ${rss(item(1))} -->`, 1],
    ['a feed in a page', `<html><body><pre>${rss(item(1))}</pre></body></html>`, 1],
    ['namespaces and entities of HTML', rss('<item><title>caf&eacute;&nbsp;&mdash;</title></item>'), 1],
  ])('%s', async (_what, text, total) => {
    const result = await resultOf(text);
    expect(result).toMatchObject({ format: 'rss', title: 'T', recovered: true, total });

    expect(JSON.stringify(result)).not.toMatch(/\\u00[01]/);
  });

  test('with dates in the words of the feed, not as another parser guesses them', async () => {
    const dated = `<item><title>d</title><guid>d</guid><pubDate>Wed, 01 May 2024 12:00:00 IST</pubDate></item>`;
    const { entries } = await resultOf(rss(`${item(1)}</foo>${dated}`));
    expect(entries[1]).toMatchObject({ id: 'd', published: null });
  });
});

describe('what is no feed is said to be none:', () => {
  test.each([
    ['a web page', '<!DOCTYPE html><html><head><title>rss</title></head></html>', 'web page'],
    ['a web page without doctype', '<!-- hi --> <HTML><body>', 'web page'],
    ['nothing', '  \n ', 'empty'],
    ['text', 'hello', 'neither RSS, Atom nor JSON Feed'],
    ['other XML', '<?xml version="1.0"?><svg></svg>', 'neither'],
    ['other JSON', '{"a": 1}', 'no JSON Feed'],
    ['half JSON', '{"version": "https://jsonfeed.org/version/1", "items": [', 'looks like JSON and is not'],
    ["a feed's tag and no feed", '<rss>', 'nothing of a feed'],
    ['bytes', '\u0000\u0001\u0002\ufffd', 'neither'],
  ])('%s', async (_what, text, words) => {
    const refusal = { code: 'not-a-feed', retry: 'no', message: expect.stringContaining(words) };
    await expect(read(text)).rejects.toMatchObject(refusal);
  });
});

describe('names that are special to JavaScript are only names:', () => {
  test('as elements and attributes', async () => {
    const { entries, recovered } = await resultOf(
      rss(
        '<item constructor="x"><__proto__><polluted>1</polluted></__proto__><constructor>y</constructor><title>p</title></item>',
      ),
    );
    expect(entries).toMatchObject([{ title: 'p' }]);
    expect(recovered).toBe(false);
    expect({}).not.toHaveProperty('polluted');
  });

  test('as keys of JSON', async () => {
    const { entries } = await resultOf(
      '{"version":"https://jsonfeed.org/version/1","title":"J","__proto__":{"polluted":1},"items":[{"id":"$x.y","title":"p","__proto__":{"polluted":1},"constructor":{"a":1}}]}',
    );
    expect(entries).toMatchObject([{ id: '$x.y', title: 'p' }]);
    expect({}).not.toHaveProperty('polluted');
  });
});
