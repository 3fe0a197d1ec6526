import { describe, expect, test } from '@jest/globals';
import { HTTP_LIMITS } from '@offload/contracts/http-fetch';
import { parseJson } from './parse-json.js';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const code = (text: string): string | undefined => {
  try {
    parseJson(text);
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
};

describe('numbers that JavaScript cannot hold keep their digits as strings', () => {
  test.each<[string, unknown, number]>([
    ['{"id":9007199254740993}', { id: '9007199254740993' }, 1],
    ['[9007199254740991,-9007199254740991]', [9007199254740991, -9007199254740991], 0],
    ['[9007199254740992]', ['9007199254740992'], 1],
    ['[-12345678901234567890, 1152921504606846976]', ['-12345678901234567890', '1152921504606846976'], 2],
    ['{"a":1e400,"b":-1e400,"c":1e300}', { a: '1e400', b: '-1e400', c: 1e300 }, 2],
    ['[3.141592653589793238462643]', [3.141592653589793], 0],
    ['["9007199254740993", "\\"9007199254740993"]', ['9007199254740993', '"9007199254740993'], 0],
    ['{"9007199254740993\\\\":9007199254740993}', { '9007199254740993\\': '9007199254740993' }, 1],
    ['9007199254740993', '9007199254740993', 1],
    ['[0,-0,1.5e3,10,123456789012345]', [0, -0, 1500, 10, 123456789012345], 0],
  ])('%s', (text, value, bigNumbers) => {
    expect(parseJson(text)).toEqual({ value, bigNumbers });
  });
});

describe('JSON is taken as RFC 8259 has it', () => {
  test.each<[string, string]>([
    ['', 'not-json'],
    [' \n', 'not-json'],
    ['<!doctype html>', 'not-json'],
    ['{"a":NaN}', 'not-json'],
    ['[Infinity]', 'not-json'],
    ['{a:1}', 'not-json'],
    ['[1,]', 'not-json'],
    ['[1] x', 'not-json'],
    ['// c\n1', 'not-json'],
    ["['a']", 'not-json'],
    ['[01]', 'not-json'],
    ['[9007199254740993-1]', 'not-json'],
    ['[12345678901234567890.]', 'not-json'],
    ['[-]', 'not-json'],
    ['"abc', 'not-json'],
    ['"abc\\', 'not-json'],
    ['{"a":1', 'not-json'],
    [nested(HTTP_LIMITS.depth + 1), 'json-too-deep'],
    ['{"a":'.repeat(100_000), 'json-too-deep'],
    ['{"a\\u0000b":1}', 'json-not-storable'],
    ['{"a":[{"_bsontype":"ObjectId"}]}', 'json-not-storable'],
    ['{"_\\u0062sontype":1}', 'json-not-storable'],
  ])('%.30s is %s', (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  test.each([
    nested(HTTP_LIMITS.depth),
    '{"__proto__":{"polluted":1},"constructor":{"prototype":1},"toString":2}',
    '{"$set":1,"a.b":{"":[]}}',
    '"\\u0000"',
    '"[[[[ {{{{ \\\\"',
    'null',
    '["\\ud83d\\ude00"]',
  ])('%.40s comes through as it is', (text) => {
    const { value } = parseJson(text);
    expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('of a key that stands there twice the last one counts', () => {
    expect(parseJson('{"a":1,"a":2}').value).toEqual({ a: 2 });
  });

  test('the beginning of what is none is shown', () => {
    expect(() => parseJson('  <html><body>Sign in')).toThrow('<html><body>Sign in');
  });
});
