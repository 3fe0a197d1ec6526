import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeFindings, overflow, WINDOWS, type PagesSetup } from '../support/browser.js';
import {
  article,
  entries,
  feeds,
  focused,
  link,
  openReader,
  row,
  startReading,
  subscribed,
} from './reader-support.js';
import { takePicture } from '../support/looks.js';
import { bytes } from '../support/origin.js';
import { feedAnswer, rss, sampleItems } from './sample-feed.js';

let setup: PagesSetup;
let feed: string;

beforeAll(async () => {
  setup = await startReading('reader-looks');
  const url = setup.origin.serve('/queue.xml', feedAnswer(rss('The Patient Queue', sampleItems)));
  ({ id: feed } = await subscribed(setup, url, ['Tech/Brokers']));
  await subscribed(setup, setup.origin.serve('/bad.xml', bytes('no', {}, 503)));
}, 60_000);
afterAll(() => setup?.stop(), 60_000);

const FIRST = 'Why a message is acknowledged last';

/** Nothing is wider than the window, axe finds nothing, and a picture is taken. */
async function look(page: Page, name: string): Promise<void> {
  await takePicture(page, `reader-${name}`);
  expect([name, await overflow(page)]).toEqual([name, 0]);
  expect([name, await axeFindings(page)]).toEqual([name, []]);
}

describe('the reader fits its window, is readable, and axe finds nothing', () => {
  test.each(['light', 'dark'] as const)(
    'on a desktop in %s',
    async (colorScheme) => {
      const { page } = await openReader(setup, '?view=all', { ...WINDOWS.wide, colorScheme });
      await link(page, FIRST).click();
      await article(page).getByRole('table').waitFor();
      await article(page).getByText('Image not available').waitFor();
      await look(page, `desktop-${colorScheme}`);
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      await look(page, `keys-${colorScheme}`);
    },
    60_000,
  );

  test.each(['light', 'dark'] as const)(
    'on a phone in %s, one pane at a time',
    async (colorScheme) => {
      const { page } = await openReader(setup, '?view=all', { ...WINDOWS.phone, colorScheme });
      await link(page, FIRST).waitFor();
      await look(page, `phone-entries-${colorScheme}`);
      await entries(page).getByRole('link', { name: 'Feeds', exact: true }).click();
      await feeds(page)
        .getByRole('link', { name: /failing/ })
        .waitFor();
      expect(await entries(page).isVisible()).toBe(false);
      await look(page, `phone-feeds-${colorScheme}`);
      await feeds(page)
        .getByRole('link', { name: /failing/ })
        .click();
      await entries(page).getByText('It could not be fetched, once.').waitFor();
      await look(page, `phone-failing-${colorScheme}`);
      await entries(page).getByRole('link', { name: 'Feeds', exact: true }).click();
      await feeds(page)
        .getByRole('link', { name: /^The Patient Queue/ })
        .click();
      await link(page, 'Awordwithoutanyspace').click();
      await article(page)
        .getByRole('heading', { name: /^Awordwithout/ })
        .waitFor();
      expect(await entries(page).isVisible()).toBe(false);
      await look(page, `phone-article-${colorScheme}`);
      await article(page).getByRole('button', { name: 'Entries' }).click();
      expect(await focused(page)).toContain('Awordwithoutanyspace');
    },
    60_000,
  );
});

test('with the keyboard alone: from the skip link through list and article, and single keys can be turned off', async () => {
  const { page } = await openReader(setup, `?feed=${feed}&view=all`);
  await link(page, FIRST).waitFor();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  await page.keyboard.press('j');
  expect(await focused(page)).toContain('No date, no author');
  await page.keyboard.press('j');
  expect(await focused(page)).toContain(FIRST);
  await page.keyboard.press('j');
  await page.keyboard.press('s');
  const star = row(page, 'A short note').getByRole('button', { name: /^Star/ });
  expect(await star.getAttribute('aria-pressed')).toBe('true');
  await page.keyboard.press('k');
  await page.keyboard.press('o');
  await article(page).getByRole('table').waitFor();
  expect(await focused(page)).toBe(FIRST);
  const unread = article(page).getByRole('button', { name: 'Unread' });
  expect(await unread.getAttribute('aria-pressed')).toBe('false');
  await page.keyboard.press('m');
  expect(await unread.getAttribute('aria-pressed')).toBe('true');
  await page.keyboard.press('j');
  await article(page).getByText('A lease is a').waitFor();
  await page.keyboard.press('Escape');
  expect(await focused(page)).toContain('A short note on leases');

  await page.keyboard.press('/');
  await page.keyboard.type('jk?');
  expect(await page.getByRole('searchbox').inputValue()).toBe('jk?');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Nothing with' }).or(page.getByText(FIRST)).first().waitFor();

  await page.keyboard.press('Tab');
  await page.keyboard.press('?');
  await page.getByRole('checkbox', { name: 'Single keys are shortcuts' }).uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.reload();
  await page.getByRole('heading', { name: 'Reader' }).waitFor({ state: 'attached' });
  await page.keyboard.press('?');
  expect(await page.getByRole('dialog').count()).toBe(0);
}, 60_000);
