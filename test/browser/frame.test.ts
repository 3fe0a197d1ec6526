import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeFindings, overflow, settled, startPages, WINDOWS, type PagesSetup } from '../support/browser.js';

let setup: PagesSetup;
beforeAll(async () => {
  setup = await startPages('frame', { echo: 1 });
}, 180_000);
afterEach(() => setup.closePages());
afterAll(() => setup?.stop(), 60_000);

const ADDRESSES = {
  Overview: '/',
  Reader: '/reader',
  Images: '/images',
  'New task': '/new-task',
  Tasks: '/tasks',
  'Dead letters': '/dead-letters',
  Schedules: '/schedules',
  Webhooks: '/webhooks',
  Keys: '/keys',
};

const live = (page: Page) => page.getByRole('status', { name: 'Connection' });
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.trim() || '');

test('each page opens by its address, in every window and scheme: nothing overflows, axe finds nothing', async () => {
  for (const [window, colorScheme] of [
    ['phone', 'dark'],
    ['desktop', 'light'],
  ] as const) {
    const { page, errors, foreign } = await setup.open({ ...WINDOWS[window], colorScheme });
    for (const [title, path] of Object.entries(ADDRESSES)) {
      await page.goto(setup.system.apiUrl + path);
      await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
      await settled(page);
      expect({ path, window, wide: await overflow(page), findings: await axeFindings(page) }).toEqual({
        path,
        window,
        wide: 0,
        findings: [],
      });
    }
    expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
    await setup.closePages();
  }
}, 240_000);

test('with the keyboard alone: skip link, navigation, the new page has the focus, and back', async () => {
  const { page } = await setup.open({ path: '/keys' });
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  expect(new URL(page.url()).hash).toBe('#main');
  const link = page.getByRole('link', { name: 'Tasks', exact: true });
  await link.focus();
  expect(await link.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe('solid');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Tasks' }).waitFor();
  expect(await focused(page)).toBe('main');
  expect(await link.getAttribute('aria-current')).toBe('page');
  expect(await page.title()).toBe('Tasks · Offload');
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor();
}, 120_000);

test('the menu of a phone opens, leads on and closes again', async () => {
  const { page } = await setup.open({ ...WINDOWS.phone });
  const menu = page.getByRole('button', { name: 'Menu' });
  expect(await page.getByRole('link', { name: 'Schedules' }).isVisible()).toBe(false);
  await menu.click();
  await page.getByRole('link', { name: 'Schedules' }).click();
  await page.getByRole('heading', { level: 1, name: 'Schedules' }).waitFor();
  expect(await menu.getAttribute('aria-expanded')).toBe('false');
}, 120_000);

test('colours can be chosen, and stay chosen', async () => {
  const { page } = await setup.open({ colorScheme: 'light' });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.getByLabel('Colours').selectOption('dark');
  expect(await ground()).not.toBe(light);
  await page.reload();
  await page.getByLabel('Colours').waitFor();
  expect(await ground()).not.toBe(light);
}, 120_000);

test('a lost stream is said, comes back by itself, and what was missed is there', async () => {
  const { page } = await setup.open({ path: '/tasks' });
  await live(page).getByText('Live').waitFor();
  const [web] = setup.system.processes.filter(({ type }) => type === 'web');
  web!.signal('SIGKILL');
  await web!.exited;
  await live(page).getByText('Connection lost, trying again').waitFor();
  await page.getByText('What you see may be old').waitFor();

  await setup.system.start('web');
  await live(page).getByText('Live').waitFor({ timeout: 20_000 });
  const { id } = await setup.system.submit('system.echo', { message: 'after the loss' });
  await page.locator(`a[href="/tasks/${id}"]`).waitFor();
  expect(await page.getByText('What you see may be old').isVisible()).toBe(false);
}, 120_000);

test('offline is told apart from a lost server, and ends by itself', async () => {
  const { page } = await setup.open({ path: '/tasks' });
  await live(page).getByText('Live').waitFor();
  await page.context().setOffline(true);
  await live(page).getByText('You are offline').waitFor();
  await page.context().setOffline(false);
  await live(page).getByText('Live').waitFor();
}, 120_000);

test('addresses that are not of the app stay problems of the API', async () => {
  for (const path of ['/v1/nothing', '/nothing', '/assets/nothing.js']) {
    const response = await fetch(setup.system.apiUrl + path);
    expect([path, response.status, response.headers.get('content-type')]).toEqual([
      path,
      404,
      expect.stringContaining('application/problem+json'),
    ]);
  }
  const page = await fetch(`${setup.system.apiUrl}/tasks/some-id`);
  expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-cache']);
  const [script] = /\/assets\/[^"]+\.js/.exec(await page.text()) ?? [];
  const asset = await fetch(setup.system.apiUrl + script!);
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
}, 120_000);
