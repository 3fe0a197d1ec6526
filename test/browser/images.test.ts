import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startPages, type PagesSetup } from '../support/browser.js';
import { plain } from '../support/images.js';
import { faultsOfLooks } from '../support/looks.js';
import { bytes } from '../support/origin.js';
import { createTestBucket, type TestBucket } from '../support/s3.js';

let setup: PagesSetup;
let bucket: TestBucket;
let photo: Buffer;
beforeAll(async () => {
  bucket = await createTestBucket('images');
  photo = await plain('#c04020', 1_000, 600).png({ compressionLevel: 0 }).toBuffer();
  const workers = { 'image-resizer': 1, 's3-uploader': 1 };
  setup = await startPages('images', workers, { S3_BUCKETS: bucket.name });
}, 90_000);
afterAll(async () => {
  await setup?.stop();
  await bucket?.remove();
}, 60_000);

const card = (page: Page, name: string) => page.getByRole('article', { name });

test('a file becomes variants that are compared with it, and goes to S3 by a task that waits for them', async () => {
  const { page, errors, foreign } = await setup.open({ path: '/images' });
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).press('Enter');
  await (await chooser).setFiles({ name: 'photo.png', mimeType: 'image/png', buffer: photo });
  const job = card(page, 'photo.png');
  await job.getByText('succeeded').waitFor();
  await job.getByText('1000 × 600 · png').waitFor();
  await job.getByText('640 × 384 · webp').waitFor();
  expect(await job.getByText(/smaller$/).count()).toBe(3);
  const shown = job.getByRole('img', { name: 'w320.webp, 320 by 192 pixels' });
  expect(
    await shown.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)),
  ).toBe(320);
  const download = page.waitForEvent('download');
  await job.getByRole('link', { name: 'Download w320.webp' }).click();
  expect((await download).suggestedFilename()).toBe('w320.webp');

  await job.getByRole('button', { name: 'Send to S3' }).click();
  await job.getByLabel('Bucket').fill(bucket.name);
  await job.getByLabel('Key', { exact: true }).fill('made/{name}');
  await page.keyboard.press('Enter');
  const objects = job.getByRole('list', { name: 'Objects in S3' });
  await objects.getByRole('link', { name: 'made/w1280.webp' }).waitFor();
  expect(await job.getByRole('link', { name: 'The upload’s task' }).getAttribute('href')).toMatch(
    /^\/tasks\//,
  );
  expect(await faultsOfLooks(page, 'images')).toEqual([]);
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
}, 90_000);

test('a URL that is pasted is fetched by the server, with the variants that are chosen', async () => {
  const { page } = await setup.open({ path: '/images' });
  const url = setup.origin.serve('/logo.png', bytes(photo, { 'content-type': 'image/png' }));
  await page.getByRole('button', { name: /^Card for a link/ }).click();
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  }, url);
  const job = card(page, url);
  await job.getByText(/ · jpeg$/).waitFor();
  // Once more with another set: nothing is uploaded or asked for by hand.
  await page.getByRole('button', { name: /^Thumbnails/ }).click();
  await job.getByRole('button', { name: 'Make the chosen variants of it' }).click();
  await page.getByText('64 × 64 · webp').waitFor();
}, 60_000);

test('a file that is no image, a row that is not right, and a bucket that is not allowed are told in words', async () => {
  const { page } = await setup.open({ path: '/images' });
  await page.setInputFiles('input[type=file]', {
    name: 'notes.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('no image'),
  });
  await card(page, 'notes.txt').getByText('not-an-image').waitFor();
  await page.getByRole('listitem', { name: 'Variant 1' }).getByLabel('Width').fill('0');
  await page.setInputFiles('input[type=file]', { name: 'photo.png', mimeType: 'image/png', buffer: photo });
  await page.getByText('A variant is not right').waitFor();
  expect(await card(page, 'photo.png').count()).toBe(0);
  await page.getByRole('button', { name: /^For a web page/ }).click();
  await page.setInputFiles('input[type=file]', { name: 'photo.png', mimeType: 'image/png', buffer: photo });
  const job = card(page, 'photo.png');
  await job.getByRole('button', { name: 'Send to S3' }).click();
  await job.getByLabel('Bucket').fill('not-this-one');
  await page.keyboard.press('Enter');
  await job.getByText('target-not-allowed').waitFor();
}, 60_000);
