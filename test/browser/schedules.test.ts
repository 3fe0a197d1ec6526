import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startPages, type PagesSetup } from '../support/browser.js';
import { faultsOfLooks } from '../support/looks.js';

let setup: PagesSetup;
beforeAll(async () => {
  setup = await startPages('schedules', { echo: 1 });
}, 90_000);
afterAll(() => setup?.stop(), 60_000);

test('a schedule is made with its cron told in words, run, paused, edited and deleted', async () => {
  const { page, errors } = await setup.open({ path: '/schedules' });
  await page.getByRole('heading', { name: 'No schedules' }).waitFor();
  await page.getByRole('link', { name: 'New schedule' }).first().press('Enter');
  await page.getByRole('textbox', { name: 'name', exact: true }).fill('Weekday report');
  await page.getByRole('combobox', { name: 'timeZone' }).fill('Europe/Berlin');
  await page.getByRole('textbox', { name: 'cron' }).fill('30 9 * * 1-5');
  const preview = page.getByRole('status', { name: 'What the cron means' });
  await preview.getByText('At 09:30, Monday through Friday').waitFor();
  await preview
    .getByText(/09:30 GMT\+[12]$/)
    .nth(4)
    .waitFor();
  expect(await faultsOfLooks(page, 'schedule-new')).toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByText('“Weekday report” is made.').waitFor();

  const row = page.getByRole('row').filter({ hasText: 'Weekday report' });
  await row.getByText('At 09:30, Monday through Friday').waitFor();
  await row.getByRole('button', { name: 'Run now: Weekday report' }).click();
  await page.getByText('A task of “Weekday report” is made now.').waitFor();
  await row.getByRole('link', { name: /now$|ago$/ }).waitFor();
  await row.getByRole('button', { name: 'Pause: Weekday report' }).click();
  await row.getByText('not while paused').waitFor();
  expect(await faultsOfLooks(page, 'schedules')).toEqual([]);
  await row.getByRole('button', { name: 'Resume: Weekday report' }).click();
  await row.getByText('active').waitFor();

  await row.getByRole('link', { name: 'Weekday report' }).click();
  await page.getByRole('textbox', { name: 'cron' }).fill('@hourly');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('“Weekday report” is saved.').waitFor();
  await page.getByRole('link', { name: 'All schedules' }).click();
  await row.getByText('Every hour').waitFor();
  await row.getByRole('button', { name: 'Delete: Weekday report' }).click();
  await page.getByRole('button', { name: 'Delete it' }).click();
  await page.getByRole('heading', { name: 'No schedules' }).waitFor();
  expect(errors).toEqual([]);
}, 90_000);

test('a cron that is none and a name that is taken are told at their fields', async () => {
  const { page } = await setup.open({ path: '/schedules/new' });
  await page.getByRole('textbox', { name: 'name', exact: true }).fill('Twice');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('“Twice” is made.').waitFor();
  await page.getByRole('link', { name: 'New schedule' }).click();
  await page.getByRole('textbox', { name: 'name', exact: true }).fill('Twice');
  await page.getByRole('textbox', { name: 'cron' }).fill('61 * * * *');
  const preview = page.getByRole('status', { name: 'What the cron means' });
  await preview.getByText(/^cron /).waitFor();
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('textbox', { name: 'cron' }).and(page.locator('[aria-invalid=true]')).waitFor();
  await page.getByRole('button', { name: 'Every hour' }).click();
  await preview.getByText('Every hour').waitFor();
  await page.getByRole('button', { name: 'Create' }).click();
  await page
    .getByRole('textbox', { name: 'name', exact: true })
    .and(page.locator('[aria-invalid=true]'))
    .waitFor();
}, 60_000);
