import { expect, test } from '@jest/globals';
import { pause } from './pause.js';

test('a pause ends early, without an error, when it is aborted', async () => {
  const stop = new AbortController();
  const paused = pause(60_000, stop.signal);
  stop.abort();
  await expect(paused).resolves.toBeUndefined();
  await expect(pause(60_000, stop.signal)).resolves.toBeUndefined();
});
