import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import * as answers from '../../../test/support/origin.js';
import { withOrigin } from '../../../test/support/with-origin.js';
import type { Outbound, OutboundRequest } from './outbound.js';

const LIMITS: OutboundRequest = { deadlineMs: 5_000, maxBytes: 100_000 };

let origin: answers.Origin;
let outbound: Outbound;
withOrigin((started) => ({ origin, outbound } = started));

interface Mirrored {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** Follows a redirect to `/to` and answers what arrived there. */
async function follow(status: number, request: Partial<OutboundRequest>, to = '/to'): Promise<Mirrored> {
  const url = origin.serve('/from', answers.redirect(to, status));
  origin.serve('/to', answers.mirror());
  const response = await outbound.fetch(url, { ...LIMITS, ...request });
  return JSON.parse((await response.bytes()).toString()) as Mirrored;
}

describe('what is asked after a redirect', () => {
  const headers = { 'content-type': 'text/plain', 'x-kept': '1' };

  test.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'POST', 'GET', ''],
    [307, 'POST', 'POST', 'sent'],
    [308, 'POST', 'POST', 'sent'],
    [301, 'PUT', 'PUT', 'sent'],
    [302, 'PUT', 'PUT', 'sent'],
    [303, 'PUT', 'GET', ''],
    [307, 'PUT', 'PUT', 'sent'],
    [303, 'DELETE', 'GET', ''],
  ])('%i: %s becomes %s', async (status, method, then, body) => {
    const seen = await follow(status, { method, headers, body: 'sent' });
    expect(seen).toMatchObject({ method: then, body });
    expect(seen.headers['x-kept']).toBe('1');
    expect('content-type' in seen.headers).toBe(body !== '');
  });

  test.each([301, 302, 303, 307, 308])('%i: HEAD stays HEAD', async (status) => {
    const url = origin.serve('/from', answers.redirect('/to', status));
    origin.serve('/to', answers.bytes('x'));
    await (await outbound.fetch(url, { ...LIMITS, method: 'HEAD' })).bytes();
    expect(origin.requests.map(({ method }) => method)).toEqual(['HEAD', 'HEAD']);
  });

  test.each([300, 304, 305, 306])('%i is an answer, whatever its Location', async (status) => {
    const url = origin.serve('/from', answers.redirect('/to', status));
    const response = await outbound.fetch(url, LIMITS);
    await response.bytes();
    expect(response.status).toBe(status);
  });

  test('a stream can not be sent twice; a function makes another one', async () => {
    const stream = follow(307, { method: 'POST', body: Readable.from(['once']) });
    await expect(stream).rejects.toMatchObject({ code: 'bad-redirect', retry: 'no', sent: true });
    const again = await follow(307, { method: 'POST', body: () => Readable.from(['twice']) });
    expect(again.body).toBe('twice');
    const dropped = await follow(303, { method: 'POST', body: Readable.from(['once']) });
    expect(dropped).toMatchObject({ method: 'GET', body: '' });
  });

  test('personal headers stay with their origin, in whatever case they are named', async () => {
    const other = await answers.startOrigin();
    other.serve('/', answers.bytes('x'));
    const request = { ...LIMITS, headers: { AUTHORIZATION: 'k', 'X-Kept': '1' } };
    const here = origin.serve('/here', answers.redirect(`/there`));
    origin.serve('/there', answers.redirect(`${other.url}/`));
    await (await outbound.fetch(here, request)).bytes();
    expect(origin.requests[1]?.headers).toMatchObject({ authorization: 'k' });
    expect(other.requests[0]?.headers).toMatchObject({ 'x-kept': '1' });
    expect(other.requests[0]?.headers).not.toHaveProperty('authorization');
    await other.close();
  });

  test('a redirect can be had as it is', async () => {
    const url = origin.serve('/from', answers.redirect('/to', 307));
    const response = await outbound.fetch(url, { ...LIMITS, followRedirects: false });
    await response.bytes();
    expect(response).toMatchObject({ status: 307, url, redirects: [] });
    expect(response.headers.location).toBe('/to');
  });
});

