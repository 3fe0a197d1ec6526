import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApiWithoutBroker, type OwnApi } from '../../../test/support/own-api.js';

let api: OwnApi;
beforeAll(async () => {
  api = await startApiWithoutBroker('api-downloads');
});
afterAll(() => api.remove());

async function roundTrip(name: string, type: string, body = '<script>alert(1)</script>') {
  const expireAt = new Date(Date.now() + 60_000);
  const { id } = await api.store.files.save({ owner: 'local', name, type, expireAt }, Buffer.from(body));
  return fetch(`${api.url}/v1/files/${id}/content`);
}

describe('a file of a stranger cannot act as this server', () => {
  test.each([
    'text/html',
    'text/html; charset=utf-7',
    'TEXT/HTML',
    'image/svg+xml',
    'application/xhtml+xml',
    'application/xml',
    'text/xml',
    'application/pdf',
    'text/javascript',
    'application/octet-stream',
    'x/y\r\nX-Injected: 1',
    '',
  ])('%j is downloaded, not shown', async (type) => {
    const { headers } = await roundTrip('a file', type);
    expect(headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-injected')).toBeNull();
  });

  test.each(['text/javascript', 'Application/JavaScript; charset=utf-8', 'text/x-ecmascript', 'text/css'])(
    '%s is not loaded by pages of this server: it comes as mere bytes',
    async (type) => {
      const { headers } = await roundTrip('a.js', type);
      expect(headers.get('content-type')).toBe('application/octet-stream');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  test.each(['image/png', 'image/jpeg', 'application/json', 'text/plain'])(
    '%s is shown, as what it says that it is and in a sandbox',
    async (type) => {
      const { headers } = await roundTrip('a.html', type);
      expect(headers.get('content-disposition')).toMatch(/^inline;/);
      expect(headers.get('content-type')).toMatch(type);
      expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    },
  );
});

// RFC 6266, RFC 8187: what is not Latin-1 goes into filename*, and the quotes cannot be left.
test.each([
  ['photo.png', 'attachment; filename=photo.png'],
  ['a"b.txt', String.raw`attachment; filename="a\"b.txt"`],
  ['a\\b', String.raw`attachment; filename="a\\b"`],
  [
    'наклейка.png',
    'attachment; filename="????????.png"; filename*=UTF-8\'\'%D0%BD%D0%B0%D0%BA%D0%BB%D0%B5%D0%B9%D0%BA%D0%B0.png',
  ],
  [
    'a\r\nSet-Cookie: x=1',
    `attachment; filename="a??Set-Cookie: x=1"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x%3D1`,
  ],
  ['../../etc/passwd', 'attachment; filename=passwd'],
  ['x; filename=evil.exe', 'attachment; filename="x; filename=evil.exe"'],
  ['%41.png', "attachment; filename=%41.png; filename*=UTF-8''%2541.png"],
])('the name %j comes as %s', async (name, expected) => {
  const { status, headers } = await roundTrip(name, 'application/zip');
  expect(status).toBe(200);
  expect(headers.get('content-disposition')).toBe(expected);
  expect(headers.get('set-cookie')).toBeNull();
});
