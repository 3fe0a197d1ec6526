import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeFindings, overflow, startPages, WINDOWS, type PagesSetup } from '../support/browser.js';
import { until } from '../support/until.js';

let setup: PagesSetup;
beforeAll(async () => {
  setup = await startPages('tasks', { echo: 1 });
}, 180_000);
afterEach(() => setup.closePages());
afterAll(() => setup?.stop(), 60_000);

const row = (page: Page, id: string) =>
  page.getByRole('row').filter({ has: page.locator(`a[href="/tasks/${id}"]`) });
const submit = async (body: object): Promise<string> => {
  const response = await fetch(`${setup.system.apiUrl}/v1/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return ((await response.json()) as { id: string }).id;
};

test('the list shows a task from its acceptance to its end without a reload; filters stand in the address', async () => {
  const { page, errors } = await setup.open({ path: '/tasks' });
  await page.getByRole('heading', { name: 'No tasks yet' }).waitFor();
  const id = await submit({ type: 'system.echo', input: { message: 'hi', delayMs: 1_500 }, tags: ['one'] });
  await row(page, id).getByText('running').waitFor();
  await row(page, id).getByText('succeeded').waitFor();

  const failed = await submit({ type: 'system.echo', input: { fail: 'permanent' }, tags: ['two'] });
  await row(page, failed).getByText('echo-permanent').waitFor();
  await page.getByLabel('State').selectOption('failed');
  await page.waitForURL('**/tasks?state=failed');
  await row(page, failed).waitFor();
  expect(await row(page, id).count()).toBe(0);
  await page.getByLabel('Tag').fill('nobody');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'No task fits' }).waitFor();
  await page.goBack();
  await row(page, failed).waitFor();
  await page.reload();
  await row(page, failed).waitFor();
  expect(await page.getByLabel('State').inputValue()).toBe('failed');
  expect(errors).toEqual([]);
}, 120_000);

test('a task is cancelled and run again from the list, and each answer is told', async () => {
  const { page } = await setup.open({ path: '/tasks' });
  const id = await submit({ type: 'system.echo', input: { delayMs: 50_000 } });
  await row(page, id).getByText('running').waitFor();
  await row(page, id)
    .getByRole('button', { name: /^Cancel/ })
    .click();
  await page.getByText(/^Cancelled system.echo/).waitFor();
  await row(page, id).getByText('cancelled').waitFor();
  await row(page, id)
    .getByRole('button', { name: /^Retry/ })
    .click();
  await row(page, id).getByText('running').waitFor();
  await row(page, id)
    .getByRole('button', { name: /^Cancel/ })
    .click();
  await row(page, id).getByText('cancelled').waitFor();
}, 120_000);

test('all that fit a filter are cancelled after a confirmation, and with a refusal none is', async () => {
  const tag = 'all-of-these';
  const ids = await Promise.all(
    [1, 2, 3].map(() => submit({ type: 'system.echo', input: {}, delayMs: 3_600_000, tags: [tag] })),
  );
  const { page } = await setup.open({ path: `/tasks?tag=${tag}` });
  await row(page, ids[2]!).waitFor();
  await page.getByRole('button', { name: 'Cancel all' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel all open tasks that fit?' });
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  expect((await setup.system.task(ids[0]!)).state).toBe('scheduled');
  await page.getByRole('button', { name: 'Cancel all' }).click();
  await dialog.getByRole('button', { name: 'Cancel them' }).click();
  await page.getByText('3 tasks were cancelled.').waitFor();
  for (const id of ids) await row(page, id).getByText('cancelled').waitFor();
}, 120_000);

test('new tasks wait above the list while a person is in it', async () => {
  const first = await submit({ type: 'system.echo', input: {}, tags: ['still'] });
  const { page } = await setup.open({ path: '/tasks?tag=still' });
  await row(page, first).getByText('succeeded').waitFor();
  await row(page, first)
    .getByRole('link', { name: /system.echo/ })
    .focus();
  const second = await submit({ type: 'system.echo', input: {}, tags: ['still'] });
  const show = page.getByRole('button', { name: 'Show 1 new task' });
  await show.waitFor();
  expect(await row(page, second).count()).toBe(0);
  await show.click();
  await row(page, second).waitFor();
}, 120_000);

test('a task’s page follows it: attempts, why one failed, the timeline, the result, and all that depends on it', async () => {
  const batch = await fetch(`${setup.system.apiUrl}/v1/batches`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      tasks: [
        { ref: 'first', type: 'system.echo', input: { message: 'one', delayMs: 2_500 } },
        { ref: 'second', type: 'system.echo', input: { message: { task: '#first', pointer: '/message' } } },
      ],
    }),
  });
  const { tasks } = (await batch.json()) as { tasks: { id: string }[] };
  const [first, second] = tasks.map(({ id }) => id) as [string, string];
  const { page, errors } = await setup.open({ path: `/tasks/${first}` });
  const state = page.getByRole('status', { name: 'State of the task' });
  await state.getByText('running').waitFor();
  const dependencies = page.getByRole('region', { name: 'Dependencies' });
  await dependencies.getByText('These wait for it').waitFor();
  await state.getByText('succeeded').waitFor();
  await page.getByRole('region', { name: 'Timeline' }).getByText('Succeeded').waitFor();
  await page.getByRole('region', { name: 'Result' }).getByText('“one”').waitFor();
  await page.getByRole('region', { name: 'Batch' }).getByText('2 tasks: 2 succeeded').waitFor();

  await page.goto(`${setup.system.apiUrl}/tasks/${second}`);
  await dependencies.getByRole('link', { name: /system.echo/ }).click();
  await page.waitForURL(`**/tasks/${first}`);
  expect(errors).toEqual([]);
}, 120_000);

test('a failed task says why and is run again; it fits a phone and axe finds nothing', async () => {
  const id = await submit({ type: 'system.echo', input: { fail: 'permanent' }, tags: ['x'] });
  await setup.system.ended(id);
  const { page } = await setup.open({ ...WINDOWS.phone, colorScheme: 'dark', path: `/tasks/${id}` });
  await page.getByRole('heading', { name: 'It failed: echo-permanent' }).waitFor();
  expect(await overflow(page)).toBe(0);
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: /^Retry/ }).click();
  await until('the second attempt', async () => (await setup.system.task(id)).attempt === 2 || undefined);
  await page
    .getByRole('row', { name: /fail: echo-permanent/ })
    .nth(1)
    .waitFor();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete it' }).click();
  await page.waitForURL('**/tasks');
  await page.goto(`${setup.system.apiUrl}/tasks/${id}`);
  await page.getByRole('heading', { name: 'There is no such thing (any more)' }).waitFor();
}, 120_000);
