import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { statusError } from './status-error.js';

const NOW = new Date('2026-03-01T12:00:00Z');

const errorFor = (status: number, headers: Record<string, string> = {}) =>
  statusError({ status, headers, url: 'https://example.com/secret?token=1', body: Readable.from([]) }, NOW);

describe('an HTTP status as an error', () => {
  test.each([304, 400, 401, 403, 404, 410, 451])('%i is permanent', (status) => {
    expect(errorFor(status)).toMatchObject({ code: `http-${status}`, retry: 'no' });
  });

  test.each([408, 425, 429, 500, 502, 503, 504, 599])('%i is tried again', (status) => {
    expect(errorFor(status)).toMatchObject({ code: `http-${status}`, retry: 'yes' });
  });

  test.each([
    ['120', new Date('2026-03-01T12:02:00Z')],
    ['Sun, 01 Mar 2026 13:00:00 GMT', new Date('2026-03-01T13:00:00Z')],
    ['99999999999', new Date('2026-03-02T12:00:00Z')],
    ['Sun, 01 Mar 2126 13:00:00 GMT', new Date('2026-03-02T12:00:00Z')],
    ['0', 'yes'],
    ['-5', 'yes'],
    ['Sun, 01 Mar 2020 13:00:00 GMT', 'yes'],
    ['soon', 'yes'],
  ])('Retry-After: %s', (value, retry) => {
    expect(errorFor(429, { 'retry-after': value }).retry).toEqual(retry);
  });

  test('names the host and the status, not the rest of the URL, and gives the body up', () => {
    const body = Readable.from(['x']);
    const error = statusError({ status: 404, headers: {}, url: 'https://example.com/a?token=1', body }, NOW);
    expect(error.message).toBe('example.com answered 404 (Not Found). Check the URL.');
    expect(body.destroyed).toBe(true);
  });
});
