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
  const first = entries.slice(0, ENTRIES_IN_RESULT);
  const bare = (): number => first.reduce((sum, entry) => sum + jsonBytes({ ...entry, html: '' }) + 1, 0);
  while (bare() > maxBytes) first.pop();
  const share = fairShare(
    first.map((entry) => jsonBytes(entry.html)),
    maxBytes - bare(),
  );
  return first.map((entry) =>
    jsonBytes(entry.html) <= share ? entry : { ...entry, html: cut(entry.html, share) },
  );
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
  const closed = (chars: number): string => `${closeHtml(wellFormed(html.slice(0, chars)))}…`;
  // Halves until it fits: escapes and closing tags are few, so that this is one or two rounds.
  let chars = Math.min(html.length, maxBytes);
  while (chars > 0 && jsonBytes(closed(chars)) > maxBytes) chars = Math.floor(chars * 0.8) - 1;
  return chars > 0 ? closed(chars) : '';
}
