import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { startOrigin, type Origin } from './origin.js';
import { startSystem, type System } from './system.js';

/** Windows that the page must fit: the smallest phone that is common, and a desktop. */
export const WINDOWS = {
  phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1440, height: 900 } },
  wide: { viewport: { width: 1600, height: 900 } },
} as const satisfies Record<string, BrowserContextOptions>;

export interface OpenReader {
  page: Page;
  /** Dialogs that the page opened (they are dismissed). */
  dialogs: string[];
  /** Requests to another host than the API's; none of them leaves the browser. */
  foreign: string[];
  /** Errors that no code of the page caught. */
  errors: string[];
}

/** A running system, an origin for its feeds, and a browser with the reader page. */
export interface ReaderSetup {
  system: System;
  origin: Origin;
  /** Opens the page in a fresh profile, of another API process where `apiUrl` says so. */
  open(options?: BrowserContextOptions & { path?: string; apiUrl?: string }): Promise<OpenReader>;
  stop(): Promise<void>;
}

/** Starts it all for one test file; rejects with what is missing. */
export async function startReader(label: string): Promise<ReaderSetup> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const browser = await startBrowser();
    stops.push(() => browser.close());
    const origin = await startOrigin();
    stops.push(() => origin.close());
    const system = await startSystem({ label, processes: { web: 1, clock: 1, 'feed-fetcher': 1 } });
    stops.push(() => system.stop());
    return {
      system,
      origin,
      stop,
      open: (options) => openReader(browser, { apiUrl: system.apiUrl, ...options }),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Chromium without any talk of its own, in a profile that is removed when it is closed. */
function startBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH;
  if (!executablePath) throw new Error('CHROMIUM_PATH is not set: `npm test` finds or fetches a Chromium.');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

async function openReader(
  browser: Browser,
  { path = '/', apiUrl, ...options }: BrowserContextOptions & { path?: string; apiUrl: string },
): Promise<OpenReader> {
  const context = await browser.newContext({ ...WINDOWS.desktop, reducedMotion: 'reduce', ...options });
  const opened: OpenReader = { page: await context.newPage(), dialogs: [], foreign: [], errors: [] };
  await context.route(
    (url) => url.origin !== apiUrl,
    (route) => {
      opened.foreign.push(route.request().url());
      return route.abort();
    },
  );
  const { page } = opened;
  page.on('dialog', (dialog) => {
    opened.dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => opened.errors.push(error.message));
  await page.goto(apiUrl + path);
  return opened;
}

/** Enters the address as a person would. */
export async function fetchFeed(page: Page, url: string): Promise<void> {
  await page.getByLabel('Feed address').fill(url);
  await page.getByRole('button', { name: 'Fetch' }).click();
}
