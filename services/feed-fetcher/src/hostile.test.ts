import { describe, expect, test } from '@jest/globals';
import { readFeed, type FeedReading } from './read-feed.js';

const HEAD = '<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>';
const TAIL = '</channel></rss>';
const escaped = (html: string): string => html.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const described = (html: string): string =>
  `${HEAD}<item><guid>1</guid><description>${escaped(html)}</description></item>${TAIL}`;
const read = async (text: string): Promise<FeedReading> =>
  readFeed({ bytes: Buffer.from(text), contentType: undefined, url: 'https://site.example/' });

describe('P7: no feed takes a worker down by its size or shape:', () => {
  const laughs = Array.from(
    { length: 10 },
    (_, n) => `<!ENTITY l${n} "${n === 0 ? 'lol' : `&l${n - 1};`.repeat(10)}">`,
  );
  test.each([
    [
      'billion laughs',
      `<!DOCTYPE rss [${laughs.join('')}]>${HEAD}<item><title>&l9;</title></item>${TAIL}`,
      'made of others',
    ],
    [
      'quadratic blow-up',
      `<!DOCTYPE rss [<!ENTITY a "${'x'.repeat(50_000)}">]>${HEAD}<item><title>${'&a;'.repeat(10_000)}</title></item>${TAIL}`,
      'long entities',
    ],
    [
      'short entities, many times',
      `<!DOCTYPE rss [<!ENTITY a "${'x'.repeat(60)}">]>${HEAD}<title>${'&a;'.repeat(400_000)}</title>${TAIL}`,
      'too large',
    ],
    [
      'parameter entities in values',
      `<!DOCTYPE rss [<!ENTITY % p "x"><!ENTITY a "%p;%p;">]>${HEAD}${TAIL}`,
      'made of others',
    ],
    [
      'very many entities',
      `<!DOCTYPE rss [${Array.from({ length: 1_000 }, (_, n) => `<!ENTITY e${n} "x">`).join('')}]>${HEAD}${TAIL}`,
      'too many entities',
    ],
    ['a DOCTYPE without end', `<!DOCTYPE rss [${'<!ENTITY a "b">'.repeat(1_000)}${HEAD}`, 'does not end'],
    [
      '20,000-deep nesting',
      `${HEAD}<item>${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}</item>${TAIL}`,
      'nested',
    ],
    ['20,000-deep nesting that is never closed', `${HEAD}<item>${'<a>'.repeat(20_000)}`, 'nested'],
    [
      '100,000 attributes',
      `${HEAD}<item ${Array.from({ length: 100_000 }, (_, n) => `a${n}="x"`).join(' ')}/>${TAIL}`,
      'attributes',
    ],
    [
      '60,000 entries',
      `${HEAD}${Array.from({ length: 60_000 }, (_, n) => `<item><guid>${n}</guid></item>`).join('')}${TAIL}`,
      'over 50000 entries',
    ],
    [
      'short links on a long base',
      `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://x.example/${'y'.repeat(4_000)}/"><title>t</title><entry><id>1</id><title>t</title><content type="html">${escaped('<a href="x">'.repeat(10_000))}</content></entry></feed>`,
      'links',
    ],
  ])('%s', async (_what, text, words) => {
    const refusal = { code: 'too-complex', retry: 'no', message: expect.stringContaining(words) };
    await expect(read(text)).rejects.toMatchObject(refusal);
  });

  test('external entities and DTDs stay what they are: words', async () => {
    const { result } = await read(
      `<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x.dtd" [<!ENTITY file SYSTEM "file:///etc/hostname"><!ENTITY % remote SYSTEM "http://127.0.0.1:1/"> %remote; <!ENTITY me "Ada">]>${HEAD}<item><title>&file; &me;</title></item>${TAIL}`,
    );
    expect(result.entries).toMatchObject([{ title: '&file; Ada' }]);
  });

  const n = 64 * 1024;
  const rep = (text: string): string => text.repeat(n / text.length);
  test.each([
    ['open brackets', HEAD + rep('<')],
    ['ampersands', `${HEAD}<item><title>${rep('&')}</title></item>${TAIL}`],
    ['open CDATA', HEAD + rep('<![CDATA[')],
    ['open comments', HEAD + rep('<!--')],
    ['open instructions', HEAD + rep('<?')],
    ['open declarations', HEAD + rep('<!')],
    ['instructions', `${HEAD}${rep('<?x ?>')}${TAIL}`],
    ['instructions and comments before it', rep('<?x ?><!-- -->')],
    ['open attributes', `${HEAD}<item ${rep('a="')}`],
    ['white space', `${rep(' ')}<rss>`],
    ['brackets in a DOCTYPE', `<!DOCTYPE rss ${rep('[')}`],
    ['comments in a DOCTYPE', `<!DOCTYPE rss [${rep('<!--')}<rss>`],
    ['quotes in a DOCTYPE', `<!DOCTYPE rss ${rep('"')}<rss>`],
    ['entities in a DOCTYPE', `<!DOCTYPE rss [${rep('<!ENTITY ')}]><rss>`],
    ['stray end tags', `${HEAD}${'<a>'.repeat(200)}${rep('</b>')}${TAIL}`],
    ['tags that end in the wrong order', `${HEAD}${rep('<a></b>')}${TAIL}`],
    ['items in items', `${HEAD}${rep('<item>')}`],
    ['roots', rep('<rss><channel><item/></channel></rss>')],
    [
      'namespaces',
      `${HEAD}<item ${Array.from({ length: 900 }, (_, i) => `xmlns:a${i}="x"`).join(' ')}>${rep('<a xmlns="b"/>')}`,
    ],
    ['links of a page', `<html>${rep('<a href="/feed/1">')}`],
    ['feeds in a page', `<html>${rep('<rss ')}`],
    ['images for other screens', described(`<img src="x" srcset="${rep('a ')}">`)],
    ['addresses of authors', `${HEAD}<item><author>${rep('a@')}</author></item>${TAIL}`],
    ['JSON that only opens', rep('{"a":')],
    [
      'nested JSON',
      `{"version":"https://jsonfeed.org/version/1","title":"x","items":${rep('[')}${rep(']')}}`,
    ],
    ['nested HTML', described(rep('<div>'))],
    ['open HTML tags', described(rep('<a href="x'))],
    ['open HTML comments', described(rep('<!--'))],
    ['open scripts', described(rep('<script>'))],
    ['a title of brackets', `${HEAD}<item><title>${escaped(rep('<'))}</title></item>${TAIL}`],
    ['a title of unknown tags', `${HEAD}<item><title>${escaped(rep('<x>'))}</title></item>${TAIL}`],
    ['a date of white space', `${HEAD}<item><pubDate>1${rep(' ')}May</pubDate></item>${TAIL}`],
    ['a date of brackets', `${HEAD}<item><pubDate>${rep('(')}</pubDate></item>${TAIL}`],
  ])('%s end in a result or a clear refusal', async (_what, text) => {
    const outcome = await read(text).then(
      () => 'read',
      (error: { code?: string }) => error.code,
    );
    expect(['read', 'not-a-feed', 'too-complex']).toContain(outcome);
  });
});
