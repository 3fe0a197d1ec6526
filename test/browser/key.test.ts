import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openStore } from '@offload/store/open-store';
import { fetchFeed, startReader, type ReaderSetup } from '../support/browser.js';
import { RecordedLog } from '../support/recorded-log.js';
import { freePort } from '../support/system.js';
import { feedAnswer, rss, sampleItems } from './sample-feed.js';

let setup: ReaderSetup;
let key: string;
let apiUrl: string;
beforeAll(async () => {
  setup = await startReader('key');
  const { database } = setup.system;
  const store = openStore({ uri: database.uri, name: 'key test', log: new RecordedLog() });
  await store.connection.ready();
  ({ key } = await store.keys.create({ owner: 'reader', name: 'page', roles: ['submit', 'read'] }));
  await store.connection.close();
  const port = await freePort();
  await setup.system.start('web', { NODE_ENV: 'production', PORT: String(port) });
  apiUrl = `http://127.0.0.1:${port}`;
}, 90_000);
afterAll(() => setup?.stop(), 60_000);

test('a page of a server with keys asks for one, again when it is wrong, and keeps it for the tab', async () => {
  const { page, errors } = await setup.open({ apiUrl });
  const url = setup.origin.serve('/key.xml', feedAnswer(rss('Behind a key', sampleItems)));
  await fetchFeed(page, url);
  const dialog = page.getByRole('dialog', { name: 'This server needs a key' });
  await dialog.getByLabel('Key').fill(`ofl_${'A'.repeat(43)}`);
  await page.keyboard.press('Enter');
  await dialog.getByText('The key that ends in AAAA is not valid.').waitFor();
  await dialog.getByLabel('Key').fill(key);
  await dialog.getByRole('button', { name: 'Use it' }).click();
  await page.getByRole('heading', { name: 'Behind a key' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Behind a key' }).waitFor();
  expect(await dialog.isVisible()).toBe(false);
  expect(errors).toEqual([]);
}, 60_000);
