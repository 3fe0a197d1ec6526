import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { redactor } from './redact.js';

const VALUE = 'p"ss/w rd+value=1';
const echo = redactor([{ name: 'shop', values: [VALUE] }]);
const base64 = Buffer.from(VALUE).toString('base64');

describe('a secret is redacted', () => {
  test.each([
    ['as it is', VALUE],
    ['as in JSON', JSON.stringify(VALUE).slice(1, -1)],
    ['percent-encoded', encodeURIComponent(VALUE)],
    ['as in a form', new URLSearchParams({ a: VALUE }).toString().slice(2)],
    ['in base64', base64],
    ['in base64 without its padding', base64.replace(/=+$/, '')],
    ['in base64url', Buffer.from(VALUE).toString('base64url')],
  ])('%s', (_how, form) => {
    const clean = echo.text(`<${form}> and <${form}>`);
    expect(clean).toContain('<[secret:shop]');
    expect(clean).not.toContain(form.replace(/=+$/, ''));
  });

  test('wherever the chunks of a stream are cut, and nothing else is changed', async () => {
    const binary = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
    const whole = Buffer.concat([binary, Buffer.from(VALUE), binary, Buffer.from(VALUE + VALUE)]);
    const mark = Buffer.from('[secret:shop]');
    const expected = Buffer.concat([binary, mark, binary, mark, mark]);
    for (const size of [1, 2, 7, 16, 17, 18, 100, whole.length]) {
      const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, n) =>
        whole.subarray(n * size, (n + 1) * size),
      );
      const clean = await buffer(Readable.from(chunks, { objectMode: false }).pipe(echo.stream()));
      expect(clean.equals(expected)).toBe(true);
    }
  });

  test('when one is a part of the other, as the longer one', () => {
    const both = redactor([
      { name: 'short', values: ['12345678'] },
      { name: 'long', values: ['1234567890'] },
    ]);
    expect(both.text('1234567890 12345678')).toBe('[secret:long] [secret:short]');
  });
});

test('without secrets nothing is changed', () => {
  expect(redactor([])).toMatchObject({ active: false });
  expect(redactor([]).text('text')).toBe('text');
});

test('an answer that is made of nothing else costs no more than others', async () => {
  const body = Buffer.alloc(4 * 1024 ** 2, VALUE);
  const began = performance.now();
  await buffer(Readable.from([body], { objectMode: false }).pipe(echo.stream()));
  expect(performance.now() - began).toBeLessThan(2_000);
});
