import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startPages, type PagesSetup } from '../support/browser.js';
import { faultsOfLooks } from '../support/looks.js';
import { until } from '../support/until.js';

let setup: PagesSetup;
beforeAll(async () => {
  setup = await startPages('dead-letters', { echo: 1 });
}, 90_000);
afterAll(() => setup?.stop(), 60_000);

const failing = async (message: string): Promise<string> => {
  const { id } = await setup.system.submit('system.echo', { message, fail: 'permanent' });
  expect((await setup.system.ended(id)).state).toBe('failed');
  return id;
};

test('a group runs again or goes as a whole, after a question with its count; one runs again with another input', async () => {
  const ids = await Promise.all(['one', 'two', 'three'].map(failing));
  const { page, errors } = await setup.open({ path: '/dead-letters' });
  const group = page.getByRole('article', { name: 'system.echo: echo-permanent, 3 tasks' });
  await group.waitFor();

  await group.getByText('The 3 tasks').click();
  const letter = group.getByRole('listitem').filter({ hasText: ids[0]?.slice(-8) });
  await letter.getByRole('button', { name: 'Edit the input' }).click();
  await letter.getByRole('textbox', { name: 'message' }).fill('edited');
  await letter.getByLabel('fail', { exact: true }).selectOption('not set');
  expect(await faultsOfLooks(page, 'dead-letters')).toEqual([]);
  await letter.getByRole('button', { name: 'Requeue with this input' }).click();
  await page.getByText('The task runs again, with the edited input.').waitFor();
  expect(await setup.system.ended(ids[0] ?? '')).toMatchObject({
    state: 'succeeded',
    result: { message: 'edited' },
  });

  await page.getByRole('button', { name: 'Requeue all 2' }).press('Enter');
  const question = page.getByRole('dialog', { name: 'Run 2 tasks again?' });
  await question.getByRole('button', { name: 'Requeue 2 tasks' }).press('Enter');
  await page.getByText('2 tasks run again.').waitFor();
  // They fail again, and the list says so without moving.
  await page.getByText('2 tasks have failed since.').waitFor();
  await page.getByRole('button', { name: 'Show them' }).click();

  await page.getByRole('button', { name: 'Discard all' }).click();
  await page.getByRole('button', { name: 'Leave it' }).click();
  await page.getByRole('button', { name: 'Discard all' }).click();
  await page.getByRole('button', { name: 'Discard 2 tasks' }).click();
  await page.getByText('2 tasks are discarded.').waitFor();
  await page.getByRole('heading', { name: 'No dead letters' }).waitFor();
  expect(errors).toEqual([]);
}, 90_000);

test('a filter stands in the address, and says when nothing fits', async () => {
  await failing('filtered');
  const { page } = await setup.open({ path: '/dead-letters' });
  await page.getByLabel('Error code').fill('timeout');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'No dead letter fits this filter' }).waitFor();
  expect(page.url()).toContain('?code=timeout');
  await page.getByLabel('Type').selectOption('system.echo');
  await page.getByLabel('Error code').fill('echo-permanent');
  await page.keyboard.press('Enter');
  await page.getByRole('article', { name: 'system.echo: echo-permanent, 1 task' }).waitFor();
}, 60_000);

test('a message that stands for no task is shown, and goes after a question', async () => {
  const { vhost } = setup.system;
  const message = {
    properties: {},
    routing_key: 'system.echo',
    payload: 'hello?',
    payload_encoding: 'string',
  };
  await vhost.api(`exchanges/${vhost.name}/amq.default/publish`, 'POST', message);
  const { page } = await setup.open({ path: '/dead-letters' });
  const section = page.getByRole('region', { name: 'Unreadable messages' });
  await until('the message to be kept', async () => {
    await page.reload();
    await section
      .getByText(/^None\.|in system\.echo/)
      .first()
      .waitFor();
    return (await section.getByText('None.').count()) === 0 || undefined;
  });
  await section.getByText('Its body').click();
  await section.getByText('hello?').waitFor();
  await section.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('button', { name: 'Discard 1 message' }).click();
  await section.getByText('None.').waitFor();
}, 60_000);
