import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TaskError } from '@offload/contracts/errors';
import { startOrigin } from '../../../test/support/origin.js';
import { createOutbound } from './create-outbound.js';
import type { Outbound } from './outbound.js';

const LIMITS = { deadlineMs: 5_000, maxBytes: 100_000 };
const failing = (code: string, retry: 'yes' | 'no') => expect.objectContaining({ code, retry });

let outbound: Outbound;
beforeEach(() => {
  outbound = createOutbound({ allow: ['loopback'], connectTimeoutMs: 300 });
});
afterEach(() => outbound.close());

describe('no connection:', () => {
  test('a closed port', async () => {
    const gone = await startOrigin();
    await gone.close();
    await expect(outbound.fetch(gone.url, LIMITS)).rejects.toEqual(failing('connect-failed', 'yes'));
    const named = outbound.fetch(`http://localhost:${gone.port}/`, LIMITS);
    await expect(named).rejects.toEqual(failing('connect-failed', 'yes'));
  });

  test('a server that does not speak TLS', async () => {
    const origin = await startOrigin();
    const url = `https://127.0.0.1:${origin.port}/`;
    await expect(outbound.fetch(url, LIMITS)).rejects.toEqual(failing('tls-failed', 'no'));
    await origin.close();
  });

  test('a server that accepts and then leaves the TLS handshake hanging', async () => {
    const { server, sockets } = await silentServer();
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await expect(outbound.fetch(url, LIMITS)).rejects.toEqual(failing('timeout', 'yes'));
    sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => server.close(resolve));
  });

  test.each([
    ['ENOTFOUND', 'host-not-found'],
    ['ENODATA', 'host-not-found'],
    ['EAI_AGAIN', 'dns-failed'],
    ['ESERVFAIL', 'dns-failed'],
    ['ETIMEOUT', 'dns-failed'],
  ])('a name server that answers %s', async (errno, code) => {
    const error = Object.assign(new Error('query failed at 10.0.0.53'), { code: errno });
    const lost = createOutbound({ resolve: () => Promise.reject(error) });
    const failure = (await lost.fetch('http://lost.example/', LIMITS).catch((e: unknown) => e)) as TaskError;
    expect(failure).toEqual(failing(code, 'yes'));
    expect(failure.message).toContain('lost.example');
    expect(failure.message).not.toContain('10.0.0.53');
    await lost.close();
  });

  async function silentServer(): Promise<{ server: Server; sockets: Socket[] }> {
    const sockets: Socket[] = [];
    const server = createServer((socket) => void sockets.push(socket.on('error', () => {})));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { server, sockets };
  }
});
