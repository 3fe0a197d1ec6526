import { describe, expect, test } from '@jest/globals';
import type { FeedEntry } from '@offload/contracts/feed-fetch';
import { readFeed, type FeedReading } from './read-feed.js';

const read = (text: string): FeedReading['result'] =>
  readFeed({ bytes: Buffer.from(text), contentType: undefined, url: 'https://site.example/feeds/all.xml' })
    .result;

const NAMESPACES = `xmlns:a10="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:term="http://purl.org/dc/terms/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:m="https://search.yahoo.com/mrss" xmlns:pod="https://podcastindex.org/namespace/1.0"
  xmlns:sl="http://purl.org/rss/1.0/modules/slash/" xmlns:c="http://purl.org/rss/1.0/modules/content/"
  xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0" xmlns:s="http://purl.org/rss/1.0/modules/syndication/"
  xmlns:h="http://www.w3.org/1999/xhtml" xmlns:t="http://purl.org/syndication/thread/1.0"`;
const channel = (content: string): FeedReading['result'] =>
  read(`<rss version="2.0" ${NAMESPACES}><channel><title>T</title>${content}</channel></rss>`);
const item = (content: string): FeedEntry => channel(`<item>${content}</item>`).entries[0]!;
const atom = (content: string, feed = ''): FeedEntry =>
  read(
    `<feed xmlns="http://www.w3.org/2005/Atom" ${NAMESPACES}><title>T</title>${feed}<entry><id>1</id>${content}</entry></feed>`,
  ).entries[0]!;
const old = (content: string): FeedEntry =>
  read(
    `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>T</title><entry><id>1</id>${content}</entry></feed>`,
  ).entries[0]!;

