import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { startOrigin, type Origin } from './origin.js';
import { startSystem, type System, type SystemOptions } from './system.js';
import { until } from './until.js';

/** Windows that each page must fit: the smallest phone that is common, and a desktop. */
export const WINDOWS = {
  phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1440, height: 900 } },
  wide: { viewport: { width: 1600, height: 900 } },
} as const satisfies Record<string, BrowserContextOptions>;

export interface OpenPage {
  page: Page;
  /** Dialogs that the page opened (they are dismissed). */
  dialogs: string[];
  /** Requests to another host than the API's; none of them leaves the browser. */
  foreign: string[];
  /** Errors that no code of the page caught, and what the CSP refused. */
  errors: string[];
}

/** A running system, an origin for its feeds, and a browser with the web app. */
export interface PagesSetup {
  system: System;
  origin: Origin;
  /** Opens the page in a fresh profile, of another API process where `apiUrl` says so. */
  open(options?: BrowserContextOptions & { path?: string; apiUrl?: string }): Promise<OpenPage>;
  /** Closes what was opened: a page that nobody looks at any more keeps asking the API. */
  closePages(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it all for one test file; rejects with what is missing. */
export async function startPages(
  label: string,
  processes: SystemOptions['processes'] = {},
  env: Record<string, string> = {},
): Promise<PagesSetup> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const browser = await startBrowser();
    stops.push(() => browser.close());
    const origin = await startOrigin();
    stops.push(() => origin.close());
    const system = await startSystem({
      label,
      processes: { web: 1, clock: 1, ...processes },
      env,
    });
    stops.push(() => system.stop());
    return {
      system,
      origin,
      stop,
      closePages: async () => {
        await Promise.all(browser.contexts().map((context) => context.close()));
      },
      open: (options) => openPage(browser, { apiUrl: system.apiUrl, ...options }),
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

async function openPage(
  browser: Browser,
  { path = '/', apiUrl, ...options }: BrowserContextOptions & { path?: string; apiUrl: string },
): Promise<OpenPage> {
  const context = await browser.newContext({ ...WINDOWS.desktop, reducedMotion: 'reduce', ...options });
  const opened: OpenPage = { page: await context.newPage(), dialogs: [], foreign: [], errors: [] };
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
  page.on('console', (message) => {
    if (/Content[- ]Security[- ]Policy/i.test(message.text())) opened.errors.push(message.text());
  });
  await page.goto(apiUrl + path);
  return opened;
}

/** Waits until nothing on the page is being loaded for the first time. */
export const settled = (page: Page): Promise<true> =>
  until(
    'the page to have loaded',
    async () => (await page.locator('[aria-busy=true]').count()) === 0 || undefined,
  );

/** Pixels by which the page is wider than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() =>
    Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth),
  );

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds on the page as it is (WCAG 2.2 A and AA, and its best practices): one line a finding. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(await axeSource);
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document);
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(' ')} — ${node.failureSummary ?? ''}`),
    );
  });
}
