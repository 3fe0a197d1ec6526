import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startPages, type PagesSetup } from '../support/browser.js';

let setup: PagesSetup;
beforeAll(async () => {
  setup = await startPages('hostile-upload');
}, 180_000);
afterAll(() => setup?.stop(), 60_000);

/** Tells the page that shows it, and the storage of this origin, that it ran. */
const SCRIPT = 'localStorage.setItem("ran", "yes"); parent.postMessage("ran", "*")';

async function upload(name: string, type: string, body: string): Promise<string> {
  const answer = await fetch(`${setup.system.apiUrl}/v1/files?name=${name}`, {
    method: 'POST',
    headers: { 'Content-Type': type },
    body,
  });
  const { links } = (await answer.json()) as { links: { content: string } };
  return links.content;
}

test('an uploaded HTML, SVG or script file runs nothing as this origin, however it is opened', async () => {
  const files = [
    await upload('a.html', 'text/html', `<!doctype html><script>${SCRIPT}</script>`),
    await upload(
      'b.svg',
      'image/svg+xml',
      `<svg xmlns="http://www.w3.org/2000/svg"><script>${SCRIPT}</script></svg>`,
    ),
    await upload('c.txt', 'text/plain', `<!doctype html><script>${SCRIPT}</script>`),
    await upload('d.png', 'image/png', `<!doctype html><script>${SCRIPT}</script>`),
    await upload('e.js', 'text/javascript', SCRIPT),
    await upload(
      'f.xhtml',
      'application/xhtml+xml',
      `<html xmlns="http://www.w3.org/1999/xhtml"><script>${SCRIPT}</script></html>`,
    ),
  ];
  const { page } = await setup.open({ path: '/docs/errors' });
  // As far as an injected element of a page of ours could go.
  const ran = await page.evaluate(async (addresses) => {
    let messages = 0;
    addEventListener('message', () => (messages += 1));
    for (const address of addresses)
      for (const tag of ['iframe', 'img', 'script', 'object', 'embed']) {
        const element = document.createElement(tag);
        const settled = new Promise((resolve) => {
          for (const event of ['load', 'error']) element.addEventListener(event, resolve);
          setTimeout(resolve, 500);
        });
        element.setAttribute(tag === 'object' ? 'data' : 'src', address);
        document.body.append(element);
        await settled;
      }
    return { messages, stored: localStorage.getItem('ran') };
  }, files);
  expect(ran).toEqual({ messages: 0, stored: null });
  // And opened as pages: downloaded, or shown without their scripts.
  for (const address of files) await page.goto(setup.system.apiUrl + address).catch(() => undefined);
  await page.goto(`${setup.system.apiUrl}/docs/errors`);
  expect(await page.evaluate(() => localStorage.getItem('ran'))).toBeNull();
}, 180_000);
