import { expect, test } from '@jest/globals';
import { watchImages } from './image-watch.js';
import type { EntryImage } from './reader-api.js';

const image = (
  n: number,
  state: EntryImage['state'],
  reason: string | null = null,
  link = '',
): EntryImage => ({
  src: `/v1/entries/e/images/${n}${link}`,
  state,
  reason,
});

async function watch(answers: EntryImage[][]): Promise<{ told: string[]; pauses: number[] }> {
  const told: string[] = [];
  const pauses: number[] = [];
  let asked = 0;
  await watchImages({
    ask: async () => answers[Math.min(asked++, answers.length - 1)] ?? [],
    on: {
      ready: (path, src) => told.push(`${path} at ${src}`),
      unavailable: (path, reason) => told.push(`${path}: ${reason}`),
    },
    pause: async (ms) => void pauses.push(ms),
    signal: new AbortController().signal,
  });
  return { told, pauses };
}

test('each image is told once, when it is known how it ended', async () => {
  const { told, pauses } = await watch([
    [image(1, 'underway'), image(2, 'ready', null, '?link=a')],
    [image(1, 'unavailable', 'Not found.'), image(2, 'ready', null, '?link=b')],
  ]);
  expect(told).toEqual([
    '/v1/entries/e/images/2 at /v1/entries/e/images/2?link=a',
    '/v1/entries/e/images/1: Not found.',
  ]);
  expect(pauses).toHaveLength(1);
});

test('an image that is never ready is not asked for without end', async () => {
  const { told, pauses } = await watch([[image(1, 'underway')]]);
  expect(told).toEqual([]);
  expect(pauses).toHaveLength(40);
  expect(pauses.reduce((a, b) => a + b)).toBeGreaterThan(60_000);
});
