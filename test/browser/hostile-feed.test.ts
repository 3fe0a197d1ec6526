import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startPages, type OpenPage, type PagesSetup } from '../support/browser.js';
import { ATTACK, hostileHtml } from './hostile-html.js';
import { article, ask, openReader, subscribed } from './reader-support.js';
import { feedAnswer, rss } from './sample-feed.js';

let setup: PagesSetup;
let listed: ListedEntry[];

type ListedEntry = { id: string; title: string };

/** Texts of a feed, a few attacks in each: what swallows the rest of a document stands last of all. */
const GROUP = 7;
const texts = hostileHtml.map((html, index) => `<p>kept ${index}.</p>${html}`);
const items = Array.from({ length: Math.ceil(texts.length / GROUP) }, (_, n) => ({
  title: `Entry ${n} <img src=x onerror="${ATTACK}">\u202e`,
  author: `<script>${ATTACK}</script>`,
  link: n % 2 ? `javascript:${ATTACK}` : 'https://blog.example/',
  html: texts.slice(n * GROUP, (n + 1) * GROUP).join(''),
}));

beforeAll(async () => {
  setup = await startPages('hostile', { 'feed-fetcher': 1 });
  const title = `Evil <img src=x onerror="${ATTACK}">`;
  const url = setup.origin.serve('/hostile.xml', feedAnswer(rss(title, items)));
  const { id } = await subscribed(setup, url);
  ({ items: listed } = await ask<{ items: ListedEntry[] }>(setup, 'GET', `/v1/feeds/${id}/entries`));
}, 60_000);
afterAll(() => setup?.stop(), 60_000);

/** What no entry may leave in the page, each as `name: markup`. Runs in the page. */
function dangerous(): string[] {
  const found: string[] = [];
  const pane = document.querySelector('.article-pane')!;
  const content = pane.querySelector('.content')!;
  const shown = (element: Element): string => element.outerHTML.slice(0, 300);
  const tags =
    'script,style,iframe,frame,image,math,object,embed,video,audio,form,input,button,select,textarea,link,meta,base,template,source,dialog,svg';
  for (const element of content.querySelectorAll(tags)) found.push(`element: ${shown(element)}`);
  for (const element of content.querySelectorAll('*')) {
    if (element.shadowRoot) found.push(`shadow: ${shown(element)}`);
    for (const { name, value } of element.attributes) {
      const own = element.matches('.picture') && /^(style|title)$/.test(name);
      const isNamed =
        name === 'class' && !/^(picture( there| missing)?|media|media-host|wide-table)$/.test(value);
      if (
        !own &&
        (isNamed ||
          /^on|^style$|srcset|^name$|^id$|^data-|^is$|^slot$|popover|^background$|^ping$/.test(name))
      )
        found.push(`attribute ${name}: ${shown(element)}`);
      if (/^(src|poster)$/.test(name) && !value.startsWith('/v1/entries/'))
        found.push(`source: ${shown(element)}`);
    }
  }
  for (const link of pane.querySelectorAll('a')) {
    if (!/^(https?|mailto):/.test(link.href)) found.push(`link: ${shown(link)}`);
    if (link.rel !== 'noopener noreferrer' || link.target !== '_blank') found.push(`opener: ${shown(link)}`);
  }
  // What is in the pane is drawn in the pane: at its corners and beside it are the page's own things.
  const { left, top } = pane.getBoundingClientRect();
  for (const [x, y] of [
    [left - 20, 300],
    [left - 300, 100],
    [left + 200, top + 10],
    [20, 20],
  ] as const) {
    const at = document.elementFromPoint(x, y);
    if (at && content.contains(at)) found.push(`covers ${x}, ${y}: ${shown(at)}`);
  }
  const scroller = pane.querySelector('.pane-scroll')!;
  if (scroller.scrollWidth > scroller.clientWidth) found.push(`wide: ${scroller.scrollWidth}`);
  return found;
}

/** Opens an entry as its link in the list does. */
async function read(page: Page, entry: string, text: string): Promise<void> {
  await page.evaluate((id) => {
    history.pushState(null, '', `${location.pathname}?entry=${id}`);
    dispatchEvent(new PopStateEvent('popstate'));
  }, entry);
  await article(page).getByText(text, { exact: true }).waitFor();
  expect([text, await page.evaluate(dangerous)]).toEqual([text, []]);
}

async function expectNothingHappened({ page, dialogs, foreign, errors }: OpenPage): Promise<void> {
  expect(await page.evaluate(() => 'attacked' in window && window.attacked === 1)).toBe(false);
  expect(await page.evaluate(() => [document.title, document.baseURI.startsWith(location.origin)])).toEqual([
    expect.stringContaining('Reader · Offload'),
    true,
  ]);
  // The document in which DOMPurify reads it is inert, and the policy says there, too, what it would have refused.
  const uncaught = errors.filter((text) => !text.includes('Content Security Policy'));
  expect({ dialogs, foreign, uncaught }).toEqual({ dialogs: [], foreign: [], uncaught: [] });
  expect(page.url().startsWith(setup.system.apiUrl)).toBe(true);
}

describe('P7 for the reader: a hostile feed cannot script the page, style it, or make it ask another host', () => {
  test('as it comes through the worker', async () => {
    const opened = await openReader(setup, '?view=all');
    await opened.page.locator('.entry-row').first().waitFor();
    for (const n of items.keys()) {
      const { id } = listed.find(({ title }) => title.startsWith(`Entry ${n}`))!;
      await read(opened.page, id, `kept ${n * GROUP}.`);
    }
    await expectNothingHappened(opened);
  }, 60_000);

  test('even if worker and API had let all of it through', async () => {
    const opened = await openReader(setup);
    const idOf = (n: number): string => `0199c0de-0000-7000-8000-${String(n).padStart(12, '0')}`;
    const template = await ask<object>(setup, 'GET', `/v1/entries/${listed[0]!.id}`);
    await opened.page.route('**/v1/entries/0199c0de-*', async (route) => {
      const id = new URL(route.request().url()).pathname.split('/')[3]!;
      const link = `javascript:${ATTACK}`;
      const more = { id, title: `<b>${ATTACK}`, html: texts[Number(id.slice(-12))], link, commentsUrl: link };
      await route.fulfill({
        json: { ...template, ...more, enclosures: [{ url: link, type: 'audio/x', bytes: 1 }] },
      });
    });
    for (const n of texts.keys()) {
      await read(opened.page, idOf(n), `kept ${n}.`);
    }
    await expectNothingHappened(opened);
  }, 60_000);

  test('and a script or a style that got into the page would do nothing: the policy forbids it', async () => {
    const { page } = await openReader(setup);
    const refused = await page.evaluate(async () => {
      const violations: string[] = [];
      const two = new Promise<void>((resolve) =>
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
          if (violations.push(effectiveDirective.split('-', 1)[0]!) === 2) resolve();
        }),
      );
      const script = document.createElement('script');
      script.textContent = 'window.attacked = 1';
      const style = document.createElement('style');
      style.textContent = 'body { display: none }';
      document.body.append(script, style);
      await two;
      return violations.sort();
    });
    expect(refused).toEqual(['script', 'style']);
    expect(await page.evaluate(() => 'attacked' in window)).toBe(false);
  }, 30_000);
});
