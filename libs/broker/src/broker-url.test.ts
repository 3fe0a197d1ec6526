import { expect, test } from '@jest/globals';
import { brokerUrl, explainConnectFailure } from './broker-url.js';

const failure = (message: string, code?: string) => Object.assign(new Error(message), { code });
const url = brokerUrl('amqp://ann:s3cret@rabbit:5673/shop', 10);

test('the heartbeat is set unless the URL says another', () => {
  expect(url.href).toContain('heartbeat=10');
  expect(brokerUrl('amqp://h/?heartbeat=60', 10).href).toContain('heartbeat=60');
});

test('what is shown has host, port and vhost, and never the password', () => {
  expect(url.shown).toBe('rabbit:5673/shop');
  expect(brokerUrl('amqp://ann:s3cret@rabbit', 10).shown).toBe('rabbit:5672');
  expect(brokerUrl('amqps://rabbit/', 10).shown).toBe('rabbit:5671');
});

test('an encoded vhost is read as AMQP means it', () => {
  expect(brokerUrl('amqp://h/%2Fshop', 10).vhost).toBe('/shop');
});

test.each(['', 'rabbit', 'http://rabbit:5672', 'amqp://'])('%p is refused with an example', (text) => {
  expect(() => brokerUrl(text, 10)).toThrow('amqp://user:password@host:5672/vhost');
});

test.each([
  [failure('Handshake terminated by server: 403 (ACCESS-REFUSED) …'), /refuses user 'ann'.*password/],
  [failure('Expected ConnectionOpenOk; got <ConnectionClose channel:0>'), /add_vhost/],
  [failure('connect ECONNREFUSED 127.0.0.1:5673', 'ECONNREFUSED'), /No broker listens at rabbit:5673/],
  [failure('getaddrinfo ENOTFOUND rabbit', 'ENOTFOUND'), /host name .* is not known/],
  [failure('Socket closed abruptly during opening handshake'), /not an AMQP port/],
  [failure('connect ETIMEDOUT'), /does not answer/],
  [failure('something new'), /something new/],
])('%s is explained with what to do', (error, words) => {
  expect(explainConnectFailure(error, url)).toMatch(words);
});
