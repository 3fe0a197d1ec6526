import { expect, test } from '@jest/globals';
import type { Log } from '@offload/runtime/logger';
import type { ApiKeyRecord } from '@offload/store/api-keys';
import { createKnownKeys } from './known-keys.js';

const log = { warn: () => undefined } as unknown as Log;

test('a key that many send at the same moment is looked up once, and its use noted once, until it is due again', async () => {
  const asked = { find: 0, used: 0 };
  let ms = 0;
  const keys = createKnownKeys(
    {
      find: async () => {
        asked.find += 1;
        return { _id: 'k', owner: 'ann', roles: ['read'] } as unknown as ApiKeyRecord;
      },
      used: async () => void (asked.used += 1),
    },
    { log, now: () => ms, databaseNow: () => new Date(ms) },
  );
  const all = () => Promise.all(Array.from({ length: 50 }, () => keys.find('ofl_a')));
  expect((await all()).map((record) => record?._id)).toEqual(Array(50).fill('k'));
  expect(asked).toEqual({ find: 1, used: 1 });
  ms = 5_000;
  await all();
  expect(asked).toEqual({ find: 2, used: 1 });
  ms = 60_000;
  await all();
  expect(asked).toEqual({ find: 3, used: 2 });
});
