import { bytes, type Answer } from '../support/origin.js';

export interface SampleItem {
  title: string;
  /** RFC 822 date. */
  date?: string;
  author?: string;
  html: string;
  link?: string;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** An RSS 2.0 document. */
export function rss(title: string, items: SampleItem[]): string {
  const entries = items.map(
    ({ title, date, author, html, link = 'https://blog.example/post' }, index) => `<item>
    <guid isPermaLink="false">${index}</guid><title>${escaped(title)}</title><link>${escaped(link)}</link>
    ${date ? `<pubDate>${date}</pubDate>` : ''}${author ? `<dc:creator>${escaped(author)}</dc:creator>` : ''}
    <content:encoded>${escaped(html)}</content:encoded>
  </item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>${escaped(title)}</title><link>https://blog.example/</link>
<description>Notes on background work, message brokers, and the art of not losing anything.</description>
<language>en</language>${entries.join('')}</channel></rss>`;
}

/** Serves a feed as an origin does. */
export const feedAnswer = (document: string): Answer =>
  bytes(document, { 'content-type': 'application/rss+xml; charset=utf-8' });

const SENTENCE =
  'A consumer acknowledges a message only after its outcome is stored, so a crash between the two costs a ' +
  'repetition and never a result. ';

/** What a feed may bring along: long and short entries, code, tables, images, a word without end. */
export const sampleItems: SampleItem[] = [
  {
    title: 'Why a message is acknowledged last',
    date: 'Mon, 02 Nov 2026 08:30:00 GMT',
    author: 'Ada Winter',
    html: `<h2>The order of things</h2><p>${SENTENCE.repeat(5)}</p>
      <p><img src="https://cdn.example/queue.png" alt="A queue with three consumers" width="800"></p>
      <pre><code>${'await channel.waitForConfirms(); '.repeat(8)}</code></pre>
      <table><tr><th>Broker</th><th>Publish</th><th>Consume</th></tr>
      <tr><td>4.0.5</td><td>37,000 messages a second</td><td>36,000 messages a second</td></tr></table>
      <p>${SENTENCE.repeat(4)}</p>`,
  },
  {
    title: 'A short note on leases',
    date: 'Sun, 01 Nov 2026 17:05:00 GMT',
    author: 'Jo Park',
    html: '<p>A lease is a <em>beat</em> that others watch. When it stands still, the task is <a href="/x">taken over</a>.</p>',
  },
  {
    title: 'Awordwithoutanyspace'.repeat(6),
    date: 'Fri, 03 Jan 2025 10:00:00 GMT',
    html: `<p>${'https://blog.example/a/very/long/address/'.repeat(5)}</p>`,
  },
  { title: 'No date, no author', html: '<p>Some feeds say very little.</p>' },
];