describe('an RSS item has', () => {
  test.each<[string, string, Partial<FeedEntry>]>([
    ['the author in brackets', '<author>a@b.example (Ann Lee)</author>', { author: 'Ann Lee' }],
    ['the author before the address', '<author>Ann Lee &lt;a@b.example></author>', { author: 'Ann Lee' }],
    ['the address alone', '<author>a@b.example</author>', { author: 'a@b.example' }],
    ['several creators', '<dc:creator>Ann</dc:creator><dc:creator>Bob</dc:creator>', { author: 'Ann, Bob' }],
    ['an Atom author', '<a10:author><a10:name>Ann</a10:name></a10:author>', { author: 'Ann' }],
    ['the author of iTunes', '<itunes:author>Ann</itunes:author>', { author: 'Ann' }],
    ['a Dublin Core date', '<dc:date>2024-05-01T10:00Z</dc:date>', { published: '2024-05-01T10:00:00.000Z' }],
    ['terms', '<term:issued>2024-05-01</term:issued><term:modified>2024-05-02</term:modified>',
      { published: '2024-05-01T00:00:00.000Z', updated: '2024-05-02T00:00:00.000Z' }],
    ['what only looks like tags', '<description>x &lt; y for all &lt;n>\nand m</description>', { html: '<p>x &lt; y for all &lt;n&gt;<br />and m</p>' }],
    ["no portrait of the author's for its image", '<m:content url="https://0.gravatar.com/avatar/x" medium="image"/><description>&lt;img src="/i"></description>', { image: 'https://site.example/i' }],
    ['a link without scheme', '<link>www.a.example/x</link>', { link: 'http://www.a.example/x' }],
    ['an Atom link', '<a10:link href="/a"/>', { link: 'https://site.example/a' }],
    ['no Atom link to itself', '<a10:link rel="self" href="/a"/>', { link: null }],
    ['a link in an attribute', '<link href="/a"/>', { link: 'https://site.example/a' }],
    ['the original link', '<link>https://proxy.example/</link><fb:origLink>https://a.example/</fb:origLink>',
      { link: 'https://a.example/' }],
    ['whole content and a summary', '<description>a &lt;b>b&lt;/b></description><c:encoded><![CDATA[<p>c</p>]]></c:encoded>',
      { html: '<p>c</p>', summary: 'a b' }],
    ['an XHTML body', '<description>d</description><h:body><h:p>x<h:br/>y</h:p></h:body>', { html: '<p>x<br />y</p>' }],
    ['lines of plain text', '<description>a\nb</description>', { html: 'a<br />b' }],
    ['words of iTunes', '<itunes:summary>a &lt; b\nc</itunes:summary>', { html: '<p>a &lt; b<br />c</p>' }],
    ['the description of Media RSS', '<m:group><m:description>x</m:description></m:group>', { html: '<p>x</p>' }],
    ['tags of unknown languages in its title', '<title>List&lt;String> &amp;amp; &lt;b>x&lt;/b></title>', { title: 'List<String> & x' }],
    ['a title of numbers for characters', '<title>It&amp;amp;#8217;s</title>', { title: 'It’s' }],
    ['categories, each once', '<category>a</category><category domain="x">b</category><dc:subject>a</dc:subject><itunes:keywords>c, d</itunes:keywords>',
      { categories: ['a', 'b', 'c', 'd'] }],
    ['comments', '<comments>/c</comments><sl:comments>12</sl:comments>', { commentsUrl: 'https://site.example/c', commentCount: 12 }],
    ['the facts of an episode', '<itunes:duration>1:02:03</itunes:duration><itunes:season>2</itunes:season><pod:episode>7</pod:episode>',
      { durationMs: 3_723_000, season: 2, episode: 7 }],
    ['chapters and transcripts', '<pod:chapters url="/c.json"/><pod:transcript url="/t.vtt" type="text/vtt" language="en"/>',
      { chaptersUrl: 'https://site.example/c.json', transcripts: [{ url: 'https://site.example/t.vtt', type: 'text/vtt', language: 'en' }] }],
    ['the enclosures of all modules, each once',
      '<enclosure url="/1" length="x"/><enclosure url="/1"/><m:content url="/2" fileSize="5"/><m:group><m:content url="/3" type="video/mp4"/></m:group><a10:link rel="enclosure" href="/4" length="6"/>',
      { enclosures: [
        { url: 'https://site.example/1', type: null, bytes: null },
        { url: 'https://site.example/4', type: null, bytes: 6 },
        { url: 'https://site.example/2', type: null, bytes: 5 },
        { url: 'https://site.example/3', type: 'video/mp4', bytes: null },
      ] }],
    ['the largest thumbnail', '<m:thumbnail url="/s" width="10"/><m:thumbnail url="/l" width="20"/>', { image: 'https://site.example/l' }],
    ['the image of iTunes', '<itunes:image href="/i"/>', { image: 'https://site.example/i' }],
    ['an enclosed image', '<enclosure url="/i" type="image/png"/>', { image: 'https://site.example/i' }],
    ['the first image of its content', '<description>&lt;img src="/i?a=1&amp;amp;b=2"></description>', { image: 'https://site.example/i?a=1&b=2' }],
    ['namespaces that nobody declared', '<slash:comments>3</slash:comments><media:thumbnail url="/m"/>', { commentCount: 3, image: 'https://site.example/m' }],
  ])('%s', (_what, content, expected) => expect(item(content)).toMatchObject(expected)); // prettier-ignore
});

test("an Atom entry without links has its id's, when that is a URL", () => {
  const of = (id: string): FeedReading['result'] =>
    read(`<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><id>${id}</id></entry></feed>`);
  expect(of('https://a.example/1').entries).toMatchObject([{ link: 'https://a.example/1' }]);
  expect(of('urn:uuid:1').entries).toMatchObject([{ link: null }]);
});

