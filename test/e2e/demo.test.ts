import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { claimBase, publishEnvironment, releaseBase } from '../../infra/local/running-system.mjs';
import { startSystem, type System } from '../support/system.js';

const DEMO = fileURLToPath(new URL('../../infra/local/demo.mjs', import.meta.url));

let system: System;
let base: string;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'offload-demo-'));
  system = await startSystem({
    label: 'demo',
    processes: {
      web: 1,
      clock: 1,
      echo: 1,
      'feed-fetcher': 1,
      'http-fetcher': 1,
      'image-resizer': 1,
      's3-uploader': 1,
    },
  });
}, 60_000);

afterAll(async () => {
  await system?.stop();
  await rm(base, { recursive: true, force: true });
}, 60_000);

/** `npm run demo` for the system of the base folder, without a terminal. */
function runDemo(): Promise<{ code: number | string; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [DEMO, base], { timeout: 90_000 }, (error, stdout) => {
      resolve({ code: error?.code ?? 0, output: stdout });
    });
  });
}

test('without a running system, the demo says to start it and fails', async () => {
  const { code, output } = await runDemo();
  expect(output).toContain('run `npm start` in another terminal');
  expect(code).toBe(1);
}, 30_000);

test.each([
  {
    what: 'is not there',
    answer: (request: IncomingMessage) => void request.socket.destroy(),
    says: 'does not answer',
  },
  {
    what: 'has no database',
    answer: (_request: IncomingMessage, response: ServerResponse) =>
      void response.writeHead(503).end('{"detail":"Nothing was done. Try again in a few seconds."}'),
    says: 'Nothing was done.',
  },
])(
  'with an API that $what, the demo says so and fails',
  async ({ answer, says }) => {
    const api = createServer(answer).listen(0, '127.0.0.1');
    await once(api, 'listening');
    claimBase(base);
    try {
      publishEnvironment(base, { API_URL: `http://127.0.0.1:${(api.address() as AddressInfo).port}` }, {});
      const { code, output } = await runDemo();
      expect(output).toContain(says);
      expect(code).toBe(1);
    } finally {
      releaseBase(base);
      api.close();
    }
  },
  30_000,
);

test('the demo puts one task of each type through, and says where their results are', async () => {
  claimBase(base);
  try {
    publishEnvironment(base, { API_URL: system.apiUrl, S3_ENDPOINT: process.env.S3_ENDPOINT }, {});
    const { code, output } = await runDemo();
    expect(output).toContain('All 5 tasks succeeded');
    expect(code).toBe(0);

    const urls = output.match(/http:\/\/\S+/g) ?? [];
    expect(urls.filter((url) => /\/v1\/tasks\/[^/]+$/.test(url))).toHaveLength(5);
    const files = urls.filter((url) => url.includes('/files/'));
    const types = await Promise.all(files.map(async (url) => (await fetch(url)).headers.get('content-type')));
    expect(types).toEqual(['image/webp', 'image/jpeg', 'image/avif']);
  } finally {
    releaseBase(base);
  }
}, 120_000);
