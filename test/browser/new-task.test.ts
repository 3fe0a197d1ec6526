import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startPages, type PagesSetup } from '../support/browser.js';
import { faultsOfLooks } from '../support/looks.js';

let setup: PagesSetup;
beforeAll(async () => {
  setup = await startPages('new-task', { echo: 1 });
}, 90_000);
afterAll(() => setup?.stop(), 60_000);

test('the example is submitted with the keyboard alone; its progress and result are shown, and its curl command', async () => {
  const { page, errors, foreign } = await setup.open({ path: '/new-task' });
  const message = page.getByRole('textbox', { name: 'message' });
  await message.focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type("it's done");
  await expect(page.getByLabel('curl command').textContent()).resolves.toContain(String.raw`"it'\''s done"`);
  await page.keyboard.press('Tab');
  await page.keyboard.type('400');
  await page.keyboard.press('Enter');
  const outcome = page.getByRole('region', { name: 'What became of it' });
  await outcome.getByText('succeeded').waitFor();
  await outcome.getByText("“it's done”").waitFor();
  await page.getByText('Accepted. It is done in the background.').waitFor();
  expect(await outcome.getByRole('link', { name: 'Its page' }).getAttribute('href')).toMatch(
    /^\/tasks\/[0-9a-f-]{36}$/,
  );
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
}, 60_000);

test('what the server finds wrong stands at its field, and is reached from the summary', async () => {
  const { page } = await setup.open({ path: '/new-task?type=image.resize' });
  const width = page.getByRole('textbox', { name: 'width', exact: true }).first();
  await width.fill('99999');
  await page.getByRole('button', { name: 'Add to variants' }).click();
  await page.getByRole('button', { name: 'Submit' }).click();
  const summary = page.getByRole('alert').filter({ hasText: 'Not accepted' });
  await summary.waitFor();
  expect(await summary.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await width.getAttribute('aria-invalid')).toBe('true');
  await summary.getByRole('button', { name: 'input/variants/0/width' }).press('Enter');
  expect(await width.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await faultsOfLooks(page, 'new-task-faults')).toEqual([]);
}, 60_000);

test('form and JSON show the same body, and JSON that is none is kept and told', async () => {
  const { page } = await setup.open({ path: '/new-task?type=s3.upload' });
  await page.getByLabel('source: which form').selectOption("Another task's file");
  await page.getByRole('textbox', { name: 'task', exact: true }).fill('0193b800-7c00-7000-8000-000000000000');
  await page.getByRole('button', { name: 'JSON', exact: true }).click();
  const json = page.getByRole('textbox', { name: 'Request body' });
  const body = JSON.parse(await json.inputValue()) as { input: { source: unknown } };
  expect(body.input.source).toEqual({ task: '0193b800-7c00-7000-8000-000000000000' });
  await json.fill('{"type": ');
  await page.getByRole('button', { name: 'Form', exact: true }).click();
  await page.getByText('This is not JSON yet').waitFor();
  await json.fill(
    JSON.stringify({ type: 'http.fetch', input: { url: 'http://x/', method: 'HEAD' }, tags: ['a'] }),
  );
  await page.getByRole('button', { name: 'Form', exact: true }).click();
  expect(await page.getByRole('radio', { name: 'http.fetch' }).isChecked()).toBe(true);
  expect(await page.getByLabel('method').locator('option:checked').textContent()).toBe('HEAD');
  await page.getByText('Options: lane').click();
  expect(await page.getByRole('textbox', { name: 'tags 1' }).inputValue()).toBe('a');
  await page
    .getByText(/more options/)
    .first()
    .click();
  await page.getByRole('button', { name: 'Add headers' }).click();
  await page.getByLabel('New name in headers').fill('Accept');
  await page.keyboard.press('Enter');
  await page.keyboard.type('text/plain');
  await expect(page.getByLabel('curl command').textContent()).resolves.toContain('"Accept": "text/plain"');
  expect(await faultsOfLooks(page, 'new-task')).toEqual([]);
}, 60_000);

test('an unfinished task with the same unique key is shown in place of a new one', async () => {
  const { page } = await setup.open({ path: '/new-task' });
  await page.getByRole('button', { name: 'JSON', exact: true }).click();
  const body = { type: 'system.echo', input: { message: 'once' }, delayMs: 60_000, unique: 'the-one' };
  await page.getByRole('textbox', { name: 'Request body' }).fill(JSON.stringify(body));
  await page.getByRole('button', { name: 'Submit' }).click();
  await page.getByText('Accepted. It is done in the background.').waitFor();
  const outcome = page.getByRole('region', { name: 'What became of it' });
  await outcome.getByText(/^Begins /).waitFor();
  await page.getByRole('button', { name: 'Submit' }).click();
  await page.getByText('Nothing new was made').waitFor();
}, 60_000);