describe('an Atom entry has', () => {
  test.each<[string, string, Partial<FeedEntry>]>([
    ['text that is text', '<title type="text">&lt;b> &amp;amp;</title>', { title: '<b> &amp;' }],
    ['HTML that is HTML', '<title type="html">&lt;b>x&lt;/b> &amp;amp; y</title>', { title: 'x & y' }],
    ['XHTML without its div', '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>a<br/>b</p></div></content>', { html: '<p>a<br />b</p>' }],
    ['XHTML under a prefix', '<content type="xhtml"><h:div><h:p>a</h:p></h:div></content>', { html: '<p>a</p>' }],
    ['links of the base inside', '<content type="xhtml" xml:base="/c/"><div xmlns="http://www.w3.org/1999/xhtml"><p xml:base="d/"><a href="e">e</a></p></div></content>',
      { html: '<p><a href="https://site.example/c/d/e" rel="noopener noreferrer">e</a></p>' }],
    ['content and summary', '<summary>s &lt;b>t&lt;/b></summary><content type="html">&lt;p>c&lt;/p></content>', { html: '<p>c</p>', summary: 's t' }],
    ['only a summary', '<summary type="html">&lt;p>s&lt;/p></summary>', { html: '<p>s</p>', summary: null }],
    ['content elsewhere', '<content type="text/html" src="/c"/>', { link: 'https://site.example/c', html: '' }],
    ['base64 of text, as other media types are', '<content type="application/octet-stream">PHA+eDwvcD4=</content>', { html: '<p>x</p>' }],
    ['no picture for content', '<content type="image/png">iVBORw0KGgo=</content><summary>s</summary>', { html: '<p>s</p>' }],
    ['the page among its links', '<link rel="self" href="/s"/><link type="application/json" href="/j"/><link rel="alternate" type="text/html" href="/p"/>', { link: 'https://site.example/p' }],
    ['several authors', '<author><name>Ann</name></author><author><email>b@c.example</email></author>', { author: 'Ann, b@c.example' }],
    ["its source's author", '<source><author><name>Src</name></author></source>', { author: 'Src' }],
    ['labels of categories', '<category term="t" label="Label"/><category term="u"/>', { categories: ['Label', 'u'] }],
    ['replies', '<link rel="replies" type="text/html" href="/r"/><t:total>4</t:total>', { commentsUrl: 'https://site.example/r', commentCount: 4 }],
    ['the thumbnail and words of a group', '<m:group><m:thumbnail url="/t"/><m:description>a\nb</m:description></m:group>', { image: 'https://site.example/t', html: '<p>a<br />b</p>' }],
  ])('%s', (_what, content, expected) => expect(atom(content)).toMatchObject(expected)); // prettier-ignore

  test.each<[string, string, Partial<FeedEntry>]>([
    ['escaped HTML', '<content type="text/html" mode="escaped">&lt;p>x&lt;/p></content>', { html: '<p>x</p>' }],
    ['base64', '<content type="text/html" mode="base64">PHA+eDwv\n cD4=</content>', { html: '<p>x</p>' }],
    ['what only claims to be base64', '<content mode="base64">not, really</content>', { html: '<p>not, really</p>' }],
    ['XML', '<content type="application/xhtml+xml" mode="xml"><div xmlns="http://www.w3.org/1999/xhtml"><b>x</b></div></content>', { html: '<b>x</b>' }],
    ['its dates', '<issued>2003-12-13T08:29:29-04:00</issued><modified>2003-12-14T00:00:00Z</modified>',
      { published: '2003-12-13T12:29:29.000Z', updated: '2003-12-14T00:00:00.000Z' }],
  ])('of version 0.3 has %s', (_what, content, expected) => expect(old(content)).toMatchObject(expected)); // prettier-ignore
});

