import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startPages, type PagesSetup } from '../support/browser.js';
import { faultsOfLooks } from '../support/looks.js';
import { bytes } from '../support/origin.js';

let setup: PagesSetup;
beforeAll(async () => {
  setup = await startPages('webhooks', { echo: 1, 'webhook-sender': 1 });
}, 90_000);
afterAll(() => setup?.stop(), 60_000);

test('a secret is made and shown once; a delivery is shown with its answers, and sent again', async () => {
  const { page, errors } = await setup.open({ path: '/webhooks' });
  await page.getByRole('heading', { name: 'No deliveries yet' }).waitFor();
  await page.getByRole('button', { name: 'New secret' }).press('Enter');
  await page
    .getByRole('dialog', { name: 'New secret' })
    .getByRole('button', { name: 'Make the secret' })
    .click();
  const once = page.getByRole('dialog', { name: 'The new secret' });
  expect(await once.locator('code').textContent()).toMatch(/^whsec_/);
  await once.getByRole('button', { name: 'I have it' }).click();
  await page.getByRole('row').filter({ hasText: 'default' }).waitFor();

  const url = setup.origin.serve('/hook', bytes('thank you', { 'content-type': 'text/plain' }));
  const submitted = await fetch(`${setup.system.apiUrl}/v1/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'system.echo', input: { message: 'told' }, callback: { url } }),
  });
  expect(submitted.status).toBe(202);
  const row = page.getByRole('row').filter({ hasText: url });
  await row.getByText('delivered').waitFor();
  expect(await faultsOfLooks(page, 'webhooks')).toEqual([]);

  await row.getByRole('link').first().press('Enter');
  await page.getByRole('heading', { name: 'Attempts (1)' }).waitFor();
  await page.getByText(/answered 200 in/).waitFor();
  await page.getByText('Its answer').click();
  await page.getByText('thank you').waitFor();
  expect(await faultsOfLooks(page, 'webhook-delivery')).toEqual([]);
  await page.getByRole('button', { name: 'Replay' }).click();
  await page.getByText('It is being sent again').waitFor();
  await page.getByRole('heading', { name: 'Attempts (2)' }).waitFor();
  expect(errors).toEqual([]);
}, 90_000);
