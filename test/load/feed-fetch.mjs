// How many feeds one process fetches, reads and cleans in a second, and what each costs; the origin is in the same
// process. `npx tsc -b && node test/load/feed-fetch.mjs [items per feed] [feeds]`
import { setMaxListeners } from 'node:events';
import { createServer } from 'node:http';
import { createOutbound } from '../../libs/outbound/dist/create-outbound.js';
import { fetchFeed } from '../../services/feed-fetcher/dist/fetch-feed.js';
import { ParseThreads } from '../../services/feed-fetcher/dist/parse-threads.js';

const items = Number(process.argv[2] ?? 20);
const feeds = Number(process.argv[3] ?? 2_000);
const AT_ONCE = 50;

const paragraph = '<p>Some <b>text</b> with <a href="/x">links</a> and words that go on for a while.</p>';
const item = (n) => `<item><title>Title &amp; ${n}</title><link>https://x.example/${n}</link><guid>${n}</guid>
  <pubDate>Wed, 01 May 2024 12:00:00 +0000</pubDate><description><![CDATA[${paragraph.repeat(6)}]]></description></item>`;
const body = Buffer.from(
  `<rss version="2.0"><channel><title>T</title>${Array.from({ length: items }, (_, n) => item(n)).join('')}</channel></rss>`,
);

const origin = createServer((_request, response) => response.end(body));
await new Promise((resolve) => origin.listen(0, '127.0.0.1', resolve));
const outbound = createOutbound({ allow: ['loopback'] });
const threads = new ParseThreads({
  worker: new URL('../../services/feed-fetcher/dist/parse-worker.js', import.meta.url),
});
const { signal } = new AbortController();
setMaxListeners(0, signal);

async function run(count) {
  let left = count;
  const fetcher = async () => {
    while (left-- > 0) {
      await fetchFeed(`http://127.0.0.1:${origin.address().port}/${left}`, { outbound, threads, signal });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetcher));
}

await run(Math.ceil(feeds / 5)); // the parsers get warm
const cpuBefore = process.cpuUsage();
const begun = performance.now();
await run(feeds);
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
const cpuMs = (user + system) / 1000;
console.log(
  `${feeds} feeds of ${items} items (${body.length} bytes): ${(feeds / seconds).toFixed(0)}/s, ` +
    `${(cpuMs / feeds).toFixed(1)} ms of CPU each, ${(cpuMs / 1000 / seconds).toFixed(2)} cores used`,
);
await threads.close();
await outbound.close();
origin.closeAllConnections();
origin.close();
