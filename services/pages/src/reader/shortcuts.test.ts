import { describe, expect, test } from '@jest/globals';
import { commandOf, SHORTCUTS } from './shortcuts.js';

const pressed = (key: string, more: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  defaultPrevented: false,
  ...more,
});
const here = { typing: false, dialog: false, singleKeys: true };

describe('a key', () => {
  test.each([
    ['j', 'next'],
    ['k', 'previous'],
    ['o', 'open'],
    ['m', 'read'],
    ['s', 'star'],
    ['/', 'search'],
    ['?', 'help'],
    ['Escape', 'close'],
    ['x', null],
    ['Enter', null],
  ])('%s does %s', (key, command) => expect(commandOf(pressed(key), here)).toBe(command));

  test.each([
    { ctrlKey: true },
    { metaKey: true },
    { altKey: true },
    { isComposing: true },
    { defaultPrevented: true },
  ])('is the browser’s with %j', (more) => expect(commandOf(pressed('s', more), here)).toBeNull());

  test('is a letter while one types, and the dialog’s while one is open', () => {
    for (const where of [
      { ...here, typing: true },
      { ...here, dialog: true },
    ])
      for (const key of ['s', 'Escape', '?']) expect(commandOf(pressed(key), where)).toBeNull();
  });

  test('does nothing for one who has turned single keys off, but for Escape', () => {
    const off = { ...here, singleKeys: false };
    expect(SHORTCUTS.flatMap(({ keys }) => keys.map((key) => commandOf(pressed(key), off)))).toEqual(
      SHORTCUTS.map(() => null),
    );
    expect(commandOf(pressed('Escape'), off)).toBe('close');
  });
});
