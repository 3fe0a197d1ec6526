/** What of a dead letter makes its group. */
export interface Grouped {
  id: string;
  type: string;
  code: string;
  message: string;
  failedAt: string;
}

export interface LetterGroup<L extends Grouped = Grouped> {
  /** Stable while letters come and go. */
  key: string;
  type: string;
  code: string;
  /** The message with what differs from task to task replaced. */
  pattern: string;
  /** Newest failure first. */
  letters: L[];
  newest: string;
  oldest: string;
}

const SAME: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<id>'],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]*[^\s"'<>.,;:!?)\]}]/gi, '<url>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\[[0-9a-f:.]*:[0-9a-f:.]*\](?::\d+)?/gi, '<address>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '<address>'],
  [/\b(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}:\d+\b/gi, '<address>'],
  [/"[^"]*"/g, '"…"'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b/gi, '<hash>'],
  [/(?<![\w-])\d+(?:[.,]\d+)*/g, '<n>'],
];

/** A message without what differs from task to task: ids, URLs, addresses, times, quoted words, hashes, numbers. */
export function patternOf(message: string): string {
  // Long ones (a page of HTML that an origin sent) differ in their ends.
  const start = message.length > 500 ? `${message.slice(0, 500)}…` : message;
  return SAME.reduce((text, [what, instead]) => text.replace(what, instead), start)
    .replace(/\s+/g, ' ')
    .trim();
}

/** Dead letters by type, code and pattern; the largest group first, then the one that failed last. */
export function groupLetters<L extends Grouped>(letters: readonly L[]): LetterGroup<L>[] {
  const groups = new Map<string, LetterGroup<L>>();
  for (const letter of letters) {
    const { type, code, failedAt } = letter;
    const pattern = patternOf(letter.message);
    const key = JSON.stringify([type, code, pattern]);
    const group = groups.get(key) ?? {
      key,
      type,
      code,
      pattern,
      letters: [],
      newest: failedAt,
      oldest: failedAt,
    };
    group.letters.push(letter);
    if (failedAt > group.newest) group.newest = failedAt;
    if (failedAt < group.oldest) group.oldest = failedAt;
    groups.set(key, group);
  }
  for (const { letters: found } of groups.values()) found.sort((a, b) => (a.failedAt < b.failedAt ? 1 : -1));
  return [...groups.values()].sort(
    (a, b) => b.letters.length - a.letters.length || (a.newest < b.newest ? 1 : -1),
  );
}

/** Parts of at most `size`, in their order. */
export const chunksOf = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/** What was done to many, in words, e.g. `3 of 5 tasks run again; 2 had moved on meanwhile.` */
export function outcomeInWords(done: number, asked: number, what: string): string {
  const tasks = (count: number): string => `${count.toLocaleString('en')} task${count === 1 ? '' : 's'}`;
  if (done === asked) return `${tasks(done)} ${what}.`;
  const left = asked - done;
  return `${done.toLocaleString('en')} of ${tasks(asked)} ${what}; ${left.toLocaleString('en')} had moved on meanwhile.`;
}
