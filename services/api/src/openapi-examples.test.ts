import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { expect, test } from '@jest/globals';
import { openApiDocument } from './openapi.js';

type Json = Record<string, unknown>;

const document = openApiDocument();
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema({ $id: 'doc', ...document });

const isObject = (value: unknown): value is Json => value !== null && typeof value === 'object';

/** Of a media type, parameter or header, or of a schema: what stands as `example`, `examples` or JSON Schema's list. */
function examplesIn(node: Json): unknown[] {
  const { example, examples } = node;
  const named = isObject(examples) && !Array.isArray(examples) ? Object.values(examples) : [];
  return [
    ...(example === undefined ? [] : [example]),
    ...(Array.isArray(examples) ? (examples as unknown[]) : []),
    ...named.map((each) => (each as Json).value),
  ];
}

/** Every example of the document with the JSON pointer of the schema that it has to fit. */
function examplesOf(node: unknown, at: string[] = []): { pointer: string; example: unknown }[] {
  if (!isObject(node)) return [];
  const schemaAt = isObject(node.schema) ? [...at, 'schema'] : at;
  const pointer = schemaAt
    .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  const isSchema =
    schemaAt !== at || node.type !== undefined || node.oneOf !== undefined || node.anyOf !== undefined;
  const own = isSchema ? examplesIn(node).map((example) => ({ pointer, example })) : [];
  // Examples themselves may look like anything.
  const inner = Object.entries(node).filter(
    ([key]) => !['example', 'examples', 'default', 'enum'].includes(key),
  );
  return [...own, ...inner.flatMap(([key, value]) => examplesOf(value, [...at, key]))];
}

const all = examplesOf(document);

test('every example fits its schema', () => {
  expect(all.length).toBeGreaterThan(40);
  const wrong = all.flatMap(({ pointer, example }) =>
    ajv.validate({ $ref: `doc#/${pointer}` }, example) ? [] : [`${pointer}: ${ajv.errorsText()}`],
  );
  expect(wrong).toEqual([]);
});

test('every default fits its schema', () => {
  const withDefaults = (node: unknown): Json[] =>
    isObject(node)
      ? [...('default' in node && 'type' in node ? [node] : []), ...Object.values(node).flatMap(withDefaults)]
      : [];
  const found = withDefaults(document);
  expect(found.length).toBeGreaterThan(5);
  for (const { default: value, ...schema } of found)
    expect([value, ajv.validate(schema, value)]).toEqual([value, true]);
});

test('every body that JSON is sent in has an example', () => {
  const bodies = Object.values(document.paths ?? {}).flatMap((item) =>
    Object.values(item as Record<string, Json>).flatMap(({ operationId, requestBody }) => {
      const content = (requestBody as { content?: Json } | undefined)?.content?.['application/json'];
      return isObject(content) ? [{ operationId, content }] : [];
    }),
  );
  expect(bodies.length).toBeGreaterThan(10);
  const exampleless = bodies.filter(
    ({ content }) => examplesIn(content).length === 0 && !schemaHasExample(content.schema),
  );
  expect(exampleless.map(({ operationId }) => operationId)).toEqual([]);
});

/** Whether a schema, or what it refers to, has an example of its own. */
function schemaHasExample(schema: unknown): boolean {
  if (!isObject(schema)) return false;
  const name = typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1) : undefined;
  const meant: unknown = name === undefined ? schema : document.components?.schemas?.[name];
  if (!isObject(meant)) return false;
  if (examplesIn(meant).length > 0) return true;
  return Array.isArray(meant.oneOf) && meant.oneOf.every(schemaHasExample);
}
