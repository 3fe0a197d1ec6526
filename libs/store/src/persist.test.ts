import { afterEach, describe, expect, jest, test } from '@jest/globals';
import mongoose from 'mongoose';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { GivenUp, NotYet, persist } from './persist.js';

const away = () => new mongoose.mongo.MongoNetworkError('cut');

/** Work that fails with these, then answers. */
function failing(...errors: Error[]) {
  const given = { calls: 0 };
  const work = async (): Promise<string> => {
    const error = errors[given.calls++];
    if (error) throw error;
    return 'done';
  };
  return { given, work };
}

const run = (work: () => Promise<string>, until = new AbortController().signal) => {
  const log = new RecordedLog();
  return { log, outcome: persist('store', work, { log, until }) };
};

afterEach(() => {
  jest.useRealTimers();
});

describe('what has to be stored', () => {
  test('is tried until it is, however often the database or the broker is away', async () => {
    const { given, work } = failing(away(), new NotYet('broker'), away());
    await expect(run(work).outcome).resolves.toBe('done');
    expect(given.calls).toBe(4);
  });

  test('is not tried again when the database refuses it', async () => {
    const { given, work } = failing(new mongoose.mongo.MongoServerError({ message: 'x', code: 121 }));
    await expect(run(work).outcome).rejects.toMatchObject({ code: 121 });
    expect(given.calls).toBe(1);
  });

  test('stays with the broker when the stop comes first', async () => {
    const { work } = failing(away());
    await expect(run(work, AbortSignal.abort()).outcome).rejects.toThrow(GivenUp);
  });

  test('ends loudly after some tries at a mistake of ours, not never', async () => {
    const mistakes = Array.from({ length: 50 }, () => new TypeError('x is not a function'));
    const { given, work } = failing(...mistakes);
    jest.useFakeTimers();
    const { log, outcome } = run(work);
    const ended = expect(outcome).rejects.toThrow(TypeError);
    await jest.advanceTimersByTimeAsync(60_000);
    await ended;
    expect(given.calls).toBe(10);
    expect(log.lines.received.every(({ level }) => level === 'error')).toBe(true);
    expect(log.lines.received).toHaveLength(9);
  });
});
