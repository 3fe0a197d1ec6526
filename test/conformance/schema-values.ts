import * as fc from 'fast-check';
import { resolved, type OpenApi, type Schema } from './document.js';
import { hostileText } from './hostile-values.js';

/** An id that stands for one of something that is there; see KnownIds. */
export const PLACEHOLDER_ID = /00000000-0000-4000-8000-0000000000(\d\d)/g;
const placeholder = (n: number): string => `00000000-0000-4000-8000-0000000000${String(n).padStart(2, '0')}`;

/** Levels of references within references. */
const DEEPEST = 8;
const HOUR_MS = 3_600_000;

/** Values that fit a schema of the document: its examples, its bounds, and what lies between. */
export function valuesOf(document: OpenApi, given: Schema, depth = 0): fc.Arbitrary<unknown> {
  const schema = resolved(document, given);
  const own = shaped(document, schema, depth);
  const { examples } = schema;
  if (!Array.isArray(examples) || examples.length === 0) return own;
  return fc.oneof(own, fc.constantFrom<unknown>(...(structuredClone(examples) as unknown[])));
}

function shaped(document: OpenApi, schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const { const: only, enum: several, type } = schema;
  if (only !== undefined) return fc.constant(only);
  if (Array.isArray(several)) return fc.constantFrom<unknown>(...(several as unknown[]));
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (Array.isArray(alternatives))
    return fc.oneof(...(alternatives as Schema[]).map((each) => valuesOf(document, each, depth + 1)));
  if (Array.isArray(type))
    return fc.oneof(...type.map((each) => shaped(document, { ...schema, type: each as unknown }, depth)));
  if (type === 'string') return textOf(schema);
  if (type === 'integer') return integerOf(schema);
  if (type === 'number')
    return fc.double({
      min: numberIn(schema, 'minimum') ?? -1e6,
      max: numberIn(schema, 'maximum') ?? 1e6,
      noNaN: true,
    });
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (type === 'array') return arrayOf(document, schema, depth);
  if (type === 'object') return objectOf(document, schema, depth);
  return fc.jsonValue({ maxDepth: 2 });
}

const numberIn = (schema: Schema, name: string): number | undefined =>
  typeof schema[name] === 'number' ? schema[name] : undefined;

/** The bounds themselves as often as all that lies between them. */
function integerOf(schema: Schema): fc.Arbitrary<number> {
  const min = numberIn(schema, 'minimum') ?? -1_000;
  const max = numberIn(schema, 'maximum') ?? Math.max(min, 1_000_000);
  return fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max }));
}

function textOf(schema: Schema): fc.Arbitrary<string> {
  const { format, pattern } = schema;
  if (format === 'uuid')
    return fc.oneof(
      { weight: 9, arbitrary: fc.nat(99).map(placeholder) },
      { weight: 1, arbitrary: fc.uuid({ version: 7 }) },
    );
  if (format === 'date-time')
    return fc
      .oneof(fc.constantFrom(-24, -1, 0, 1, 24, 24 * 300), fc.integer({ min: -100_000, max: 100_000 }))
      .map((hours) => new Date(Date.now() + hours * HOUR_MS).toISOString());
  if (format === 'uri') return fc.oneof(fc.webUrl(), fc.constant('https://example.com/feed.xml'));
  const minLength = numberIn(schema, 'minLength') ?? 0;
  const maxLength = numberIn(schema, 'maxLength') ?? 300;
  const fits = (text: string) => text.length >= minLength && text.length <= maxLength;
  if (typeof pattern === 'string') return matching(pattern).filter(fits);
  return fc.oneof(
    fc.string({ minLength, maxLength: Math.min(maxLength, Math.max(minLength, 30)) }),
    fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, minLength + 10) }).filter(fits),
    hostileText.filter(fits),
    fc.constant('x'.repeat(maxLength)),
  );
}

/** fast-check makes no text for a lookahead: what it forbids is left to the filter. */
const matching = (pattern: string): fc.Arbitrary<string> =>
  fc
    .stringMatching(new RegExp(pattern.replaceAll(/\(\?!.*?\)/g, '')))
    .filter((text) => new RegExp(pattern).test(text));

function arrayOf(document: OpenApi, schema: Schema, depth: number): fc.Arbitrary<unknown[]> {
  const minLength = numberIn(schema, 'minItems') ?? 0;
  const most = depth > DEEPEST ? minLength : minLength + 3;
  const maxLength = Math.min(numberIn(schema, 'maxItems') ?? most, most);
  return fc.array(valuesOf(document, (schema.items as Schema | undefined) ?? {}, depth + 1), {
    minLength,
    maxLength,
  });
}

/** What is required, and mostly few of the rest: rules between optional members are in no schema. */
function objectOf(document: OpenApi, schema: Schema, depth: number): fc.Arbitrary<object> {
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const required = (schema.required ?? []) as string[];
  const optional = Object.keys(properties).filter((name) => !required.includes(name));
  const of = (names: string[]): fc.Arbitrary<object> =>
    fc.record(
      Object.fromEntries(names.map((name) => [name, valuesOf(document, properties[name] ?? {}, depth + 1)])),
    );
  if (optional.length === 0 || depth > DEEPEST) return withAny(document, schema, of(required), depth);
  const some = fc.oneof(
    { weight: 9, arbitrary: fc.subarray(optional, { maxLength: Math.min(2, optional.length) }) },
    { weight: 1, arbitrary: fc.subarray(optional) },
  );
  return withAny(
    document,
    schema,
    some.chain((names) => of([...required, ...names])),
    depth,
  );
}

/** Members of any name, where the schema says what they are. */
function withAny(
  document: OpenApi,
  schema: Schema,
  named: fc.Arbitrary<object>,
  depth: number,
): fc.Arbitrary<object> {
  const more = schema.additionalProperties;
  if (more === null || typeof more !== 'object' || depth > DEEPEST) return named;
  const names = schema.propertyNames ? valuesOf(document, schema.propertyNames as Schema) : fc.string();
  const any = fc.dictionary(names as fc.Arbitrary<string>, valuesOf(document, more as Schema, depth + 1), {
    maxKeys: 3,
  });
  return fc.tuple(named, any).map(([those, others]) => ({ ...others, ...those }));
}
