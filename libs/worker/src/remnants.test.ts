import { expect, test } from '@jest/globals';
import type { RemnantRecord, RemnantStore } from '@offload/store/remnants';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { attemptRemnants, sweepOnce, sweepRemnants } from './remnants.js';

/** A store in memory that has these left, once. */
function memoryStore(left: Partial<RemnantRecord>[] = []) {
  const seen: string[] = [];
  const store: RemnantStore = {
    note: async ({ type, task, token }) => (seen.push(`note ${type} ${task} ${token}`), 'id'),
    add: async (id, facts) => void seen.push(`add ${id} ${JSON.stringify(facts)}`),
    clear: async (id) => void seen.push(`clear ${id}`),
    putOff: async ({ _id }) => void seen.push(`put off ${_id}`),
    takeLeft: async () => left.splice(0) as RemnantRecord[],
  };
  return { store, seen };
}

const remnant = (_id: string, notedAt = new Date()): Partial<RemnantRecord> => ({
  _id,
  task: 't',
  facts: { key: _id },
  notedAt,
  failures: 0,
});

test('an attempt notes under its task and lease', async () => {
  const { store, seen } = memoryStore();
  const options = { log: new RecordedLog(), until: new AbortController().signal };
  const noted = await attemptRemnants(store, { _id: 't', type: 's3.upload' }, 'token', options).note({});
  await noted.add({ uploadId: 'u' });
  await noted.clear();
  expect(seen).toEqual(['note s3.upload t token', 'add id {"uploadId":"u"}', 'clear id']);
});

test('what was left is ended and its note removed; what cannot be ended holds up no other', async () => {
  const { store, seen } = memoryStore([remnant('bad'), remnant('good')]);
  const log = new RecordedLog();
  const end = async ({ key }: Record<string, unknown>) => {
    if (key === 'bad') throw new Error('AccessDenied');
  };
  expect(await sweepOnce(store, 's3.upload', end, log)).toBe(1);
  expect(seen).toEqual(['put off bad', 'clear good']);
  expect(log.text).toMatch(/warn what a crashed attempt left is not ended; trying again later.*AccessDenied/);
});

test('after two weeks it is given up, and the log says so', async () => {
  const { store, seen } = memoryStore([remnant('old', new Date(Date.now() - 15 * 24 * 3_600_000))]);
  const log = new RecordedLog();
  await sweepOnce(store, 's3.upload', () => Promise.reject(new Error('no')), log);
  expect(seen).toEqual(['clear old']);
  expect(log.text).toMatch(/given up: it stays until you remove it/);
});

test('a sweep that fails is tried again, and ends when it is stopped', async () => {
  const { store } = memoryStore();
  const log = new RecordedLog();
  let turns = 0;
  const again = new Promise<void>((resolve) => {
    store.takeLeft = async () => {
      if ((turns += 1) === 1) throw new Error('the database is away');
      resolve();
      return [];
    };
  });
  const stop = sweepRemnants(store, { type: 's3.upload' }, async () => {}, { log, everyMs: 1 });
  await again;
  await stop();
  const seen = turns;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(turns).toBe(seen);
  expect(log.text).toMatch(/not looked at; trying on.*the database is away/);
});
