import { expect, test } from '@jest/globals';
import { AckWindow } from './ack-window.js';

function windowOf() {
  const sent: [tag: number, multiple: boolean][] = [];
  const scheduled: (() => void)[] = [];
  const window = new AckWindow(
    (tag, multiple) => sent.push([tag, multiple]),
    (flush) => scheduled.push(flush),
  );
  return { window, sent, turn: () => scheduled.splice(0).forEach((flush) => flush()) };
}

test('acks of one turn in order are one command', () => {
  const { window, sent, turn } = windowOf();
  for (const tag of [1, 2, 3]) window.ack(tag);
  expect(sent).toEqual([]);
  turn();
  expect(sent).toEqual([[3, true]]);
});

test('acks of one turn in any order are one command', () => {
  const { window, sent, turn } = windowOf();
  for (const tag of [3, 1, 2]) window.ack(tag);
  turn();
  expect(sent).toEqual([[3, true]]);
});

test('a message that is still worked on is never acked by its neighbours', () => {
  const { window, sent, turn } = windowOf();
  for (const tag of [1, 2, 4, 5]) window.ack(tag);
  turn();
  expect(sent).toEqual([
    [2, true],
    [4, false],
    [5, false],
  ]);
});

test('an ack for several never ends at a tag that was acked before', () => {
  const { window, sent, turn } = windowOf();
  for (const tag of [3, 4]) window.ack(tag);
  turn();
  for (const tag of [1, 2]) window.ack(tag);
  turn();
  expect(sent).toEqual([
    [3, false],
    [4, false],
    [2, true],
  ]);
});

test('a tag is acked once, also after its turn', () => {
  const { window, sent, turn } = windowOf();
  expect([window.ack(1), window.ack(1), window.ack(3), window.ack(3)]).toEqual([true, false, true, false]);
  turn();
  expect([window.ack(1), window.ack(3)]).toEqual([false, false]);
  turn();
  expect(sent).toEqual([
    [1, false],
    [3, false],
  ]);
});

test('for any order of acks and turns, every tag is acked exactly once and none that was not asked for', () => {
  const asked = Array.from({ length: 60 }, (_, n) => n + 1);
  for (let seed = 1; seed <= 200; seed += 1) {
    const { window, sent, turn } = windowOf();
    // A linear congruential generator: the same orders in each run.
    let state = seed;
    const random = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
    const order = asked.map((tag) => [random(), tag] as const).sort(([a], [b]) => a - b);
    const open = new Set(asked);
    const acked = new Set<number>();
    for (const [, tag] of order) {
      window.ack(tag);
      acked.add(tag);
      if (random() < 0.7) continue;
      turn();
      for (const [to, multiple] of sent.splice(0)) {
        expect(open.has(to)).toBe(true);
        for (const each of [...open]) if (each === to || (multiple && each < to)) open.delete(each);
      }
      expect([...open].some((each) => acked.has(each))).toBe(false);
      expect(open.size).toBe(asked.length - acked.size);
    }
  }
});
