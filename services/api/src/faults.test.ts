import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { imageResize } from '@offload/contracts/image-resize';
import { s3Upload } from '@offload/contracts/s3-upload';
import { source } from '@offload/contracts/source';
import { systemEcho } from '@offload/contracts/system-echo';
import { faultsOf, pointerOf } from './faults.js';

const id = '0192f3c0-7a5e-7000-8000-000000000000';
const url = { url: 'https://example.com/a.png' };
const FORMS =
  'fits none of the possible forms: url is required, or file is required, or task is required and file is required';

const cases: [string, z.ZodType, unknown, Record<string, string | RegExp>][] = [
  ['a missing field', systemEcho.input, { fail: undefined, message: 5 }, { '/message': /string/ }],
  ['no input at all', imageResize.input, undefined, { '': 'is required' }],
  ['another kind of value', imageResize.input, 'x', { '': 'expected object, received string' }],
  ['an unknown field, at itself', systemEcho.input, { mesage: 'x' }, { '/mesage': 'is not a known field' }],
  ['each unknown field', systemEcho.input, { a: 1, b: 2 }, { '/a': /not a known/, '/b': /not a known/ }],
  [
    'an unknown field deep inside',
    imageResize.input,
    { source: url, variants: [{ width: 1 }, { width: 1, heigth: 2 }] },
    { '/variants/1/heigth': 'is not a known field' },
  ],
  [
    'a wrong number deep inside',
    imageResize.input,
    { source: url, variants: [{ width: 0 }] },
    { '/variants/0/width': /too small/ },
  ],
  [
    'a rule over several fields',
    imageResize.input,
    { source: url, variants: [{}] },
    { '/variants/0/width': /a width, a height or both/ },
  ],
  [
    'an enum',
    systemEcho.input,
    { fail: 'sometimes' },
    { '/fail': /expected one of "permanent"\|"transient"/ },
  ],
  [
    'every fault at once',
    imageResize.input,
    { source: { url: 'ftp://x' }, variants: [{ width: 'a' }], x: 1 },
    { '/source/url': /http or https/, '/variants/0/width': /number/, '/x': /not a known/ },
  ],
  [
    'a source by the form that it resembles: a URL',
    s3Upload.input.shape.source,
    { url: 'x' },
    { '/url': /http or https/ },
  ],
  [
    'a URL with a field too many',
    s3Upload.input.shape.source,
    { ...url, x: 1 },
    { '/x': 'is not a known field' },
  ],
  ['an upload', s3Upload.input.shape.source, { file: 'x' }, { '/file': 'invalid UUID' }],
  ["another task's file", source, { task: id }, { '/file': 'is required' }],
  [
    'a file of no task',
    s3Upload.input.shape.source,
    { task: 'x', file: 'a.png' },
    { '/task': 'invalid UUID' },
  ],
  ['a source that is nothing', source, {}, { '': FORMS }],
  ['a source that could be two things', source, { u: 1 }, { '': FORMS }],
  ['a source of another kind', s3Upload.input.shape.source, 5, { '': 'expected object, received number' }],
  ['a name that needs escapes', z.strictObject({}), { 'a/b~c': 1 }, { '/a~1b~0c': /not a known/ }],
  [
    'a name that objects have of their own',
    z.strictObject({}),
    JSON.parse('{"__proto__":1}'),
    { '/__proto__': /not a known/ },
  ],
];

describe('each fault of a body has a pointer to its place and says what is wrong', () => {
  test.each(cases)('%s', (_name, schema, value, expected) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) throw new Error('it is valid');
    const faults = Object.fromEntries<string>(
      faultsOf(parsed.error, value).map(({ pointer, detail }) => [pointer ?? 'none', detail]),
    );
    expect(Object.keys(faults).sort()).toEqual(Object.keys(expected).sort());
    for (const [pointer, detail] of Object.entries(expected))
      if (typeof detail === 'string') expect(faults[pointer]).toBe(detail);
      else expect(faults[pointer]).toMatch(detail);
  });
});

test('pointers begin at the base that they are given', () => {
  const parsed = systemEcho.input.safeParse({ message: 1 });
  if (parsed.success) throw new Error('it is valid');
  expect(faultsOf(parsed.error, { message: 1 }, ['input'])).toMatchObject([{ pointer: '/input/message' }]);
});

test('thousands of faults are cut to a hundred', () => {
  const value = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, 1]));
  const parsed = z.strictObject({}).safeParse(value);
  if (parsed.success) throw new Error('it is valid');
  expect(faultsOf(parsed.error, value)).toHaveLength(100);
});

test('a pointer is made as RFC 6901 says', () => {
  expect(pointerOf([])).toBe('');
  expect(pointerOf(['a/b', 'm~n', 0, ''])).toBe('/a~1b/m~0n/0/');
});
