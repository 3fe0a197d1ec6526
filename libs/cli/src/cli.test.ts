import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import type { Client, OwnerEvent } from '@offload/client';
import { time, wholeNumber } from './arguments.js';
import type { Context } from './context.js';
import { first, plain, printItems } from './print.js';
import { bar, progressLine, showTask } from './progress.js';
import { run } from './program.js';

/** Streams whose text can be read back; nothing here asks an API. */
function context(terminal = false) {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  Object.assign(streams.stderr, { isTTY: terminal, columns: 39 });
  const read = (name: 'stdout' | 'stderr'): string => String(streams[name].read() ?? '');
  return { context: streams as unknown as Context, read };
}

const running = (done: number, total: number | null, note: string | null = null) =>
  ({ state: 'running', attempt: 1, progress: { done, total, note } }) as Parameters<typeof showTask>[1];

describe('progress', () => {
  test('on a terminal is one line that is drawn anew, and is taken away in the end', () => {
    const { context: streams, read } = context(true);
    const line = progressLine(streams);
    showTask(line, running(1, 2, 'half'));
    expect(read('stderr')).toBe('\r\u001b[K[############............] running 1/2');
    line.clear();
    expect(read('stderr')).toBe('\r\u001b[K');
  });

  test('elsewhere is a line for each change', () => {
    const { context: streams, read } = context();
    const line = progressLine(streams);
    for (const done of [1, 1, 2]) showTask(line, running(done, null));
    line.clear();
    expect(read('stderr')).toBe('running 1\nrunning 2\n');
  });

  test('that is beyond its end fills the bar and no more', () => {
    expect([bar(7), bar(-1)]).toEqual([`[${'#'.repeat(24)}]`, `[${'.'.repeat(24)}]`]);
  });
});

describe('output', () => {
  test('never hands control characters of others to the terminal', () => {
    expect(plain('a\u001b]0;title\u0007\u009b2J\u202eb\n')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    expect(plain('Grüße, 世界 👋')).toBe('Grüße, 世界 👋');
  });

  test('of a list is a table for people and lines of JSON for programs', async () => {
    const items = [
      { id: 'a\u001b[31m', n: 1 },
      { id: 'longer', n: null },
    ];
    const columns = { ID: (item: (typeof items)[0]) => item.id, N: (item: (typeof items)[0]) => item.n };
    const people = context();
    await printItems(people.context, items, columns);
    expect(people.read('stdout')).toBe('ID      N\na\ufffd[31m  1\nlonger  -\n');
    const programs = context();
    await printItems({ ...programs.context, json: true }, items, columns);
    expect(
      programs
        .read('stdout')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(items);
  });

  test('of the first so many asks for no more', async () => {
    let asked = 0;
    async function* numbers() {
      for (;;) yield ++asked;
    }
    const seen: number[] = [];
    for await (const each of first(2, numbers())) seen.push(each);
    expect([seen, asked]).toEqual([[1, 2], 2]);
  });
});

test('missed changes are told of, and a refreshed feed is none', async () => {
  const { context: streams, read } = context();
  async function* events(): AsyncGenerator<OwnerEvent, void> {
    yield { event: 'feed', feed: '01a20def-d865-71ad-af8f-ee26cc1fe155' };
    expect(read('stderr')).toBe('');
    yield { event: 'reset' };
  }
  expect(await run(['events'], streams, () => ({ events }) as unknown as Client)).toBe(0);
  expect(read('stderr')).toBe('Some changes were missed: see `offload list`.\n');
  expect(read('stdout')).toBe('');
});

describe('arguments', () => {
  test.each(['2027-01-31T08:00:00Z', '2027-01-31T08:00:00+01:00'])('%s is a time', (given) => {
    expect(time(given)).toBe(given);
  });

  test.each(['tomorrow', '2027-01-31', '2027-01-31T08:00:00', '2027-13-31T08:00:00Z'])(
    '%s is none',
    (given) => {
      expect(() => time(given)).toThrow('2027-01-31T08:00:00Z');
    },
  );

  test.each(['', '1.5', '-1', 'x', '1e400'])('"%s" is no whole number from 1 on', (given) => {
    expect(() => wholeNumber(1)(given)).toThrow('whole number');
  });
});
