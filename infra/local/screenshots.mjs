// @ts-check
// `npm run screenshots`: the pictures of the README and of docs/web-app.md, from the running system and the demo's data.
// An argument names the base folder of another system than that of `npm start`.

import { mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from './chromium.mjs';
import { failureText, SetupFailure } from './failure.mjs';
import { checkout, defaultBase } from './folders.mjs';
import { runningEnvironment } from './running-system.mjs';

const FOLDER = join(checkout, 'docs/images');
/** Milliseconds for a page's first numbers. */
const LIMIT = 30_000;

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 740 };

/** @typedef {{ name: string, path: string, viewport: typeof DESKTOP, colorScheme: 'light' | 'dark' }} Picture */

/** @type {Picture[]} */
const PICTURES = [
  { name: 'overview', path: '/', viewport: DESKTOP, colorScheme: 'light' },
  { name: 'tasks', path: '/tasks', viewport: DESKTOP, colorScheme: 'dark' },
  { name: 'task-phone', path: '/tasks/{task}', viewport: PHONE, colorScheme: 'dark' },
  { name: 'reader', path: '/reader', viewport: DESKTOP, colorScheme: 'light' },
];

process.exitCode = await main();

/** @returns {Promise<number>} the exit code */
async function main() {
  try {
    await takeAll(runningApi());
    return 0;
  } catch (error) {
    process.stdout.write(`${failureText(error)}\n`);
    return 1;
  }
}

/** @returns {{ base: string, apiUrl: string }} */
function runningApi() {
  const base = resolve(process.argv[2] ?? defaultBase);
  const apiUrl = process.env['API_URL'] ?? runningEnvironment(base)?.['API_URL'];
  if (apiUrl) return { base, apiUrl };
  throw new SetupFailure(
    'Pictures are taken of a running system',
    'None runs from this checkout with its API.',
    ['run `npm start` in another terminal and `npm run demo` in this one, then run this again'],
  );
}

/** @param {{ base: string, apiUrl: string }} system */
async function takeAll({ base, apiUrl }) {
  const signal = new AbortController().signal;
  const log = join(base, 'log', 'install-chromium.log');
  const executablePath = await findChromium(process.env, { signal, note: () => undefined, logFile: log });
  const task = await anEndedTask(apiUrl);
  mkdirSync(FOLDER, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    for (const picture of PICTURES) {
      const file = await take(browser, apiUrl, { ...picture, path: picture.path.replace('{task}', task) });
      process.stdout.write(`${file} (${Math.round(statSync(file).size / 1_000)} kB)\n`);
    }
  } finally {
    await browser.close();
  }
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} apiUrl
 * @param {Picture} picture
 * @returns {Promise<string>} the file
 */
async function take(browser, apiUrl, { name, path, viewport, colorScheme }) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(apiUrl + path);
  await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor({ timeout: LIMIT });
  await page.locator('main:not(:has(.loading))').waitFor({ timeout: LIMIT });
  const file = join(FOLDER, `${name}.png`);
  await page.screenshot({ path: file });
  await context.close();
  return file;
}

/**
 * @param {string} apiUrl
 * @returns {Promise<string>} the id of one with pictures to see
 */
async function anEndedTask(apiUrl) {
  const response = await fetch(`${apiUrl}/v1/tasks?type=image.resize&state=succeeded&limit=1`);
  const { items } = /** @type {{ items: { id: string }[] }} */ (await response.json());
  const [first] = items;
  if (first) return first.id;
  throw new SetupFailure('There is nothing to take pictures of', 'The system has no images yet.', [
    'run `npm run demo`, then this again',
  ]);
}
