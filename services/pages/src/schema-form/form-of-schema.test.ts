import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { branchOf, durationInWords, emptyOf, limitsOf, numberOf, scalarOf, shows } from './fill-form.js';
import { formOfSchema, type Form, type JsonSchema, type Schemas } from './form-of-schema.js';
import type { Json, JsonObject } from './json-value.js';

const document = JSON.parse(
  readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8'),
) as { components: { schemas: Schemas } };
const schemas = document.components.schemas;
const formFor = (schema: JsonSchema): Form => formOfSchema(schema, schemas);
const inputOf = (name: string): Form => formFor({ $ref: `#/components/schemas/${name}` });

function memberOf(form: Form, name: string): Form {
  const found = form.kind === 'group' ? form.members.find((member) => member.name === name) : undefined;
  if (!found) throw new Error(`no member ${name}`);
  return found.form;
}
function unionAt(form: Form, name: string): Extract<Form, { kind: 'union' }> {
  const found = memberOf(form, name);
  if (found.kind !== 'union') throw new Error(`${name} is a ${found.kind}`);
  return found;
}

/** Whether the whole value can be shown by the form's fields, to the last member. */
function showsAll(form: Form, value: Json | undefined): boolean {
  if (value === undefined) return true;
  if (!shows(form, value)) return false;
  if (form.kind === 'group')
    return Object.entries(value as JsonObject).every(([name, member]) =>
      showsAll(memberOf(form, name), member),
    );
  if (form.kind === 'list') return (value as Json[]).every((item) => showsAll(form.items, item));
  if (form.kind !== 'union') return true;
  const branch = form.branches[branchOf(form, value) ?? -1];
  return branch !== undefined && showsAll(branch.form, value);
}

const newTasks = Object.keys(schemas).filter((name) => /^New\w+Task$/.test(name));

test.each(newTasks)('%s becomes a form whose fields show its example', (name) => {
  const form = inputOf(name);
  const input = memberOf(form, 'input');
  expect(input.example).toBeDefined();
  expect(showsAll(input, input.example)).toBe(true);
  expect(JSON.stringify(form)).not.toContain('$ref');
});

test('a source is one of its forms, named by their titles, and is recognised by its members', () => {
  const source = unionAt(inputOf('S3UploadInput'), 'source');
  expect(source.branches.map(({ label }) => label)).toEqual([
    'A URL',
    'An uploaded file',
    "Another task's file",
    "Several of another task's files",
  ]);
  expect(branchOf(source, { url: 'https://example.com/' })).toBe(0);
  expect(branchOf(source, { file: 'x' })).toBe(1);
  expect(branchOf(source, { task: 'x', file: 'a.webp' })).toBe(2);
  expect(branchOf(source, { task: 'x', files: '*' })).toBe(3);
  expect(branchOf(source, 'https://example.com/')).toBeUndefined();
});

test('defaults, limits, descriptions and formats come along', () => {
  const variants = memberOf(inputOf('ImageResizeInput'), 'variants');
  if (variants.kind !== 'list') throw new Error(variants.kind);
  expect(limitsOf(variants)).toBe('1 to 20 items');
  const width = memberOf(variants.items, 'width');
  expect(width).toMatchObject({ kind: 'number', whole: true });
  expect(limitsOf(width)).toBe('1 to 16,383');
  expect(memberOf(variants.items, 'format')).toMatchObject({ kind: 'choice', fallback: 'webp' });
  expect(memberOf(variants.items, 'enlarge')).toMatchObject({ kind: 'flag', fallback: false });
  expect(memberOf(inputOf('FeedFetchInput'), 'url')).toMatchObject({ kind: 'text', format: 'uri' });
  expect(memberOf(inputOf('NewSystemEchoTask'), 'runAt')).toMatchObject({
    kind: 'text',
    format: 'date-time',
  });
  expect(memberOf(inputOf('NewSystemEchoTask'), 'lane')).toMatchObject({
    kind: 'choice',
    fallback: 'interactive',
    values: ['interactive', 'bulk'],
  });
});

test('a union of scalars is one line; beside objects it stays one branch', () => {
  const input = inputOf('HttpFetchInput');
  expect(memberOf(input, 'acceptStatuses')).toMatchObject({
    items: { kind: 'scalar', numbers: true, flags: false },
  });
  expect(memberOf(input, 'query')).toMatchObject({
    kind: 'record',
    values: {
      kind: 'union',
      branches: [{ form: { kind: 'scalar', numbers: true, flags: true } }, { label: 'A list' }],
    },
  });
  const next = unionAt(memberOf(input, 'pages'), 'next');
  expect(next.branches.map(({ label }) => label)).toEqual([
    'link',
    'url',
    'cursor and query',
    'cursor and body',
  ]);
  expect(branchOf(next, 'link')).toBe(0);
  expect(branchOf(next, { cursor: '/next', body: '/after' })).toBe(3);
});

test('a schema that leads back to itself, and one that is not known, end in a field for any JSON', () => {
  const tree: Schemas = {
    Tree: {
      type: 'object',
      properties: { children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } },
    },
  };
  const form = formOfSchema({ $ref: '#/components/schemas/Tree' }, tree);
  expect(memberOf(form, 'children')).toMatchObject({ kind: 'list', items: { kind: 'json' } });
  expect(formOfSchema({ $ref: '#/components/schemas/Missing' }, tree)).toEqual({ kind: 'json' });
  expect(formOfSchema({}, tree)).toEqual({ kind: 'json' });
});

test('a list of types is a union, with nothing as one branch', () => {
  expect(formFor({ type: ['integer', 'null'], minimum: 1 })).toMatchObject({
    kind: 'union',
    branches: [
      { label: 'Whole number', form: { minimum: 1 } },
      { label: 'Nothing', form: { value: null } },
    ],
  });
});

test('the least of a form has its required members and items, and nothing else', () => {
  expect(emptyOf(inputOf('ImageResizeInput'))).toEqual({ source: {}, variants: [{}] });
  expect(emptyOf(formFor({ const: 'link' }))).toBe('link');
  expect(emptyOf(formFor({ type: 'string' }))).toBeUndefined();
});

test('only what is written back the same way becomes a number', () => {
  expect(numberOf('12')).toBe(12);
  expect(numberOf(' -0.5 ')).toBe(-0.5);
  for (const text of ['007', '1e3', '', ' ', '12a', '9007199254740993', 'Infinity', '0x10'])
    expect(numberOf(text)).toBe(text);
  expect(scalarOf({ kind: 'scalar', numbers: true, flags: true }, 'true')).toBe(true);
  expect(scalarOf({ kind: 'scalar', numbers: true, flags: false }, '2xx')).toBe('2xx');
  expect(scalarOf({ kind: 'scalar', numbers: false, flags: false }, '5')).toBe('5');
});

test('durations are told exactly', () => {
  expect(durationInWords(90_000)).toBe('1 min 30 s');
  expect(durationInWords(0)).toBe('0 ms');
  expect(durationInWords(86_400_001)).toBe('1 d 1 ms');
});
