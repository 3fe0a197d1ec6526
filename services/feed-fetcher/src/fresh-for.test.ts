import { expect, test } from '@jest/globals';
import { freshFor } from './fresh-for.js';

const date = 'Wed, 01 May 2024 12:00:00 GMT';

test.each<[Record<string, string>, number | null]>([
  [{}, null],
  [{ 'cache-control': 'max-age=600' }, 600_000],
  [{ 'cache-control': 'public, Max-Age="600"' }, 600_000],
  [{ 'cache-control': 'private, max-age=600' }, 600_000],
  [{ 'cache-control': 'max-age=600', age: '100' }, 500_000],
  [{ 'cache-control': 'max-age=600', age: '1000' }, 0],
  [{ 'cache-control': 'max-age=600', date, expires: date }, 600_000],
  [{ 'cache-control': 'no-cache' }, 0],
  [{ 'cache-control': 'no-store, max-age=600' }, 0],
  [{ 'cache-control': 'public' }, null],
  [{ 'cache-control': 'max-age=soon' }, 0],
  [{ date, expires: 'Wed, 01 May 2024 13:00:00 GMT' }, 3_600_000],
  [{ date, expires: date }, 0],
  [{ date, expires: '0' }, 0],
  [{ date, expires: '-1' }, 0],
  [{ date, 'last-modified': 'Wed, 01 May 2019 12:00:00 GMT' }, null],
])('%j is fresh for %j ms', (headers, ms) => expect(freshFor(headers)).toBe(ms));
