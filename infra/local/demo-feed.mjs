// @ts-check
// The feed of the demo's origin.

const HOUR = 3_600_000;

/** @typedef {{ title: string, author: string, hoursAgo: number, html: string }} DemoEntry */

/** @type {DemoEntry[]} */
const entries = [
  {
    title: 'Why a message is acknowledged last',
    author: 'Ada Winter',
    hoursAgo: 2,
    html: `<p>A worker that acknowledges first and works later loses the task when it dies in between. One that
      works first and acknowledges later does it twice. There is no third way, so the second it is, and the second
      time has to be harmless.</p>
      <p>The outcome is therefore stored under a token that only this delivery knows. Whoever comes late finds that
      the token is no longer his, and lays down what he has made.</p>
      <p><img src="/dusk.png" alt="Dusk over three hills" width="1600" height="1200"></p>
      <h2>The order of things</h2>
      <ol><li>Take the lease: one conditional update of one document.</li><li>Do the work.</li>
      <li>Store the outcome, if the lease is still ours.</li><li>Acknowledge, on the channel that delivered.</li></ol>
      <pre><code>const claimed = await store.claim(message.task, message.seq, token);
if (!claimed) return ack(message);   // somebody else has it, or it is done
const outcome = await run(handler, claimed);
await store.finish(claimed, outcome);
ack(message);</code></pre>
      <p>A crash before the third step costs a repetition. A crash after it costs nothing: the redelivered message
      finds a finished task, and is acknowledged without a word.</p>
      <blockquote>Exactly once is what it looks like from outside, when at least once meets a guard.</blockquote>`,
  },
  {
    title: 'A lease is a heartbeat that somebody else may count',
    author: 'Jo Park',
    hoursAgo: 27,
    html: `<p>Clocks of two machines disagree, so no lease here ends at a time of day. Its holder moves a number
      once a second; an observer who sees the same number for three of <em>his own</em> seconds takes over.</p>`,
  },
  {
    title: 'Lanes, not priorities',
    author: 'Ada Winter',
    hoursAgo: 75,
    html: `<p>Somebody who waits in front of a page must not stand behind a million thumbnails. Each type has two
      queues with consumers of their own: <code>image.resize</code> and <code>image.resize.bulk</code>.</p>`,
  },
  {
    title: 'What the numbers say',
    author: 'Sam Okafor',
    hoursAgo: 190,
    html: `<p>Work is committed in groups: whatever arrived while the last group was in flight. An idle system adds
      no wait, and a busy one does less per task.</p>
      <table><tr><th>Writes</th><th>one at a time</th><th>in groups</th></tr>
      <tr><td>create</td><td>1,077/s</td><td>23,000/s</td></tr><tr><td>claim</td><td>1,305/s</td><td>20,000/s</td></tr></table>`,
  },
  {
    title: 'The feed that never answered',
    author: 'Jo Park',
    hoursAgo: 400,
    html: `<p>One origin took the connection and said nothing for an hour. Its task was ended after thirty seconds
      with a reason that a person can read; the ninety-nine others in that worker did not notice.</p>`,
  },
];

/**
 * RSS 2.0 with the dates counted back from now.
 * @param {string} origin  the URL that it is served from, without a slash at the end
 * @param {Date} [now]
 * @returns {string}
 */
export function demoFeed(origin, now = new Date()) {
  const items = entries.map(({ title, author, hoursAgo, html }, index) => {
    const date = new Date(now.getTime() - hoursAgo * HOUR).toUTCString();
    return `<item><title>${text(title)}</title><link>${origin}/posts/${index}</link>
      <guid isPermaLink="false">demo-${index}</guid><pubDate>${date}</pubDate>
      <dc:creator>${text(author)}</dc:creator><content:encoded>${text(html)}</content:encoded></item>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>The Patient Queue</title><link>${origin}/</link><language>en</language>
<description>Notes on background work, message brokers, and the art of not losing anything.</description>
${items.join('\n')}
</channel></rss>`;
}

/** @param {string} value */
const text = (value) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
