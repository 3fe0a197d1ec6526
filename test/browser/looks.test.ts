import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { fetchFeed, startReader, WINDOWS, type ReaderSetup } from '../support/browser.js';
import { bytes } from '../support/origin.js';
import { feedAnswer, rss, sampleItems } from './sample-feed.js';

/** For people to look at. */
const SCREENSHOTS = fileURLToPath(new URL('../../.local/screenshots/', import.meta.url));

let setup: ReaderSetup;
let feedUrl: string;
let pageUrl: string;

beforeAll(async () => {
  await mkdir(SCREENSHOTS, { recursive: true });
  setup = await startReader('looks');
  // Not one of the usual places: the page below must not lead there.
  feedUrl = setup.origin.serve('/queue.xml', feedAnswer(rss('The Patient Queue', sampleItems)));
  pageUrl = setup.origin.serve('/page', bytes('<!doctype html><p>Hi', { 'content-type': 'text/html' }));
}, 60_000);

afterAll(() => setup?.stop(), 60_000);

/** Pixels by which the page is wider than its window. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.body.scrollWidth - document.body.clientWidth);

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement;
    return at?.id || at?.getAttribute('aria-labelledby') || at?.textContent?.trim() || '';
  });

const SCHEMES = ['light', 'dark'] as const;

const cases = [
  ...SCHEMES.map((scheme) => ({ window: 'phone' as const, scheme })),
  ...SCHEMES.map((scheme) => ({ window: 'desktop' as const, scheme })),
  { window: 'wide' as const, scheme: SCHEMES[0] },
];

test.each(cases)(
  'nothing is wider than a $window window in $scheme',
  async ({ window, scheme }) => {
    const { page } = await setup.open({ ...WINDOWS[window], colorScheme: scheme });
    const screenshot = (name: string) =>
      page.screenshot({ path: `${SCREENSHOTS}reader-${name}-${window}-${scheme}.png`, fullPage: true });
    expect(await overflow(page)).toBe(0);
    await screenshot('start');

    await fetchFeed(page, feedUrl);
    await page.getByRole('article').first().waitFor();
    await page.getByRole('button', { name: /Read on/ }).click();
    expect(await overflow(page)).toBe(0);
    await screenshot('feed');

    await fetchFeed(page, pageUrl);
    await page.getByRole('heading', { name: 'This is not a feed' }).waitFor();
    expect(await overflow(page)).toBe(0);
    await screenshot('failure');
  },
  30_000,
);

test.each(SCHEMES)(
  'in %s, text stands out from its ground by 4.5 to 1 (WCAG 2.2, 1.4.3)',
  async (scheme) => {
    const { page } = await setup.open({ colorScheme: scheme });
    expect(await page.evaluate(lowContrast)).toEqual([]);
    await fetchFeed(page, feedUrl);
    await page.getByRole('article').first().waitFor();
    expect(await page.evaluate(lowContrast)).toEqual([]);
    await fetchFeed(page, pageUrl);
    await page.getByRole('heading', { name: 'This is not a feed' }).waitFor();
    expect(await page.evaluate(lowContrast)).toEqual([]);
  },
  30_000,
);

test('with the keyboard alone: skip link, address, entries, open, and back to the address', async () => {
  const { page } = await setup.open();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Skip to the content');
  expect(await page.getByRole('link', { name: 'Skip to the content' }).isVisible()).toBe(true);
  await page.keyboard.press('/');
  expect(await focused(page)).toBe('url');
  await page.keyboard.type(feedUrl);
  await page.keyboard.press('Enter');
  await page.getByRole('article').first().waitFor();

  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('j');
  expect(await focused(page)).toBe('entry-0');
  const button = page.getByRole('button', { name: /Read on|Close/ }).first();
  await page.keyboard.press('o');
  expect(await button.getAttribute('aria-expanded')).toBe('true');
  await page.keyboard.press('j');
  expect(await focused(page)).toBe('entry-1');
  await page.keyboard.press('k');
  await page.keyboard.press('o');
  expect(await button.getAttribute('aria-expanded')).toBe('false');

  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await button.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe('solid');
  await page.keyboard.press('Enter');
  expect(await button.getAttribute('aria-expanded')).toBe('true');

  await page.keyboard.press('/');
  expect(await focused(page)).toBe('url');
  await page.keyboard.type('jk/o');
  expect(await page.getByLabel('Feed address').inputValue()).toBe('jk/o');
}, 30_000);

test('reduced motion is respected: nothing is animated while a task is under way', async () => {
  const { page } = await setup.open({ reducedMotion: 'reduce' });
  await page.route('**/v1/tasks', () => undefined);
  await fetchFeed(page, feedUrl);
  await page.getByText('Sending the task…').first().waitFor();
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
}, 30_000);

/** Runs in the page: texts whose contrast with the nearest opaque ground is below 4.5. */
function lowContrast(): string[] {
  const parse = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (rgb: number[]): number => {
    const [r = 0, g = 0, b = 0] = rgb.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element: Element | null): number[] => {
    if (!element) return [255, 255, 255];
    const color = parse(getComputedStyle(element).backgroundColor);
    return color[3] === 0 ? ground(element.parentElement) : color;
  };
  const faint: string[] = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((child) => child.nodeType === 3 && child.nodeValue?.trim());
    if (!own || !element.checkVisibility() || element.closest('.unseen')) continue;
    const lights = [luminance(parse(getComputedStyle(element).color)), luminance(ground(element))];
    const ratio = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
    if (ratio < 4.5) faint.push(`${element.tagName} ${element.className} ${ratio.toFixed(2)}`);
  }
  return faint;
}
