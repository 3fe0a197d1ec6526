import { once } from 'node:events';
import net from 'node:net';
import { expect, test } from '@jest/globals';
import { within } from '../../../test/support/within.js';
import { serve } from './serve.js';

test('a port that is taken is said, with what to do', async () => {
  const first = await serve(() => {}, { host: '127.0.0.1', port: 0 });
  const port = Number(new URL(first.url).port);
  await expect(serve(() => {}, { host: '127.0.0.1', port })).rejects.toThrow(`Port ${port} is taken`);
  await first.close();
});

test('an address that this machine does not have is said, with what to do', async () => {
  // TEST-NET-1 (RFC 5737): nobody has it.
  await expect(serve(() => {}, { host: '192.0.2.1', port: 0 })).rejects.toThrow('set HOST');
});

test('a connection that was opened ahead and never used does not hold up the stop', async () => {
  const serving = await serve((_request, response) => response.end(), { host: '127.0.0.1', port: 0 });
  const socket = net.connect(Number(new URL(serving.url).port), '127.0.0.1');
  await once(socket, 'connect');
  const gone = once(socket, 'close');
  await within(5_000, serving.close(), 'the stop');
  await gone;
});
