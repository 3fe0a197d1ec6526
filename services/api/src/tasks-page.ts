import type { oas31 } from 'zod-openapi';
import { queuesOf } from '@offload/contracts/queues';
import type { TaskContract } from '@offload/contracts/define-task';
import { contracts } from '@offload/contracts/registry';
import { schemaName } from './openapi-tasks.js';

type Schema = oas31.SchemaObject | oas31.ReferenceObject;
type Schemas = Record<string, Schema>;

/** docs/tasks.md: every task type in tables, made from the contracts by way of the OpenAPI document. */
export function tasksPage(document: oas31.OpenAPIObject): string {
  const schemas = document.components?.schemas ?? {};
  const contents = contracts.map(({ type, summary }) => `- [${type}](#${anchor(type)}): ${summary}`);
  return [
    '# Task types',
    'Made from `libs/contracts` by `npm run gen`; do not edit.',
    contents.join('\n'),
    ...contracts.flatMap((contract) => section(contract, schemas)),
  ]
    .join('\n\n')
    .concat('\n');
}

/** As GitHub makes them from headings. */
const anchor = (heading: string): string => heading.toLowerCase().replaceAll(/[^a-z0-9 -]/g, '');

function section(contract: TaskContract, schemas: Schemas): string[] {
  const name = schemaName(contract.type);
  return [
    `## ${contract.type}`,
    contract.summary,
    '### Input',
    table(fieldsOf(schemas[`${name}Input`], schemas, 'input'), 'input'),
    '### Result',
    table(fieldsOf(schemas[`${name}Result`], schemas, 'output'), 'output'),
    '### Limits',
    limits(contract),
    ...(contract.internal ? ['The system makes these tasks itself.'] : ['### Example', example(contract)]),
  ];
}

function limits(contract: TaskContract): string {
  const { timeoutMs, maxAttempts, backoff, concurrency, prefetch, version } = contract;
  return [
    '| | |',
    '| --- | --- |',
    `| Time limit of an attempt | ${seconds(timeoutMs)} |`,
    `| Attempts | ${maxAttempts}, after at most ${seconds(backoff.baseMs)}, doubling up to ${seconds(backoff.maxMs)} |`,
    `| At once in one worker, per lane | ${concurrency}; it holds ${prefetch} messages |`,
    `| Queues | ${queuesOf(contract)
      .map((queue) => `\`${queue}\``)
      .join(', ')} |`,
    `| Version | ${version} |`,
  ].join('\n');
}

const seconds = (ms: number): string => `${ms / 1_000} s`;

function example({ type, example: input }: TaskContract): string {
  const body = JSON.stringify({ type, input }, null, 2).replaceAll("'", String.raw`'\''`);
  return [
    '```sh',
    `curl -sS http://127.0.0.1:3000/v1/tasks -H 'Content-Type: application/json' -d '${body}'`,
    '```',
  ].join('\n');
}

interface Field {
  path: string;
  type: string;
  required: boolean;
  description: string;
}

function table(fields: Field[], io: 'input' | 'output'): string {
  const cell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');
  const rows = fields.map(({ path, type, required, description }) =>
    [`\`${path}\``, cell(type), ...(io === 'input' ? [required ? 'yes' : ''] : []), cell(description)].join(
      ' | ',
    ),
  );
  const head = io === 'input' ? 'Field | Type | Required | |' : 'Field | Type | |';
  const line = io === 'input' ? '--- | --- | --- | --- |' : '--- | --- | --- |';
  return [`| ${head}`, `| ${line}`, ...rows.map((row) => `| ${row} |`)].join('\n');
}

/** The fields of an object schema and of what is in it, one row each; arrays as `name[]`. */
function fieldsOf(
  schema: Schema | undefined,
  schemas: Schemas,
  io: 'input' | 'output',
  prefix = '',
): Field[] {
  const object = resolve(schema, schemas);
  // A union within is told by its type.
  if (object.anyOf && prefix === '') return fieldsOfForms(object.anyOf, schemas, io);
  const required = new Set(object.required ?? []);
  return Object.entries(object.properties ?? {}).flatMap(([key, given]) => {
    const property = resolve(given, schemas);
    const path = prefix + key;
    const described = (given as oas31.SchemaObject).description ?? property.description ?? '';
    const row = {
      path,
      type: typeOf(property, schemas),
      required: required.has(key),
      description: described,
    };
    const items = property.type === 'array' ? resolve(property.items, schemas) : undefined;
    return [
      row,
      ...fieldsOf(property, schemas, io, `${path}.`),
      ...(items ? fieldsOf(items, schemas, io, `${path}[].`) : []),
    ];
  });
}

/** The fields of all forms of a union of objects, each once; what a form lacks is not required. */
function fieldsOfForms(forms: Schema[], schemas: Schemas, io: 'input' | 'output'): Field[] {
  const perForm = forms.map((form) => fieldsOf(form, schemas, io));
  const paths = new Set(perForm.flatMap((fields) => fields.map(({ path }) => path)));
  return [...paths].flatMap((path) => {
    const found = perForm.flatMap((fields) => fields.filter((field) => field.path === path).slice(0, 1));
    const [first] = found;
    return first
      ? { ...first, required: found.length === forms.length && found.every((field) => field.required) }
      : [];
  });
}

function resolve(schema: Schema | undefined, schemas: Schemas): oas31.SchemaObject {
  if (!schema) return {};
  const { $ref } = schema as oas31.ReferenceObject;
  if ($ref === undefined) return schema as oas31.SchemaObject;
  return resolve(schemas[$ref.split('/').at(-1) ?? ''], schemas);
}

/** In words: `integer 1 to 100, default 80`. */
function typeOf(schema: oas31.SchemaObject, schemas: Schemas): string {
  const { anyOf, enum: values } = schema;
  const fallback = schema.default === undefined ? '' : `, default ${JSON.stringify(schema.default)}`;
  if (values) return values.map((value) => `\`${String(value)}\``).join(' or ') + fallback;
  if (anyOf) return anyOf.map((form) => formOf(resolve(form, schemas), schemas)).join(' or ');
  if (schema.type === 'array') {
    const count = range(schema.minItems, schema.maxItems);
    return `list of ${typeOf(resolve(schema.items, schemas), schemas)}${count && `, items: ${count}`}`;
  }
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'any');
  const between = range(schema.minimum, schema.maximum);
  const length = range(schema.minLength, schema.maxLength);
  return [
    schema.format === undefined ? type : `${type} (${schema.format})`,
    between && ` ${between}`,
    length && `, characters: ${length}`,
    fallback,
  ].join('');
}

/** One form of a union: an object by its fields. */
const formOf = (schema: oas31.SchemaObject, schemas: Schemas): string =>
  schema.type === 'object' ? `{${Object.keys(schema.properties ?? {}).join(', ')}}` : typeOf(schema, schemas);

function range(low: number | undefined, high: number | undefined): string {
  if (low !== undefined && high !== undefined) return low === high ? `${low}` : `${low} to ${high}`;
  if (high !== undefined) return `at most ${high}`;
  return low === undefined ? '' : `at least ${low}`;
}
