import { ENTRIES_IN_RESULT, type FeedEntry } from '@offload/contracts/feed-fetch';
import { wellFormed } from './clean-text.js';
import { closeHtml } from './sanitise.js';

/** Bytes of JSON that the entries of a result may have: with the rest it stays well below 1 MiB. */
const MAX_BYTES = 768 * 1024;

/**
 * The first entries, as many and as much of each as a result can hold; the file has them whole. The longest
 * contents are cut first, all to the same length, and end well-formed. When even without any content they are
 * too large, the last entries are left to the file.
 */
export function firstEntries(entries: readonly FeedEntry[], maxBytes: number = MAX_BYTES): FeedEntry[] {
  const sized = entries.slice(0, ENTRIES_IN_RESULT).map((entry) => {
    const html = jsonBytes(entry.html);
    // Two bytes are the quotes of no content, one is the comma.
    return { entry, html, bare: jsonBytes(entry) - html + 3 };
  });
  let bare = sized.reduce((sum, each) => sum + each.bare, 0);
  while (bare > maxBytes) bare -= sized.pop()!.bare;
  const share = fairShare(
    sized.map(({ html }) => html),
    maxBytes - bare,
  );
  return sized.map(({ entry, html }) => (html <= share ? entry : { ...entry, html: cut(entry.html, share) }));
}

const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** The largest size to which all can be cut so that their sum is at most `total`. */
function fairShare(sizes: number[], total: number): number {
  const ascending = [...sizes].sort((a, b) => a - b);
  let left = total;
  for (const [i, size] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - i));
    if (size > share) return share;
    left -= size;
  }
  return Infinity;
}

/** HTML was clean before it was cut; once more through the parser closes what the cut left open. */
function cut(html: string, maxBytes: number): string {
  // Escapes and closing tags are few, so that this is one or two rounds.
  for (let chars = Math.min(html.length, maxBytes); chars > 0; chars = Math.floor(chars * 0.8) - 1) {
    const closed = `${closeHtml(wellFormed(html.slice(0, chars)))}…`;
    if (jsonBytes(closed) <= maxBytes) return closed;
  }
  return '';
}
