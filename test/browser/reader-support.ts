import type { Page } from 'playwright-core';
import type { Feed } from '../../services/api/src/feed-resource.js';
import { startPages, type OpenPage, type PagesSetup } from '../support/browser.js';

/** A system with what fetches feeds and images, and pages of the reader in it. */
export const startReading = (label: string): Promise<PagesSetup> =>
  startPages(label, { 'feed-fetcher': 1, 'image-resizer': 1 });

/** Asks the API, with a JSON body where one is given; rejects unless it did as told. */
export async function ask<T>(
  { system }: PagesSetup,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const response = await fetch(system.apiUrl + path, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Subscribes by the API, and waits until the feed was fetched. */
export async function subscribed(setup: PagesSetup, url: string, tags: string[] = []): Promise<Feed> {
  const { id, task } = await ask<Feed>(setup, 'POST', '/v1/feeds', { url, tags });
  if (task) await setup.system.ended(task);
  return ask<Feed>(setup, 'GET', `/v1/feeds/${id}`);
}

/** Nobody reads anything. */
export async function unsubscribeAll(setup: PagesSetup): Promise<void> {
  const { items } = await ask<{ items: Feed[] }>(setup, 'GET', '/v1/feeds?limit=200');
  for (const { id } of items) await ask(setup, 'DELETE', `/v1/feeds/${id}`);
}

export const openReader = (
  setup: PagesSetup,
  path = '',
  options: Parameters<PagesSetup['open']>[0] = {},
): Promise<OpenPage> => setup.open({ ...options, path: `/reader${path}` });

export const entries = (page: Page) => page.getByRole('region', { name: 'Entries' });
export const feeds = (page: Page) => page.getByRole('region', { name: 'Feeds' });
export const article = (page: Page) => page.getByRole('region', { name: 'Article' });
/** The row of an entry that has this in its title. */
export const row = (page: Page, title: string) =>
  entries(page).getByRole('listitem').filter({ hasText: title });
/** The link that opens it. */
export const link = (page: Page, title: string) => row(page, title).getByRole('link');
/** What has the focus: its text, or its name. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement;
    return at?.getAttribute('aria-label') ?? at?.textContent?.trim() ?? '';
  });
