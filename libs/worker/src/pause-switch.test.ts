import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Delivery } from '@offload/broker/consume';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { createPauseSwitch } from './pause-switch.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const EVERY_MS = 3_000;

/** Two consumers that note what they are told, and a store whose answer the test sets. */
async function setUp(first = false) {
  const told: string[] = [];
  const consumer = (name: string) => ({
    pause: async () => void told.push(`${name} pause`),
    resume: async () => void told.push(`${name} resume`),
    giveBack: () => void told.push(`${name} give back`),
  });
  const store = { paused: first, away: false };
  const log = new RecordedLog();
  const isPaused = async () => {
    if (store.away) throw new Error('away');
    return store.paused;
  };
  const pauseSwitch = await createPauseSwitch({ isPaused, first: isPaused(), log, everyMs: EVERY_MS });
  pauseSwitch.follow([consumer('a'), consumer('b')]);
  const look = async () => {
    pauseSwitch.look();
    await jest.advanceTimersByTimeAsync(0);
  };
  return { pauseSwitch, told, store, log, look };
}

const delivery = (channelOpen = true) => ({ channelOpen }) as Delivery;

describe('the pause switch', () => {
  test('begins as the store says', async () => {
    const { pauseSwitch, told } = await setUp(true);
    expect(pauseSwitch.paused).toBe(true);
    expect(pauseSwitch.mayBegin(delivery())).toBe(false);
    expect(told).toEqual([]);
    await pauseSwitch.stop();
  });

  test('pauses and resumes every consumer when told to look', async () => {
    const { pauseSwitch, told, store, look } = await setUp();
    store.paused = true;
    await look();
    await look();
    expect([pauseSwitch.paused, told]).toEqual([true, ['a pause', 'b pause']]);
    store.paused = false;
    await look();
    expect(told.slice(2)).toEqual(['a resume', 'b resume']);
    await pauseSwitch.stop();
  });

  test('looks by itself every few seconds', async () => {
    const { pauseSwitch, store } = await setUp();
    store.paused = true;
    await jest.advanceTimersByTimeAsync(EVERY_MS);
    expect(pauseSwitch.paused).toBe(true);
    await pauseSwitch.stop();
  });

  test('gives back what has not begun, of that consumer only, and leaves what has', async () => {
    const { pauseSwitch, told, store, look } = await setUp();
    const [begun, waiting] = [delivery(), delivery()];
    pauseSwitch.arrived(begun, 0);
    pauseSwitch.arrived(waiting, 1);
    expect(pauseSwitch.mayBegin(begun)).toBe(true);
    store.paused = true;
    await look();
    expect(told).toEqual(['a pause', 'b pause', 'b give back']);
    await pauseSwitch.stop();
  });

  test('gives back what it refused while the consumers were being paused', async () => {
    const { pauseSwitch, told, store } = await setUp();
    const late = delivery();
    const through = pauseSwitch.arrived(late, 0);
    store.paused = true;
    pauseSwitch.look();
    await Promise.resolve();
    await Promise.resolve();
    while (!pauseSwitch.paused) await Promise.resolve();
    expect(pauseSwitch.mayBegin(late)).toBe(false);
    through();
    await jest.advanceTimersByTimeAsync(0);
    expect(told).toContain('a give back');
    await pauseSwitch.stop();
  });

  test('gives back what had begun to wait for the worker to itself when the pause came', async () => {
    const { pauseSwitch, told, store, look } = await setUp();
    const alone = delivery();
    const through = pauseSwitch.arrived(alone, 1);
    expect(pauseSwitch.mayBegin(alone)).toBe(true);
    store.paused = true;
    await look();
    expect(told).toEqual(['a pause', 'b pause']);
    expect(pauseSwitch.mayBegin(alone)).toBe(false);
    through();
    expect(told.slice(2)).toEqual(['b give back']);
    await pauseSwitch.stop();
  });

  test('gives nothing back of a channel that is gone, or of what was settled without beginning', async () => {
    const { pauseSwitch, told, store, look } = await setUp();
    pauseSwitch.arrived(delivery(false), 0);
    pauseSwitch.arrived(delivery(), 0)();
    store.paused = true;
    await look();
    expect(told).toEqual(['a pause', 'b pause']);
    await pauseSwitch.stop();
  });

  test('stays as it is while the store is away, says so once, and looks on', async () => {
    const { pauseSwitch, store, log } = await setUp();
    Object.assign(store, { paused: true, away: true });
    await jest.advanceTimersByTimeAsync(3 * EVERY_MS);
    expect(pauseSwitch.paused).toBe(false);
    expect(log.text.match(/could not ask/g)).toHaveLength(1);
    store.away = false;
    await jest.advanceTimersByTimeAsync(EVERY_MS);
    expect(pauseSwitch.paused).toBe(true);
    await pauseSwitch.stop();
  });
});
