import { describe, expect, test } from '@jest/globals';
import { createSlots, type GiveBack } from './slots.js';

/** Runs what is ready to run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function ask(wanted: Promise<GiveBack>, log: string[], name: string): Promise<void> {
  void wanted.then(() => log.push(name));
  await turn();
}

describe('slots', () => {
  test('each lane has its own count: a full bulk lane delays nobody else', async () => {
    const slots = createSlots(1);
    const began: string[] = [];
    await ask(slots.take('bulk'), began, 'bulk 1');
    await ask(slots.take('bulk'), began, 'bulk 2');
    await ask(slots.take('interactive'), began, 'interactive');
    expect(began).toEqual(['bulk 1', 'interactive']);
  });

  test('the bulk lane may have fewer', async () => {
    const slots = createSlots(2, 1);
    const began: string[] = [];
    for (const lane of ['bulk', 'bulk', 'interactive', 'interactive', 'interactive'] as const)
      await ask(slots.take(lane), began, lane);
    expect(began).toEqual(['bulk', 'interactive', 'interactive']);
  });

  test('a slot given back goes to the first that waits, and once only', async () => {
    const slots = createSlots(1);
    const began: string[] = [];
    const giveBack = await slots.take('bulk');
    await ask(slots.take('bulk'), began, 'second');
    await ask(slots.take('bulk'), began, 'third');
    giveBack();
    giveBack();
    await turn();
    expect(began).toEqual(['second']);
  });

  test('alone waits for all lanes to be empty, and nobody overtakes it', async () => {
    const slots = createSlots(2);
    const began: string[] = [];
    const first = await slots.take('interactive');
    const alone = slots.alone();
    await ask(alone, began, 'alone');
    await ask(slots.take('bulk'), began, 'bulk');
    expect(began).toEqual([]);
    first();
    await turn();
    expect(began).toEqual(['alone']);
    (await alone)();
    await turn();
    expect(began).toEqual(['alone', 'bulk']);
  });

  test('two that want to be alone run one after the other', async () => {
    const slots = createSlots(2);
    const began: string[] = [];
    const first = await slots.alone();
    await ask(slots.alone(), began, 'second');
    expect(began).toEqual([]);
    first();
    await turn();
    expect(began).toEqual(['second']);
  });
});