describe('a feed has', () => {
  test('its facts from all modules', () => {
    expect(
      channel(
        `<language>de</language><itunes:author>Ann</itunes:author><itunes:image href="/cover.jpg"/>
         <image><url>/small.gif</url><title>not this</title><link>/not-this</link></image>
         <lastBuildDate>Wed, 01 May 2024 12:00:00 GMT</lastBuildDate><ttl>90</ttl>
         <skipHours><hour>24</hour><hour>3</hour><hour>x</hour></skipHours>`,
      ),
    ).toMatchObject({
      title: 'T',
      link: null,
      language: 'de',
      author: 'Ann',
      image: 'https://site.example/cover.jpg',
      updated: '2024-05-01T12:00:00.000Z',
      refreshAfterMs: 5_400_000,
      skipHours: [0, 3],
    });
    expect(
      channel('<s:updatePeriod>hourly</s:updatePeriod><s:updateFrequency>2</s:updateFrequency>'),
    ).toMatchObject({
      refreshAfterMs: 1_800_000,
    });
  });

  test('icon and logo of Atom, and the names of JSON Feed for them', () => {
    expect(
      read('<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><icon>/i</icon><logo>/l</logo></feed>'),
    ).toMatchObject({ icon: 'https://site.example/i', image: 'https://site.example/l' });
    expect(
      read('{"version":"https://jsonfeed.org/version/1","title":"T","favicon":"/f","icon":"/i","items":[]}'),
    ).toMatchObject({ icon: 'https://site.example/f', image: 'https://site.example/i' });
  });

  test.each([
    ['CDF', '<CHANNEL HREF="http://c.example/" BASE="http://c.example/x/"><TITLE>C</TITLE><ITEM HREF="a" LASTMOD="1998-11-05T22:17"><TITLE>i</TITLE><ABSTRACT>s</ABSTRACT></ITEM></CHANNEL>', 'cdf', 'http://c.example/x/a'],
    ['RSS in capitals', '<RSS VERSION="0.91"><CHANNEL><TITLE>C</TITLE><ITEM><TITLE>i</TITLE><LINK>/a</LINK></ITEM></CHANNEL></RSS>', 'rss', 'https://site.example/a'],
    ['a channel without rss', '<channel><title>C</title><item><title>i</title><link>/a</link></item></channel>', 'rss', 'https://site.example/a'],
    ['an rss without channel', '<rss><title>C</title><item><title>i</title><link>/a</link></item></rss>', 'rss', 'https://site.example/a'],
    ['items outside the channel', '<rss><channel><title>C</title></channel><item><title>i</title><link>/a</link></item></rss>', 'rss', 'https://site.example/a'],
    ['RSS under a prefix', '<r:rss xmlns:r="http://backend.userland.com/rss2"><r:channel><r:title>C</r:title><r:item><r:title>i</r:title><r:link>/a</r:link></r:item></r:channel></r:rss>', 'rss', 'https://site.example/a'],
    ["RSS in Atom's namespace", '<rss xmlns="http://www.w3.org/2005/Atom"><channel><title>C</title><item><title>i</title><link>/a</link></item></channel></rss>', 'rss', 'https://site.example/a'],
    ["RSS in RDF's namespace", '<RDF xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel><title>C</title></channel><item><title>i</title><link>/a</link></item></RDF>', 'rdf', 'https://site.example/a'],
    ['RDF under other prefixes', '<R:RDF xmlns:R="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://purl.org/rss/1.0/"><x:channel><x:title>C</x:title></x:channel><x:item R:about="/a"><x:title>i</x:title></x:item></R:RDF>', 'rdf', 'https://site.example/a'],
    ['Atom under a prefix', '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>C</a:title><a:entry><a:title>i</a:title><a:link href="/a"/></a:entry></a:feed>', 'atom', 'https://site.example/a'],
    ['Atom without namespace', '<feed><title>C</title><entry><title>i</title><link href="/a"/></entry></feed>', 'atom', 'https://site.example/a'],
  ])('the form of %s', (_what, text, format, link) => {
    expect(read(text)).toMatchObject({ format, title: 'C', recovered: false, entries: [{ title: 'i', link }] });
  }); // prettier-ignore
});

test('JSON Feed: fields of other types are passed over, the others read', () => {
  const { entries } = read(
    JSON.stringify({
      version: 'https://jsonfeed.org/version/1',
      title: 'J',
      author: { name: 'Ann' },
      items: [
        {
          id: 1,
          content_text: 'a\nb <c>',
          tags: ['x', 5, null],
          image: '/i.png',
          attachments: [{ url: '/a.mp3', duration_in_seconds: 65.5 }, null, {}],
        },
        null,
        7,
        { id: 'z', title: { a: 1 }, url: ['x'], authors: 'Bob', attachments: 'y' },
      ],
    }),
  );
  expect(entries).toMatchObject([
    { id: '1', author: 'Ann', html: '<p>a<br />b &lt;c&gt;</p>', categories: ['x', '5'], image: 'https://site.example/i.png', durationMs: 65_500 },
    { id: 'z', title: '', link: null, author: 'Ann', enclosures: [] },
  ]); // prettier-ignore
});
