import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openStore } from '@offload/store/open-store';
import type { Page } from 'playwright-core';
import { startPages, type PagesSetup } from '../support/browser.js';
import { faultsOfLooks } from '../support/looks.js';
import { RecordedLog } from '../support/recorded-log.js';
import { freePort } from '../support/system.js';

let setup: PagesSetup;
let apiUrl: string;
let admin: string;
let reader: string;
beforeAll(async () => {
  setup = await startPages('keys');
  const { database } = setup.system;
  const store = openStore({ uri: database.uri, name: 'keys test', log: new RecordedLog() });
  await store.connection.ready();
  ({ key: admin } = await store.keys.create({ owner: 'ops', name: 'console', roles: ['admin'] }));
  ({ key: reader } = await store.keys.create({ owner: 'shop', name: 'page', roles: ['read'] }));
  await store.connection.close();
  const port = await freePort();
  await setup.system.start('web', { NODE_ENV: 'production', PORT: String(port) });
  apiUrl = `http://127.0.0.1:${port}`;
}, 90_000);
afterAll(() => setup?.stop(), 60_000);

async function enterKey(page: Page, key: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'This server needs a key' });
  await dialog.getByLabel('Key').fill(key);
  await page.keyboard.press('Enter');
}

test('a key is made and shown once, rotated and revoked', async () => {
  const { page, errors } = await setup.open({ path: '/keys', apiUrl });
  await enterKey(page, admin);
  await page
    .getByRole('row')
    .filter({ hasText: 'used by this page' })
    .filter({ hasText: 'console' })
    .waitFor();

  await page.getByRole('button', { name: 'New key' }).press('Enter');
  const form = page.getByRole('dialog', { name: 'New key' });
  await form.getByLabel('Name').fill('web shop');
  await page.keyboard.press('Enter');
  await form.getByText(/must be 1 to 64 letters/).waitFor();
  await form.getByRole('textbox', { name: 'Owner' }).fill('shop');
  await form.getByLabel('Works').selectOption('30 days');
  await form.getByRole('button', { name: 'Make the key' }).click();
  const once = page.getByRole('dialog', { name: 'The new key' });
  const made = (await once.locator('code').textContent()) ?? '';
  expect(made).toMatch(/^ofl_[\w-]{43}$/);
  const asked = await fetch(`${apiUrl}/v1/tasks`, { headers: { authorization: `Bearer ${made}` } });
  expect(asked.status).toBe(200);
  await once.getByRole('button', { name: 'I have it' }).click();
  const row = page.getByRole('row').filter({ hasText: 'web shop' });
  await row.getByText('in 4 weeks').waitFor();
  expect(await faultsOfLooks(page, 'keys')).toEqual([]);

  await row.getByRole('button', { name: 'Rotate: web shop' }).click();
  const rotation = page.getByRole('dialog', { name: 'Rotate “web shop”' });
  await rotation.getByLabel('Old key').selectOption('works for an hour');
  await rotation.getByRole('button', { name: 'Rotate' }).click();
  await page.getByRole('dialog', { name: 'The new key' }).getByRole('button', { name: 'I have it' }).click();
  await row.filter({ hasText: 'expires soon' }).waitFor();
  await row.filter({ hasText: 'expires soon' }).getByRole('button', { name: 'Revoke: web shop' }).click();
  await page.getByRole('button', { name: 'Revoke it' }).click();
  await page.getByText('“web shop” is revoked.').waitFor();
  expect(await row.count()).toBe(1);
  expect(await page.content()).not.toContain(made);
  expect(errors).toEqual([]);
}, 90_000);

test('who has no role for it is told in words, here and at the dead letters', async () => {
  const { page } = await setup.open({ path: '/keys', apiUrl });
  await enterKey(page, reader);
  await page.getByRole('heading', { name: 'Keys are for those who administer the system' }).waitFor();
  expect(await page.getByRole('button', { name: 'New key' }).count()).toBe(0);
  expect(await faultsOfLooks(page, 'keys-forbidden')).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('link', { name: 'Dead letters' }).click();
  await page.getByRole('heading', { name: 'This key may not do that' }).first().waitFor();
}, 60_000);
