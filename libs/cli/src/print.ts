import { once } from 'node:events';
import type { Context } from './context.js';

/** Text of others for a terminal: without control characters, which could drive it. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '\u{fffd}');

export async function printLine({ stdout }: Context, line: string): Promise<void> {
  if (!stdout.write(`${line}\n`)) await once(stdout, 'drain');
}

/** A line for people, or the value as one line of JSON. */
export const print = (context: Context, value: unknown, line: string): Promise<void> =>
  printLine(context, context.json ? JSON.stringify(value) : plain(line));

/** One column of a table: its head, and its text for an item. */
export type Columns<T> = Record<string, (item: T) => string | number | null | undefined>;

/** A table for people (widths of its first 200 rows), or one line of JSON per item. */
export async function printItems<T>(
  context: Context,
  items: AsyncIterable<T> | Iterable<T>,
  columns: Columns<T>,
): Promise<void> {
  if (context.json) {
    for await (const item of items) await printLine(context, JSON.stringify(item));
    return;
  }
  let rows = [Object.keys(columns)];
  let widths: number[] | undefined;
  const flush = async (): Promise<void> => {
    widths ??= widthsOf(rows);
    for (const row of rows)
      await printLine(
        context,
        row
          .map((cell, at) => cell.padEnd(widths?.[at] ?? 0))
          .join('  ')
          .trimEnd(),
      );
    rows = [];
  };
  for await (const item of items) {
    rows.push(Object.values(columns).map((text) => plain(String(text(item) ?? '-'))));
    if (rows.length > 200) await flush();
  }
  await flush();
}

const widthsOf = (rows: string[][]): number[] =>
  (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));

/** The first so many. */
export async function* first<T>(count: number, items: AsyncIterable<T>): AsyncGenerator<T, void> {
  if (count <= 0) return;
  let left = count;
  for await (const item of items) {
    yield item;
    if (--left === 0) return;
  }
}
