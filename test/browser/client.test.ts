import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type * as ClientModule from '@offload/client';
import { startPages, type PagesSetup } from '../support/browser.js';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
/** The package as it is built, and its two dependencies: a page needs no bundler, as no module of Node is imported. */
const IMPORTS = {
  '@offload/client': '/libs/client/dist/client.js',
  'openapi-fetch': '/node_modules/openapi-fetch/dist/index.mjs',
  'eventsource-parser': '/node_modules/eventsource-parser/dist/index.js',
};
const PAGE = `<!doctype html><script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>`;

let setup: PagesSetup;
beforeAll(async () => {
  setup = await startPages('client', { echo: 1 });
}, 180_000);
afterAll(() => setup?.stop(), 60_000);

test('the client works in a browser: submit, events, wait, upload with progress, problems', async () => {
  const { apiUrl } = setup.system;
  const { page, errors } = await setup.open();
  await page.route(`${apiUrl}/{libs,node_modules}/**`, async (route) => {
    const body = await readFile(checkout + new URL(route.request().url()).pathname.slice(1), 'utf8');
    await route.fulfill({ body, contentType: 'text/javascript' });
  });
  await page.route(`${apiUrl}/own-page`, (route) => route.fulfill({ body: PAGE, contentType: 'text/html' }));
  await page.goto(`${apiUrl}/own-page`);
  const seen = await page.evaluate(async () => {
    const name = '@offload/client';
    const { createClient, ProblemError } = (await import(name)) as typeof ClientModule;
    const client = createClient({ baseUrl: location.origin });
    const handle = await client.systemEcho({ message: 'from a page' });
    const states: string[] = [];
    for await (const { state } of handle.events()) states.push(state);
    const { result } = await handle.wait({ timeoutMs: 20_000 });
    const told: (number | null)[][] = [];
    const file = new File(['x'.repeat(300_000)], 'page.txt', { type: 'text/plain' });
    const upload = await client.upload(file, { onProgress: (sent, total) => told.push([sent, total]) });
    const problem = await client
      .task('nobody')
      .task()
      .catch((error: unknown) => error);
    const refused = problem instanceof ProblemError ? problem.code : String(problem);
    return { last: states.at(-1), message: result.message, upload, told: told.at(-1), refused };
  });
  expect(seen).toMatchObject({
    last: 'succeeded',
    message: 'from a page',
    upload: { name: 'page.txt', type: 'text/plain', size: 300_000 },
    told: [300_000, 300_000],
    refused: 'task-not-found',
  });
  expect(errors).toEqual([]);
}, 180_000);
