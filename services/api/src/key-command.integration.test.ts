import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { runKeyCommand, WrongArguments } from './key-command.js';

let stored: StoreFixture;
beforeAll(async () => {
  stored = await storeFixture('key-command');
});
afterAll(() => stored.remove());

const run = (...args: string[]): Promise<string[]> =>
  runKeyCommand(args, { keys: stored.store.keys, now: () => stored.store.tasks.now() });
const KEY = /^ {2}(ofl_[\w-]{43})$/;
const keyIn = (lines: string[]): string => KEY.exec(lines[2] ?? '')?.[1] ?? '';

test('create prints a key that is valid, and list shows it without the key', async () => {
  const made = await run('create', '--owner', 'shop', '--roles', 'submit,read', '--name', 'web shop');
  const key = keyIn(made);
  expect(await stored.store.keys.find(key)).toMatchObject({ owner: 'shop', roles: ['submit', 'read'] });
  const listed = (await run('list')).join('\n');
  expect(listed).toContain(`…${key.slice(-4)}  shop  submit,read  until revoked  never used  web shop`);
  expect(listed).not.toContain(key);
  expect(await run('list', '--owner', 'nobody')).toEqual(['There are no keys.']);
});

test('rotate prints another key and lets the old one live on for so long; revoke ends one', async () => {
  const old = keyIn(await run('create', '--roles', 'read', '--days', '7'));
  const id = async (key: string) => String((await stored.store.keys.find(key))?._id);
  const key = keyIn(await run('rotate', await id(old), '--hours', '1'));
  const expiresAt = (await stored.store.keys.find(old))?.expiresAt?.getTime() ?? 0;
  expect(Math.abs(expiresAt - stored.store.tasks.now().getTime() - 3_600_000)).toBeLessThan(60_000);
  expect((await run('revoke', await id(key))).join()).toContain('revoked');
  expect(await stored.store.keys.find(key)).toBeNull();
});

describe('says what is wrong with', () => {
  test.each<[string, string[], string]>([
    ['no command', [], 'Say what to do'],
    ['an unknown command', ['make'], 'no command make'],
    ['an unknown option', ['create', '--rolls', 'read'], '--rolls'],
    ['no roles', ['create'], '--roles is missing'],
    ['an unknown role', ['create', '--roles', 'root'], '--roles'],
    ['days that are none', ['create', '--roles', 'read', '--days', 'x'], '--days'],
    ['an owner with a blank', ['create', '--roles', 'read', '--owner', 'a b'], '--owner'],
    ['a word too many', ['list', 'a', 'b'], 'b is one word too many'],
    ['no id', ['revoke'], 'not the id'],
    ['an id of no key', ['rotate', '0192f3c0-7a5e-7000-8000-000000000000'], 'There is no key'],
  ])('%s', async (_what, args, says) => {
    const failed = run(...args);
    await expect(failed).rejects.toThrow(WrongArguments);
    await expect(failed).rejects.toThrow(says);
  });
});
