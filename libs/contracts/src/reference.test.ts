import { describe, expect, test } from '@jest/globals';
import { imageResize } from './image-resize.js';
import { faultsBesides, referencesIn, replaceReferences, valueAt } from './reference.js';
import { s3Upload } from './s3-upload.js';
import { tasksNamedBy } from './source.js';

const A = '0190f5ee-7a3b-7cc0-8000-000000000001';
const B = '0190f5ee-7a3b-7cc0-8000-000000000002';

describe('a JSON pointer', () => {
  // The document and the pointers of RFC 6901, section 5.
  const document = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, 'e^f': 3, 'm~n': 8, 'k"l': 6, ' ': 7 };
  test.each([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('%j names its value', (pointer, value) => {
    expect(valueAt(document, pointer)).toEqual({ found: true, value });
  });

  test.each(['/none', '/foo/2', '/foo/-', '/foo/00', '/foo/length', '/toString', '/a~1b/x', '/foo/0/0'])(
    '%s finds nothing',
    (pointer) => {
      expect(valueAt(document, pointer)).toEqual({ found: false });
    },
  );

  test('tells a null that is there from nothing', () => {
    expect(valueAt({ a: null }, '/a')).toEqual({ found: true, value: null });
  });
});

describe('references of an input', () => {
  const input = { a: [{ task: A, pointer: '/x' }], b: { source: { task: B, file: 'f.png' } }, c: 1 };

  test('are found with their places, and sources are none', () => {
    expect(referencesIn(input)).toEqual([{ task: A, pointer: '/x', path: ['a', 0] }]);
  });

  test('are replaced, and the input stays as it was', () => {
    expect(replaceReferences(input, () => 'value')).toEqual({ ...input, a: ['value'] });
    expect(input.a).toEqual([{ task: A, pointer: '/x' }]);
  });

  test.each([
    { task: 'no id', pointer: '' },
    { task: A, pointer: 'x' },
    { task: A, pointer: '/~2' },
    { task: A, pointer: '', more: 1 },
  ])('%j is none', (value) => {
    expect(referencesIn({ value })).toEqual([]);
    expect(tasksNamedBy({ value })).toEqual([]);
  });

  test('are not looked for deeper than anyone nests', () => {
    let deep: unknown = { task: A, pointer: '' };
    for (let i = 0; i < 50_000; i++) deep = [deep];
    expect(referencesIn(deep)).toEqual([]);
    expect(tasksNamedBy(deep)).toEqual([]);
  });

  test('name tasks to wait for, as sources do', () => {
    expect(tasksNamedBy(input)).toEqual([A, B]);
  });
});

describe('an input with references', () => {
  const faults = (schema: typeof imageResize | typeof s3Upload, input: unknown) => {
    const parsed = schema.input.safeParse(input);
    return faultsBesides(parsed.error?.issues ?? [], referencesIn(input)).map(({ path }) => path.join('/'));
  };
  const to = { bucket: 'offload', key: 'a' };

  test.each([
    [
      'in the place of a value',
      { source: { url: 'https://example.com/' }, bucket: 'offload', key: { task: A, pointer: '/key' } },
    ],
    ['in the place of a union', { source: { task: A, pointer: '/source' }, ...to }],
    ["in one of a union's forms", { source: { url: { task: A, pointer: '/url' } }, ...to }],
    ["in another of a union's forms", { source: { task: A, file: { task: A, pointer: '/file' } }, ...to }],
  ])('%s has no fault yet', (_where, input) => {
    expect(faults(s3Upload, input)).toEqual([]);
  });

  test('still has its other faults', () => {
    const reference = { task: A, pointer: '/w' };
    expect(faults(s3Upload, { source: reference, bucket: 'Not A Bucket', key: reference })).toEqual([
      'bucket',
    ]);
    expect(
      faults(imageResize, { source: { file: 'x' }, variants: [{ width: reference, quality: 101 }] }).sort(),
    ).toEqual(['source/file', 'variants/0/quality']);
    expect(faults(s3Upload, { source: { url: reference, file: 'x' }, ...to })).toEqual([
      'source/file',
      'source',
    ]);
  });
});
