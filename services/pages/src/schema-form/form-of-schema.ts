import { isObject, textOf, type Json } from './json-value.js';

/** As much of JSON Schema (2020-12) as the API's document uses. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  title?: string;
  description?: string;
  default?: Json;
  examples?: Json[];
  const?: Json;
  enum?: Json[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

export type Schemas = Record<string, JsonSchema>;

/** What a person fills in for one schema. */
export type Form = (
  | { kind: 'text'; format?: string; minLength?: number; maxLength?: number; hasPattern?: boolean }
  | { kind: 'number'; whole: boolean; minimum?: number; maximum?: number }
  | { kind: 'flag' }
  | { kind: 'choice'; values: Json[] }
  /** Nothing to fill in. */
  | { kind: 'fixed'; value: Json }
  /** One line that becomes a number or a boolean where it reads as one. */
  | { kind: 'scalar'; numbers: boolean; flags: boolean }
  | { kind: 'group'; members: Member[] }
  | { kind: 'record'; values: Form }
  | { kind: 'list'; items: Form; minItems?: number; maxItems?: number }
  | { kind: 'union'; branches: Branch[] }
  /** Any JSON. */
  | { kind: 'json' }
) & { description?: string; fallback?: Json; example?: Json };

export interface Member {
  name: string;
  required: boolean;
  form: Form;
}

export interface Branch {
  label: string;
  form: Form;
}

/** The form of a schema, references and unions resolved. What it does not know becomes a field for any JSON. */
export function formOfSchema(schema: JsonSchema, schemas: Schemas): Form {
  return formOf(schema, schemas, []);
}

function formOf(given: JsonSchema, schemas: Schemas, path: string[]): Form {
  if (given.$ref !== undefined) return formOfReference(given, given.$ref, schemas, path);
  const { description, default: fallback, examples } = given;
  const about = {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { fallback }),
    ...(examples?.[0] !== undefined && { example: examples[0] }),
  };
  return { ...shapeOf(given, schemas, path), ...about };
}

/** What stands beside a $ref outranks what it refers to. One that leads back to itself is not followed. */
function formOfReference(
  { $ref: _, ...beside }: JsonSchema,
  to: string,
  schemas: Schemas,
  path: string[],
): Form {
  const name = to.split('/').at(-1) ?? '';
  const target = schemas[name];
  if (!target || path.includes(name)) return { kind: 'json' };
  return formOf({ ...target, ...beside }, schemas, [...path, name]);
}

function shapeOf(schema: JsonSchema, schemas: Schemas, path: string[]): Form {
  const { enum: values, minimum, maximum, minLength, maxLength, format, minItems, maxItems } = schema;
  if (schema.const !== undefined) return { kind: 'fixed', value: schema.const };
  if (values) return { kind: 'choice', values };
  const forms = branchesOf(schema);
  if (forms) return unionOf(forms, schemas, path);
  switch (schema.type) {
    case 'string':
      return { kind: 'text', format, minLength, maxLength, hasPattern: schema.pattern !== undefined };
    case 'integer':
    case 'number':
      return { kind: 'number', whole: schema.type === 'integer', minimum, maximum };
    case 'boolean':
      return { kind: 'flag' };
    case 'null':
      return { kind: 'fixed', value: null };
    case 'array':
      return { kind: 'list', items: formOf(schema.items ?? {}, schemas, path), minItems, maxItems };
    case 'object':
      return objectOf(schema, schemas, path);
    case undefined:
    default:
      return { kind: 'json' };
  }
}

/** The forms of a union, a union within it spread out; a list of types is one, too. */
function branchesOf(schema: JsonSchema): JsonSchema[] | undefined {
  const { anyOf, oneOf, type, ...rest } = schema;
  const forms =
    anyOf ?? oneOf ?? (Array.isArray(type) ? type.map((each) => ({ ...rest, type: each })) : undefined);
  return forms?.flatMap((form) => branchesOf(form) ?? [form]);
}

function unionOf(schemasOfForms: JsonSchema[], schemas: Schemas, path: string[]): Form {
  const branches = schemasOfForms.map((schema): Branch => {
    const form = formOf(schema, schemas, path);
    return { label: schema.title ?? labelOf(form), form };
  });
  const [only] = branches;
  if (branches.length === 1 && only) return only.form;
  const kinds = new Set(branches.map(({ form }) => form.kind));
  const plain = [...kinds].every((kind) => kind === 'text' || kind === 'number' || kind === 'flag');
  if (plain && kinds.has('text'))
    return { kind: 'scalar', numbers: kinds.has('number'), flags: kinds.has('flag') };
  return { kind: 'union', branches: spreadScalars(branches) };
}

/** Beside lists or objects, all scalars are one branch. */
function spreadScalars(branches: Branch[]): Branch[] {
  const isPlain = ({ form }: Branch): boolean => ['text', 'number', 'flag'].includes(form.kind);
  const plain = branches.filter(isPlain);
  if (plain.length < 2 || !plain.some(({ form }) => form.kind === 'text')) return branches;
  const has = (kind: Form['kind']): boolean => plain.some(({ form }) => form.kind === kind);
  const scalar: Form = { kind: 'scalar', numbers: has('number'), flags: has('flag') };
  return [{ label: labelOf(scalar), form: scalar }, ...branches.filter((branch) => !isPlain(branch))];
}

function objectOf(schema: JsonSchema, schemas: Schemas, path: string[]): Form {
  const { properties, required = [], additionalProperties } = schema;
  if (properties)
    return {
      kind: 'group',
      members: Object.entries(properties).map(([name, member]) => ({
        name,
        required: required.includes(name),
        form: formOf(member, schemas, path),
      })),
    };
  if (isObject(additionalProperties) && Object.keys(additionalProperties).length > 0)
    return { kind: 'record', values: formOf(additionalProperties, schemas, path) };
  return { kind: 'json' };
}

/** What a branch is called whose schema has no title. */
function labelOf(form: Form): string {
  switch (form.kind) {
    case 'fixed':
      return form.value === null ? 'Nothing' : textOf(form.value);
    case 'group':
      return form.members.map(({ name }) => name).join(' and ');
    case 'choice':
      return 'One of a list';
    case 'text':
      return 'Text';
    case 'number':
      return form.whole ? 'Whole number' : 'Number';
    case 'flag':
      return 'Yes or no';
    case 'scalar':
      return 'One value';
    case 'list':
      return 'A list';
    case 'record':
      return 'Names and values';
    case 'json':
    case 'union':
      return 'JSON';
  }
}
