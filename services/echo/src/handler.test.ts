import { expect, test } from '@jest/globals';
import { systemEcho } from '@offload/contracts/system-echo';
import { runHandler } from '@offload/worker/run-handler';
import { echo } from './handler.js';

test('returns its message and the attempt that succeeded', async () => {
  const { result } = await runHandler(systemEcho, echo, { message: 'hello' }, { attempt: 2 });
  expect(result).toEqual({ message: 'hello', attempt: 2 });
});

test('works for as long as it was told to', async () => {
  const started = performance.now();
  await runHandler(systemEcho, echo, { delayMs: 50 });
  expect(performance.now() - started).toBeGreaterThanOrEqual(45);
});

test('ends at once when its signal aborts', async () => {
  const cancel = new AbortController();
  const run = runHandler(systemEcho, echo, { delayMs: 60_000 }, { signal: cancel.signal });
  cancel.abort();
  await expect(run).rejects.toMatchObject({ name: 'AbortError' });
});

test('a permanent error is not to be retried', async () => {
  await expect(runHandler(systemEcho, echo, { fail: 'permanent' })).rejects.toMatchObject({
    code: 'echo-permanent',
    retry: 'no',
  });
});

test('a transient error is to be retried, and ends after failTimes attempts', async () => {
  const input = { message: 'at last', fail: 'transient', failTimes: 2 } as const;
  await expect(runHandler(systemEcho, echo, input, { attempt: 2 })).rejects.toMatchObject({
    code: 'echo-transient',
    retry: 'yes',
  });
  const { result } = await runHandler(systemEcho, echo, input, { attempt: 3 });
  expect(result).toEqual({ message: 'at last', attempt: 3 });
});

test('without failTimes every attempt fails', async () => {
  await expect(runHandler(systemEcho, echo, { fail: 'transient' }, { attempt: 50 })).rejects.toMatchObject({
    code: 'echo-transient',
  });
});
