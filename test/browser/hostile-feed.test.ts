import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fetchFeed, startReader, type OpenReader, type ReaderSetup } from '../support/browser.js';
import { feedAnswer, rss } from './sample-feed.js';

let setup: ReaderSetup;

beforeAll(async () => {
  setup = await startReader('hostile');
}, 60_000);

afterAll(() => setup?.stop(), 60_000);

const ATTACK = 'window.attacked=1;alert(1)';

/** Ways to run a script, to send a request, or to cover the page; `%` stands before each for what must stay. */
const hostileHtml = [
  `<script>${ATTACK}</script>`,
  `<script src="https://evil.example/x.js"></script>`,
  `<img src="x" onerror="${ATTACK}">`,
  `<img src="https://evil.example/pixel.gif?who" srcset="https://evil.example/2x.gif 2x">`,
  `<svg onload="${ATTACK}"><script>${ATTACK}</script><a xlink:href="javascript:${ATTACK}"><text>x</text></a></svg>`,
  `<math><mtext><table><mglyph><style><img src=x onerror="${ATTACK}"></style></mglyph></table></mtext></math>`,
  `<svg></p><style><a id="</style><img src=x onerror=${ATTACK}>">`,
  `<noscript><p title="</noscript><img src=x onerror=${ATTACK}>"></noscript>`,
  `<a href="javascript:${ATTACK}">one</a><a href="java&#10;script:${ATTACK}">two</a>`,
  `<a href=" &#1; javascript:${ATTACK}">three</a><a href="data:text/html,<script>${ATTACK}</script>">four</a>`,
  `<iframe src="https://evil.example/"></iframe><iframe srcdoc="<script>parent.attacked=1</script>"></iframe>`,
  `<object data="https://evil.example/"></object><embed src="https://evil.example/">`,
  `<video src="https://evil.example/v.mp4" poster="https://evil.example/p.png" autoplay></video>`,
  `<audio src="https://evil.example/a.mp3" autoplay onplay="${ATTACK}"></audio>`,
  `<form action="https://evil.example/"><input name="q" autofocus onfocus="${ATTACK}"><button>go</button></form>`,
  `<style>body{background:url(https://evil.example/bg.png)}</style><link rel="stylesheet" href="https://evil.example/">`,
  `<meta http-equiv="refresh" content="0;url=https://evil.example/"><base href="https://evil.example/">`,
  `<p style="position:fixed;inset:0;background:url(https://evil.example/s.png)" onclick="${ATTACK}">covering</p>`,
  `<details open ontoggle="${ATTACK}"><summary>more</summary></details>`,
  `<p id="url" class="skip" name="ask">clobbering</p><template><img src=x onerror="${ATTACK}"></template>`,
  `<xmp><img src=x onerror="${ATTACK}"></xmp><plaintext><img src=x onerror="${ATTACK}">`,
];

const items = hostileHtml.map((html, index) => ({
  title: `Entry ${index} <img src=x onerror="${ATTACK}">`,
  author: `<script>${ATTACK}</script>`,
  link: index % 2 ? `javascript:${ATTACK}` : 'https://blog.example/',
  html: `<p>kept ${index}</p>${html}`,
}));

/** What no entry may leave in the page, each as `name: markup`. Runs in the page. */
function dangerous(): string[] {
  const found: string[] = [];
  const feed = document.getElementById('feed')!;
  const tags =
    'script,style,iframe,img,image,svg,math,object,embed,video,audio,form,input,link,meta,base,template,source';
  for (const element of feed.querySelectorAll(tags)) found.push(`element: ${element.outerHTML}`);
  for (const element of feed.querySelectorAll('.content, .content *, h2 *, h3 *, .byline *')) {
    for (const { name } of element.attributes) {
      if (/^on|^style$|^src|^srcset$|^name$/.test(name)) found.push(`attribute: ${element.outerHTML}`);
    }
  }
  for (const link of feed.querySelectorAll('a')) {
    if (!/^(https?|mailto):/.test(link.href)) found.push(`link: ${link.outerHTML}`);
  }
  for (const element of feed.querySelectorAll('.content *')) {
    if (element.id) found.push(`id: ${element.outerHTML}`);
  }
  return found;
}

/** Uses the page as a reader would: opens everything, presses the links that go nowhere else. */
async function expectHarmless({ page, dialogs, foreign, errors }: OpenReader): Promise<void> {
  await page.getByRole('article').last().waitFor();
  for (const [index] of items.entries()) {
    expect(await page.getByText(`kept ${index}`, { exact: true }).count()).toBe(1);
  }
  for (const text of ['one', 'two', 'three', 'four', 'covering']) {
    for (const element of await page.getByText(text, { exact: true }).all()) await element.click();
  }
  expect(await page.evaluate(dangerous)).toEqual([]);
  expect(await page.evaluate(() => 'attacked' in window)).toBe(false);
  expect(dialogs).toEqual([]);
  expect(foreign).toEqual([]);
  expect(errors).toEqual([]);
  expect(page.url().startsWith(setup.system.apiUrl)).toBe(true);
}

describe('P7 for the reader: a hostile feed cannot script the page, style it, or make it ask another host', () => {
  test('as it comes through the worker', async () => {
    const opened = await setup.open();
    const url = setup.origin.serve('/hostile.xml', feedAnswer(rss(`Evil ${items[0]!.title}`, items)));
    await fetchFeed(opened.page, url);
    await expectHarmless(opened);
  }, 60_000);

  test('even if the worker had let all of it through', async () => {
    const opened = await setup.open();
    const url = setup.origin.serve('/through.xml', feedAnswer(rss('Through', items)));
    await opened.page.route('**/v1/tasks/*', async (route) => {
      const response = await route.fetch();
      const task = (await response.json()) as {
        result: { entries: { html: string; link: string }[] } | null;
      };
      for (const [index, entry] of task.result?.entries.entries() ?? []) {
        Object.assign(entry, { html: items[index]!.html, link: items[index]!.link });
      }
      await route.fulfill({ response, json: task });
    });
    await fetchFeed(opened.page, url);
    await expectHarmless(opened);
  }, 60_000);

  test('and a script that got into the page would not run: the policy forbids it', async () => {
    const { page } = await setup.open();
    const refused = await page.evaluate(async () => {
      const violation = new Promise<string>((resolve) =>
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
          once: true,
        }),
      );
      const script = document.createElement('script');
      script.textContent = 'window.attacked = 1';
      document.body.append(script);
      return violation;
    });
    expect(refused).toMatch(/^script-src/);
    expect(await page.evaluate(() => 'attacked' in window)).toBe(false);
  }, 30_000);
});
