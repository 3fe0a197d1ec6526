import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { fetchFeed, startReader, type ReaderSetup } from '../support/browser.js';
import { bytes, hang } from '../support/origin.js';
import { freePort } from '../support/system.js';
import { feedAnswer, rss, sampleItems } from './sample-feed.js';

let setup: ReaderSetup;

beforeAll(async () => {
  setup = await startReader('reader');
}, 60_000);

afterAll(() => setup?.stop(), 60_000);

const articles = (page: Page) => page.getByRole('article');
const progress = (page: Page) => page.getByRole('region', { name: 'Progress' });
const feed = feedAnswer(rss('The Patient Queue', sampleItems));

/** The path of a feed of its own for each test. */
const serve = (path: string, answer = feed): string => setup.origin.serve(path, answer);

test('progress is shown before the API has answered, and the steps as they happen', async () => {
  const { page, errors } = await setup.open();
  let answerApi = (): void => {};
  const held = new Promise<void>((resolve) => (answerApi = resolve));
  await page.route('**/v1/tasks', async (route) => {
    await held;
    await route.continue();
  });
  let answerOrigin = (): void => {};
  const fetched = new Promise<void>((resolve) => (answerOrigin = resolve));
  const url = serve('/slow.xml', async (...request) => {
    await fetched;
    await feed(...request);
  });

  await fetchFeed(page, url);
  await progress(page).getByText('Sending the task…').waitFor();
  expect(setup.origin.requests.some(({ path }) => path === '/slow.xml')).toBe(false);

  answerApi();
  await progress(page).getByText(`Fetching 127.0.0.1:${setup.origin.port}`).waitFor();
  await progress(page).getByText('Attempt 1 of 4').waitFor();
  expect(await page.getByRole('status').textContent()).toContain('Fetching');
  expect(await progress(page).locator('[aria-current=step]').textContent()).toBe('Fetching');

  answerOrigin();
  await page.getByRole('heading', { name: 'The Patient Queue' }).waitFor();
  expect(await progress(page).isVisible()).toBe(false);
  expect(await page.getByRole('status').textContent()).toContain('The Patient Queue: 4 entries.');
  expect(errors).toEqual([]);
}, 30_000);

test('entries have titles, dates, authors and content; a long one opens', async () => {
  const { page, foreign } = await setup.open();
  await fetchFeed(page, serve('/entries.xml'));
  await page.getByRole('heading', { name: 'The Patient Queue' }).waitFor();

  expect(await articles(page).count()).toBe(sampleItems.length);
  const first = page.getByRole('article', { name: 'Why a message is acknowledged last' });
  expect(await first.getByText('Ada Winter').isVisible()).toBe(true);
  expect(await first.locator('time').getAttribute('datetime')).toBe('2026-11-02T08:30:00.000Z');
  expect(await first.locator('time').getAttribute('title')).toContain('2026');
  expect(await first.locator('time').textContent()).toMatch(/ago|yesterday|last|now|in /);

  const open = first.getByRole('button', { name: /Read on/ });
  expect(await open.getAttribute('aria-expanded')).toBe('false');
  await open.click();
  expect(await first.getByRole('heading', { name: 'The order of things' }).isVisible()).toBe(true);
  expect(await first.getByRole('table').isVisible()).toBe(true);
  const image = first.getByRole('link', { name: /A queue with three consumers/ });
  expect(await image.getAttribute('href')).toBe('https://cdn.example/queue.png');
  expect(foreign).toEqual([]);

  const short = page.getByRole('article', { name: 'A short note on leases' });
  expect(await short.getByText('A lease is a beat').isVisible()).toBe(true);
  expect(await short.getByRole('link', { name: 'taken over' }).getAttribute('rel')).toContain('noopener');
  expect(
    await page.getByRole('article', { name: 'No date' }).getByText('no date', { exact: true }).isVisible(),
  ).toBe(true);
}, 30_000);

test('a reload shows the same task again and makes no new one; a feed read lately is one click', async () => {
  const { page } = await setup.open();
  const url = serve('/again.xml');
  const asked = () => setup.origin.requests.filter(({ path }) => path === '/again.xml').length;
  await fetchFeed(page, url);
  await articles(page).first().waitFor();
  const id = new URL(page.url()).searchParams.get('task');
  expect(await page.locator('#feed').getByRole('link', { name: id! }).getAttribute('href')).toBe(
    `/v1/tasks/${id}`,
  );

  await page.reload();
  await articles(page).first().waitFor();
  expect(asked()).toBe(1);
  expect(await page.getByLabel('Feed address').inputValue()).toBe(url);

  await page.goto(setup.system.apiUrl);
  await page.getByRole('heading', { name: 'What happens when you fetch' }).waitFor();
  const chip = page.getByRole('button', { name: 'The Patient Queue', exact: true });
  await chip.press('Enter');
  await articles(page).first().waitFor();
  expect(asked()).toBe(2);
  expect(await chip.evaluate((element) => element === document.activeElement)).toBe(true);

  await page.getByRole('button', { name: 'Forget The Patient Queue' }).click();
  expect(await page.getByRole('navigation', { name: 'Read lately' }).isVisible()).toBe(false);
}, 30_000);

