import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Feed } from '../../services/api/src/feed-resource.js';
import type { PagesSetup } from '../support/browser.js';
import { bytes, failing } from '../support/origin.js';
import {
  article,
  ask,
  entries,
  feeds,
  focused,
  link,
  openReader,
  row,
  startReading,
  subscribed,
  unsubscribeAll,
} from './reader-support.js';
import { feedAnswer, rss, sampleItems, type SampleItem } from './sample-feed.js';

let setup: PagesSetup;
beforeAll(async () => {
  setup = await startReading('reader');
}, 60_000);
afterEach(() => unsubscribeAll(setup));
afterAll(() => setup?.stop(), 60_000);

let served = 0;
/** A feed at an address of its own. */
const serve = (items: SampleItem[] = sampleItems, title = 'The Patient Queue'): string =>
  setup.origin.serve(`/${++served}.xml`, feedAnswer(rss(title, items)));
const many = (count: number): SampleItem[] =>
  Array.from({ length: count }, (_, n) => ({
    title: `Entry ${n}`,
    date: new Date(Date.UTC(2026, 9, 1) - n * 3_600_000).toUTCString(),
    html: `<p>Text of ${n}</p>`,
  }));

describe('adding a feed', () => {
  test('begins with an empty reader that says what to do, and tells each step from the first moment', async () => {
    const { page, errors } = await openReader(setup);
    await page.getByRole('heading', { name: 'Nothing to read yet' }).waitFor();
    let answerApi = (): void => undefined;
    const held = new Promise<void>((resolve) => (answerApi = resolve));
    await page.route('**/v1/feeds', async (route) => {
      if (route.request().method() === 'POST') await held;
      await route.continue();
    });
    let answerOrigin = (): void => undefined;
    const fetched = new Promise<void>((resolve) => (answerOrigin = resolve));
    const url = setup.origin.serve('/slow.xml', async (...request) => {
      await fetched;
      await feedAnswer(rss('The Patient Queue', sampleItems))(...request);
    });

    await page.getByLabel('Address of a feed or a site').fill(url);
    await page.keyboard.press('Enter');
    await entries(page).getByText('Sending…').waitFor();
    answerApi();
    await entries(page).getByText(`Fetching 127.0.0.1:${setup.origin.port}…`).waitFor();
    answerOrigin();
    await link(page, 'Why a message is acknowledged last').waitFor();
    await page.getByText('The Patient Queue was added: 4 unread.').waitFor();
    expect(new URL(page.url()).searchParams.get('feed')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await feeds(page).getByRole('link', { name: 'The Patient Queue 4 unread' }).count()).toBe(1);
    expect(errors).toEqual([]);
  }, 60_000);

  test('of a site with several asks which, and takes those that were chosen', async () => {
    const { page } = await openReader(setup);
    const [posts, comments] = [serve(sampleItems, 'Posts'), serve(many(2), 'Comments')];
    const alternate = (href: string, title: string): string =>
      `<link rel="alternate" type="application/rss+xml" href="${href}" title="${title}">`;
    const html = `<!doctype html><title>A site</title>${alternate(posts, 'Posts')}${alternate(comments, '<b>Comments')}`;
    const site = setup.origin.serve('/site', bytes(html, { 'content-type': 'text/html' }));
    await feeds(page).getByRole('button', { name: 'Add' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a feed' });
    for (const [typed, says] of [
      ['', 'Enter the address of a feed'],
      ['ftp://example.com/feed', 'Only http and https'],
    ] as const) {
      await dialog.getByLabel('Address').fill(typed);
      await dialog.getByRole('button', { name: 'Add the feed' }).click();
      await dialog.getByRole('alert').getByText(says).waitFor();
    }
    await dialog.getByLabel('Address').fill(site);
    await page.keyboard.press('Enter');
    await dialog.getByRole('checkbox', { name: '<b>Comments' }).check();
    await dialog.getByRole('button', { name: 'Subscribe to 2 feeds' }).click();
    await feeds(page).getByRole('link', { name: 'Posts' }).waitFor();
    await feeds(page).getByRole('link', { name: 'Comments' }).waitFor();
    await link(page, 'A short note on leases').waitFor();
    expect(await feeds(page).locator('.feed-list a').count()).toBe(3);
  }, 60_000);

  test('that fails says why, is tried again by itself and at once, and is well then', async () => {
    const { page } = await openReader(setup);
    const well = feedAnswer(rss('Well again', sampleItems));
    const url = setup.origin.serve('/bad.xml', failing(1, 503, well));
    await page.getByLabel('Address of a feed or a site').fill(url);
    await page.keyboard.press('Enter');
    const alert = entries(page).getByRole('alert').filter({ hasText: 'could not be read' });
    await alert.getByText('answered 503').waitFor();
    await alert.getByText(/it is tried again in \d minutes/).waitFor();
    await alert.getByRole('button', { name: 'Keep it' }).click();
    await feeds(page)
      .getByRole('link', { name: /failing/ })
      .waitFor();
    const notice = entries(page).getByRole('status', { name: "The feed's state" });
    await notice.getByText('It could not be fetched, once.').waitFor();
    await notice.getByText(/Tried again in/).waitFor();
    await notice.getByRole('button', { name: 'Try now' }).click();
    await link(page, 'A short note on leases').waitFor();
    await notice.waitFor({ state: 'detached' });
  }, 60_000);
});

describe('reading', () => {
  test('an article is read when it is opened, has its images from the API, and Back leads to its row', async () => {
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const image = setup.origin.serve('/queue.png', bytes(png, { 'content-type': 'image/png' }));
    const items = sampleItems.map((item) => ({
      ...item,
      html: item.html.replaceAll('https://cdn.example/queue.png', image),
    }));
    const { id } = await subscribed(setup, serve(items));
    const { page, foreign, errors } = await openReader(setup, `?feed=${id}`);
    await link(page, 'Why a message is acknowledged last').click();
    await article(page).getByRole('heading', { name: 'The order of things' }).waitFor();
    expect(await focused(page)).toBe('Why a message is acknowledged last');
    const shown = article(page).getByRole('img', { name: 'A queue with three consumers' });
    await shown.waitFor();
    expect(await shown.getAttribute('src')).toMatch(/^\/v1\/entries\/[0-9a-f-]{36}\/images\/[0-9a-f]{20}$/);
    const original = article(page).getByRole('link', { name: 'Original' });
    expect(await original.getAttribute('rel')).toBe('noopener noreferrer');
    expect(await original.getAttribute('target')).toBe('_blank');
    await feeds(page).getByRole('link', { name: 'The Patient Queue 3 unread' }).waitFor();
    const read = await ask<{ read: boolean }>(
      setup,
      'GET',
      `/v1/entries/${new URL(page.url()).searchParams.get('entry')}`,
    );
    expect(read.read).toBe(true);

    await article(page).getByRole('button', { name: 'Next entry' }).click();
    await article(page).getByText('A lease is a').waitFor();
    await page.goBack();
    await article(page).getByText('Choose an entry').waitFor();
    expect(await focused(page)).toContain('A short note on leases');
    expect(await row(page, 'A short note on leases').count()).toBe(1);
    expect([foreign, errors]).toEqual([[], []]);
  }, 60_000);

  test('a mark is shown at once, and taken back and told when it was not stored', async () => {
    const { id } = await subscribed(setup, serve());
    const { page } = await openReader(setup, `?feed=${id}`);
    let refuse = (): void => undefined;
    const held = new Promise<void>((resolve) => (refuse = resolve));
    await page.route('**/v1/entries/*', async (route) => {
      if (route.request().method() !== 'PATCH') return route.continue();
      await held;
      const problem = { code: 'too-many-starred', status: 409, detail: 'You may have so many.' };
      return route.fulfill({ status: 409, contentType: 'application/problem+json', json: problem });
    });
    const star = row(page, 'A short note on leases').getByRole('button', { name: /^Star/ });
    await star.click();
    expect(await star.getAttribute('aria-pressed')).toBe('true');
    refuse();
    await page.getByText('“A short note on leases” was not starred: You may have so many.').waitFor();
    expect(await star.getAttribute('aria-pressed')).toBe('false');
    await page.unrouteAll();
    const stored = page.waitForResponse((response) => response.request().method() === 'PATCH');
    await star.click();
    expect((await stored).status()).toBe(200);
    await entries(page).getByRole('link', { name: 'Starred', exact: true }).click();
    await entries(page).getByText('That is all.').waitFor();
    expect(await entries(page).locator('.entry-row').count()).toBe(1);
    await page.reload();
    await row(page, 'A short note on leases').waitFor();
  }, 60_000);

  test('a long list goes on as one scrolls, a search is in the URL, and all is marked after a question', async () => {
    const { id } = await subscribed(setup, serve(many(90)), ['Long']);
    const { page } = await openReader(setup, `?feed=${id}`);
    await link(page, 'Entry 0').waitFor();
    const scroll = page.locator('#entries');
    while (!(await page.getByText('That is all.').isVisible()))
      await scroll.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    expect(await entries(page).locator('.entry-row').count()).toBe(90);

    await entries(page).getByLabel('Search in these entries').fill('entry 77');
    await entries(page).getByText('That is all.').waitFor();
    await page.waitForURL(/q=entry\+77/);
    await entries(page).getByRole('heading', { name: '“entry 77”' }).waitFor();
    await page.goBack();
    await link(page, 'Entry 1').first().waitFor();

    await entries(page).getByRole('button', { name: 'Mark all as read' }).click();
    const dialog = page.getByRole('dialog', { name: 'Mark all as read?' });
    await dialog.getByText('90 entries in The Patient Queue').waitFor();
    await dialog.getByRole('button', { name: 'Mark 90 entries as read' }).click();
    await page.getByText('90 entries marked as read.').waitFor();
    await feeds(page).getByRole('link', { name: 'Long', exact: true }).waitFor();
    expect((await ask<Feed>(setup, 'GET', `/v1/feeds/${id}`)).unread).toBe(0);
  }, 60_000);
});

describe('what comes by itself', () => {
  test('is counted at once and waits to be shown, and what came while the page was offline is not missed', async () => {
    const items = many(3);
    const url = serve(items);
    const { id } = await subscribed(setup, url);
    const { page } = await openReader(setup, `?feed=${id}`);
    await link(page, 'Entry 0').waitFor();
    await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor();
    const comes = async (title: string): Promise<void> => {
      items.unshift({ title, date: new Date().toUTCString(), html: 'new' });
      const guids = rss('The Patient Queue', items).replace(
        /<guid[^>]*>\d+<\/guid><title>([^<]*)/g,
        '<guid isPermaLink="false">$1</guid><title>$1',
      );
      setup.origin.serve(new URL(url).pathname, feedAnswer(guids));
      const { id: task } = await ask<{ id: string }>(setup, 'POST', `/v1/feeds/${id}/refresh`);
      await setup.system.ended(task);
    };
    await comes('Brand new');
    await page.getByRole('button', { name: /^Show \d new entr/ }).waitFor();
    expect(await entries(page).locator('.entry-row').first().textContent()).toContain('Entry 0');
    await page.getByRole('button', { name: /^Show \d new entr/ }).click();
    expect(await entries(page).locator('.entry-row').first().textContent()).toContain('Brand new');

    await page.context().setOffline(true);
    await page.getByText('You are offline').first().waitFor();
    await comes('Meanwhile');
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Show 1 new entry' }).click();
    await link(page, 'Meanwhile').waitFor();
    await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor();
  }, 60_000);
});

describe('feeds', () => {
  test('come in by OPML with what failed told, and go out again', async () => {
    const { page } = await openReader(setup);
    const url = serve();
    await feeds(page).getByRole('button', { name: 'Import and export' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import and export' });
    const opml = `<opml version="2.0"><body><outline text="Tech"><outline text="Mine" xmlUrl="${url}"/></outline>
      <outline text="Gopher" xmlUrl="gopher://example.org/"/></body></opml>`;
    const file = { name: 'feeds.opml', mimeType: 'text/x-opml', buffer: Buffer.from(opml) };
    await dialog.getByLabel('OPML file').setInputFiles(file);
    await dialog.getByRole('button', { name: 'Import' }).click();
    await dialog.getByText('1 feed came in.').waitFor();
    await dialog.getByText('1 feed could not be taken').waitFor();
    await dialog.getByText('Gopher', { exact: true }).waitFor();
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Export your feeds' }).click();
    expect((await download).suggestedFilename()).toBe('feeds.opml');
    await dialog.getByRole('button', { name: 'Close' }).click();
    // The clock has it fetched, and the page hears of it.
    await feeds(page).getByRole('link', { name: 'Mine 4 unread' }).waitFor();
  }, 60_000);

  test('have names and tags of one’s own, and are left after a question', async () => {
    const { id } = await subscribed(setup, serve());
    const { page } = await openReader(setup, `?feed=${id}`);
    await entries(page).getByRole('button', { name: 'Feed settings' }).click();
    const dialog = page.getByRole('dialog', { name: 'Feed settings' });
    await dialog.getByLabel('Name').fill('My queue');
    await dialog.getByLabel('Tags').fill('Work, Brokers');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await feeds(page).getByRole('link', { name: 'Brokers 4 unread' }).waitFor();
    await entries(page).getByRole('heading', { name: 'My queue' }).waitFor();
    await entries(page).getByRole('button', { name: 'Feed settings' }).click();
    await dialog.getByRole('button', { name: 'Unsubscribe…' }).click();
    await page
      .getByRole('dialog', { name: /^Unsubscribe from/ })
      .getByRole('button', { name: 'Leave it' })
      .click();
    expect((await ask<Feed>(setup, 'GET', `/v1/feeds/${id}`)).title).toBe('My queue');
    await entries(page).getByRole('button', { name: 'Feed settings' }).click();
    await dialog.getByRole('button', { name: 'Unsubscribe…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unsubscribe', exact: true }).click();
    await page.getByRole('heading', { name: 'Nothing to read yet' }).waitFor();
  }, 60_000);
});
