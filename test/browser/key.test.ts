import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openStore } from '@offload/store/open-store';
import { axeFindings, startPages, type PagesSetup } from '../support/browser.js';
import { RecordedLog } from '../support/recorded-log.js';
import { freePort } from '../support/system.js';

let setup: PagesSetup;
let key: string;
let apiUrl: string;
beforeAll(async () => {
  setup = await startPages('key');
  const { database } = setup.system;
  const store = openStore({ uri: database.uri, name: 'key test', log: new RecordedLog() });
  await store.connection.ready();
  ({ key } = await store.keys.create({ owner: 'reader', name: 'page', roles: ['submit', 'read'] }));
  await store.connection.close();
  const port = await freePort();
  await setup.system.start('web', { NODE_ENV: 'production', PORT: String(port) });
  apiUrl = `http://127.0.0.1:${port}`;
}, 180_000);
afterAll(() => setup?.stop(), 60_000);

test('a page of a server with keys asks for one, again when it is wrong, and keeps it for the tab', async () => {
  const { page, errors } = await setup.open({ apiUrl, path: '/tasks' });
  const dialog = page.getByRole('dialog', { name: 'This server needs a key' });
  await dialog.getByLabel('Key').fill(`ofl_${'A'.repeat(43)}`);
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await dialog.getByText('The key that ends in AAAA is not valid.').waitFor();
  await dialog.getByLabel('Key').fill(key);
  await dialog.getByRole('button', { name: 'Use it' }).click();
  await page.getByRole('heading', { name: 'No tasks yet' }).waitFor();
  await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'No tasks yet' }).waitFor();
  expect(await dialog.isVisible()).toBe(false);

  // What the roles of the key do not allow is said where it would be.
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByText('they are shown with a key of the role “operate”').waitFor();
  expect(errors).toEqual([]);
}, 120_000);

test('the dialog can be closed: the page says what is missing, and does not ask again by itself', async () => {
  const { page } = await setup.open({ apiUrl, path: '/tasks' });
  const dialog = page.getByRole('dialog', { name: 'This server needs a key' });
  await dialog.getByRole('button', { name: 'Not now' }).click();
  await page.getByRole('alert').getByRole('heading', { name: 'This server needs a key' }).waitFor();
  expect(await dialog.isVisible()).toBe(false);
  await page.getByRole('alert').getByRole('button', { name: 'Enter a key' }).click();
  await dialog.getByLabel('Key').fill(key);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'No tasks yet' }).waitFor();
}, 120_000);