test('a web page in place of a feed is explained, and Try again fetches anew', async () => {
  const { page } = await setup.open();
  const url = serve('/page', bytes('<!doctype html><title>Hi</title>', { 'content-type': 'text/html' }));
  await fetchFeed(page, url);
  const failure = page.getByRole('region', { name: 'This is not a feed' });
  await failure.getByText(/it is a web page/).waitFor();
  expect(await failure.getByText('not-a-feed').isVisible()).toBe(true);
  expect(await page.getByRole('status').textContent()).toContain('This is not a feed');

  serve('/page');
  await failure.getByRole('button', { name: 'Try again' }).press('Enter');
  await articles(page).first().waitFor();
  expect(await failure.isVisible()).toBe(false);
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
}, 30_000);

test('an origin that cannot be reached: the reason is shown while it is tried again', async () => {
  const { page } = await setup.open();
  await fetchFeed(page, `http://127.0.0.1:${await freePort()}/feed.xml`);
  await progress(page)
    .getByText(/Why the last attempt failed: No connection to 127\.0\.0\.1/)
    .waitFor();
  expect(await progress(page).getByText(/ of 4/).isVisible()).toBe(true);
}, 30_000);

test('a hanging origin: the page stays in charge, and watching can be stopped', async () => {
  const { page } = await setup.open();
  await fetchFeed(page, serve('/hang', hang()));
  await setup.origin.asked('/hang');
  await progress(page)
    .getByText(/^Fetching 127/)
    .waitFor();
  await progress(page).getByRole('button', { name: 'Stop watching' }).click();
  await page.getByRole('heading', { name: 'What happens when you fetch' }).waitFor();
  expect(await progress(page).isVisible()).toBe(false);
  expect(await page.getByLabel('Feed address').evaluate((field) => field === document.activeElement)).toBe(
    true,
  );
}, 30_000);

test('what is not an address is said at the field, and nothing is sent', async () => {
  const { page } = await setup.open();
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.method()));
  for (const [typed, says] of [
    ['', 'Enter the address of a feed'],
    ['not an address', 'This is not a web address'],
    ['ftp://example.com/feed', 'Only http and https'],
  ] as const) {
    await fetchFeed(page, typed);
    await page.getByRole('alert').getByText(says).waitFor();
    expect(await page.getByLabel('Feed address').getAttribute('aria-invalid')).toBe('true');
  }
  expect(sent).not.toContain('POST');
}, 30_000);

test('a server that is away is said, asked again, and the task goes on when it is back', async () => {
  const { page } = await setup.open();
  await page.route('**/v1/tasks', (route) => route.abort());
  const url = serve('/away.xml');
  await fetchFeed(page, url);
  const failure = page.getByRole('region', { name: 'The server does not answer' });
  await failure.waitFor();

  await page.unroute('**/v1/tasks');
  await page.route('**/v1/tasks/*', (route) => route.abort());
  await failure.getByRole('button', { name: 'Try again' }).click();
  await progress(page).getByText('The server does not answer').waitFor();
  await progress(page).getByText('An accepted task is safe meanwhile').waitFor();

  await page.unroute('**/v1/tasks/*');
  await articles(page).first().waitFor();
  expect(await articles(page).count()).toBe(sampleItems.length);
}, 30_000);

test('a task that is gone and a task of another type are told apart from failures', async () => {
  const gone = await setup.open({ path: '/?task=0199c0de-0000-7000-8000-000000000000' });
  await gone.page.getByRole('heading', { name: 'There is no such task any more' }).waitFor();

  const { id } = await setup.system.submit('system.echo', { message: 'hello' });
  const other = await setup.open({ path: `/?task=${id}` });
  await other.page.getByRole('heading', { name: 'This task did not fetch a feed' }).waitFor();
  expect(await other.page.getByRole('link', { name: id }).getAttribute('href')).toBe(`/v1/tasks/${id}`);
}, 30_000);

test('an empty feed is said to be empty', async () => {
  const { page } = await setup.open();
  await fetchFeed(page, serve('/empty.xml', feedAnswer(rss('Nothing yet', []))));
  await page.getByRole('heading', { name: 'Nothing yet' }).waitFor();
  expect(await page.getByText('it has no entries yet').isVisible()).toBe(true);
  expect(await articles(page).count()).toBe(0);
}, 30_000);

test('a web page with several feeds offers them, and the chosen one is read', async () => {
  const { page, errors } = await setup.open();
  serve('/posts.xml');
  const link = (href: string, title: string): string =>
    `<link rel="alternate" type="application/rss+xml" href="${href}" title="${title}">`;
  const html = `<!doctype html><title>A site</title>${link('/posts.xml', 'Posts')}${link('/comments.xml', '<b>Comments')}`;
  await fetchFeed(page, serve('/site', bytes(html, { 'content-type': 'text/html' })));
  await page.getByRole('heading', { name: 'A site' }).waitFor();
  expect(await page.getByRole('status').textContent()).toContain('2 feeds to choose from');
  expect(await page.getByRole('button', { name: '<b>Comments' }).isVisible()).toBe(true);

  await page.getByRole('button', { name: 'Posts' }).click();
  await page.getByRole('heading', { name: 'The Patient Queue' }).waitFor();
  expect(await articles(page).count()).toBe(sampleItems.length);
  expect(errors).toEqual([]);
}, 30_000);