describe('a Location', () => {
  test.each([
    ['absolute', () => `${origin.url}/to`, '/to'],
    ['a path', () => '/to', '/to'],
    ['relative', () => 'to', '/to'],
    ['relative with dots', () => './x/../to', '/to'],
    ['without a scheme', () => `//127.0.0.1:${origin.port}/to`, '/to'],
    ['with back slashes', () => `\\\\127.0.0.1:${origin.port}\\to`, '/to'],
    ['with a fragment', () => '/to#part', '/to'],
    ['a query only', () => '?to=1', '/from?to=1'],
    ['in UTF-8', () => '/tö', '/t%C3%B6'],
    ['percent-encoded', () => '/t%C3%B6', '/t%C3%B6'],
    ['with a stray percent sign', () => '/100%', '/100%'],
    ['with spaces', () => '/to there', '/to%20there'],
    ['with spaces around it', () => '  /to  ', '/to'],
    ['with quotes and angle brackets', () => '/"<to>"', '/%22%3Cto%3E%22'],
    ['upper-case scheme', () => `HTTP://127.0.0.1:${origin.port}/to`, '/to'],
    ['an address in another spelling', () => `http://0x7f000001:${origin.port}/to`, '/to'],
  ])('%s is followed', async (_form, location, path) => {
    origin.serve(path, answers.bytes('there'));
    const url = origin.serve('/from', answers.redirect(location()));
    const response = await outbound.fetch(url, LIMITS);
    expect((await response.bytes()).toString()).toBe('there');
    expect(origin.requests.at(-1)?.path).toBe(path);
  });

  test('in Latin-1 is followed as such', async () => {
    const wire = Buffer.from('HTTP/1.1 302 Found\r\nLocation: /t\xf6\r\nContent-Length: 0\r\n\r\n', 'latin1');
    origin.serve('/t%C3%B6', answers.bytes('there'));
    const response = await outbound.fetch(origin.serve('/from', answers.raw(wire)), LIMITS);
    expect((await response.bytes()).toString()).toBe('there');
  });

  test('that is empty leads nowhere', async () => {
    const response = await outbound.fetch(origin.serve('/from', answers.redirect('')), LIMITS);
    await response.bytes();
    expect(response.status).toBe(302);
  });

  test('twice the same is one', async () => {
    origin.serve('/to', answers.bytes('there'));
    const response = await outbound.fetch(origin.serve('/from', answers.redirects(['/to', '/to'])), LIMITS);
    expect((await response.bytes()).toString()).toBe('there');
  });

  test('twice and different is refused', async () => {
    const url = origin.serve('/from', answers.redirects(['/to', 'http://10.0.0.1/']));
    await expect(outbound.fetch(url, LIMITS)).rejects.toMatchObject({ code: 'bad-redirect', retry: 'no' });
    expect(origin.requests).toHaveLength(1);
  });

  test.each([
    ['file:///etc/passwd', 'invalid-url'],
    ['data:text/plain,x', 'invalid-url'],
    ['javascript:alert(1)', 'invalid-url'],
    ['ftp://example.com/', 'invalid-url'],
    ['http://user:secret@example.com/', 'invalid-url'],
    ['http://', 'invalid-url'],
    ['http://[::1', 'invalid-url'],
    ['/a\tb', 'invalid-url'],
    ['//169.254.169.254/', 'address-refused'],
    ['\\\\10.0.0.1\\', 'address-refused'],
    ['http://example.com:25/', 'address-refused'],
  ])('%j is refused, and it is said that something was sent', async (location, code) => {
    const url = origin.serve('/from', answers.redirect(location));
    await expect(outbound.fetch(url, LIMITS)).rejects.toMatchObject({ code, retry: 'no', sent: true });
    expect(origin.requests).toHaveLength(1);
  });

  test('to the other scheme is followed', async () => {
    const url = origin.serve('/from', answers.redirect(`https://127.0.0.1:${origin.port}/to`));
    // The origin speaks no TLS: that is what is found there.
    await expect(outbound.fetch(url, LIMITS)).rejects.toMatchObject({ code: 'tls-failed' });
  });

  test('that is another one each time ends at the limit', async () => {
    const urls = Array.from({ length: 7 }, (_, n) => (n === 0 ? '/maze' : `/maze?${n}`));
    urls.forEach((path) => origin.serve(path, answers.redirectMaze()));
    await expect(outbound.fetch(`${origin.url}/maze`, LIMITS)).rejects.toMatchObject({
      code: 'too-many-redirects',
    });
    expect(origin.requests).toHaveLength(6);
  });
});
