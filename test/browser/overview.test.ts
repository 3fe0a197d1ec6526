import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { axeFindings, startPages, WINDOWS, type PagesSetup } from '../support/browser.js';

let setup: PagesSetup;
beforeAll(async () => {
  setup = await startPages('overview', { echo: 1 });
}, 180_000);
afterEach(() => setup.closePages());
afterAll(() => setup?.stop(), 60_000);

test('what happens is seen without a reload: numbers, charts with a table each, by type', async () => {
  const { page, errors } = await setup.open({ path: '/' });
  const tasks = page.getByRole('region', { name: 'Tasks' });
  await tasks.getByText('nothing ended').waitFor();
  for (const name of ['Broker', 'Database'])
    await page.getByRole('listitem').filter({ hasText: name }).getByText('✓ up').waitFor();

  await Promise.all([1, 2, 3].map(() => setup.system.submit('system.echo', { message: 'x' })));
  const failed = await setup.system.submit('system.echo', { fail: 'permanent' });
  await setup.system.ended(failed.id);
  const row = tasks.getByRole('row', { name: /system\.echo/ });
  await row.getByText('1 (25.0 %)').waitFor({ timeout: 20_000 });
  await tasks.getByRole('figure', { name: 'Failure rate 25 %' }).waitFor();
  const chart = tasks.getByRole('figure').filter({ hasText: 'Ended a minute' });
  expect(await chart.getByRole('img').getAttribute('aria-label')).toMatch(/succeeded up to \d/);
  await chart.getByText('As a table').click();
  await chart.getByRole('columnheader', { name: 'succeeded' }).waitFor();

  await page.getByLabel('Time', { exact: true }).selectOption('day');
  await page.waitForURL('**/?range=day');
  await tasks.getByText('a day ago').first().waitFor();
  await page.getByLabel('Type', { exact: true }).selectOption('feed.fetch');
  await page.waitForURL('**type=feed.fetch');
  await tasks.getByText('nothing ended').waitFor();
  expect(errors).toEqual([]);
}, 120_000);

test('a type is paused after a confirmation, shown as paused, and resumed', async () => {
  const { page } = await setup.open({ path: '/' });
  const queue = page.getByRole('region', { name: 'Queues' }).getByRole('row', { name: /^system\.echo/ });
  await queue.getByText('open').waitFor();
  await queue.getByRole('button', { name: 'Pause system.echo' }).click();
  await page.getByRole('button', { name: 'Pause it' }).click();
  await queue.getByText('paused').waitFor();
  const { id } = await setup.system.submit('system.echo', { message: 'waits' });
  await queue.getByRole('button', { name: 'Resume system.echo' }).click();
  await queue.getByText('open').waitFor();
  expect((await setup.system.ended(id)).state).toBe('succeeded');
}, 120_000);

test('a killed worker is seen to fall silent, and the one that follows it to be alive', async () => {
  const { page } = await setup.open({ ...WINDOWS.phone, colorScheme: 'dark', path: '/' });
  const workers = page.getByRole('region', { name: 'Workers' });
  const echo = workers.getByRole('row', { name: /^echo/ });
  await echo.getByText('running').waitFor({ timeout: 20_000 });
  const [process] = setup.system.processes.filter(({ type }) => type === 'echo');
  process!.signal('SIGKILL');
  await echo.getByText('silent').first().waitFor({ timeout: 25_000 });
  await page
    .getByTestId('announcement')
    .getByText(/^echo on .* has fallen silent\.$/)
    .waitFor();
  await setup.system.start('echo');
  await echo.filter({ hasText: 'running' }).waitFor({ timeout: 20_000 });
  expect(await axeFindings(page)).toEqual([]);
}, 180_000);
