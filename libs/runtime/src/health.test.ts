import { expect, test } from '@jest/globals';
import { serveHealth } from './health.js';

test('alive is not ready: /readyz names what is missing, /healthz answers all the same', async () => {
  let broker = false;
  const health = await serveHealth({
    host: '127.0.0.1',
    port: 0,
    checks: {
      broker: () => broker,
      database: async () => true,
      store: () => {
        if (!broker) throw new Error('a check that fails counts as false');
        return true;
      },
    },
  });
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${health.port}${path}`);
    return { status: response.status, body: (await response.json()) as unknown };
  };
  try {
    await expect(get('/healthz')).resolves.toMatchObject({ status: 200 });
    await expect(get('/readyz')).resolves.toEqual({
      status: 503,
      body: { ready: false, checks: { broker: false, database: true, store: false } },
    });
    broker = true;
    await expect(get('/readyz')).resolves.toMatchObject({ status: 200, body: { ready: true } });
    await expect(get('/other')).resolves.toMatchObject({ status: 404 });
  } finally {
    await health.close();
  }
});
