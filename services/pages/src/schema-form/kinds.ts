import { ApiUnreachable } from '@offload/client';
import { formOfSchema, type Form, type JsonSchema, type Schemas } from './form-of-schema.js';
import { isObject, type Json } from './json-value.js';

/** One task type, as the API's document describes what may be posted for it. */
export interface Kind {
  type: string;
  about: string;
  /** Of the whole body: `type`, `input`, options. */
  form: Extract<Form, { kind: 'group' }>;
  /** Of its `input` alone. */
  input: Form;
  /** An input that works. */
  example: Json;
}

type Tagged = JsonSchema & { discriminator?: { mapping?: Record<string, string> } };

/** The types of a union by `type`, e.g. of `Task`. */
export const typesOf = (schemas: Schemas, union: string): string[] => Object.keys(mappingOf(schemas, union));

const mappingOf = (schemas: Schemas, union: string): Record<string, string> =>
  ((schemas[union] ?? {}) as Tagged).discriminator?.mapping ?? {};

/** The kinds of a union by `type`, in the document's order, e.g. of `NewTask`. */
export function kindsOf(schemas: Schemas, union: string): Kind[] {
  return Object.entries(mappingOf(schemas, union)).flatMap(([type, $ref]) => {
    const form = formOfSchema({ $ref }, schemas);
    const input = form.kind === 'group' ? form.members.find(({ name }) => name === 'input')?.form : undefined;
    if (form.kind !== 'group' || !input) return [];
    return [{ type, about: form.description ?? '', form, input, example: input.example ?? {} }];
  });
}

let loaded: Promise<Schemas> | undefined;

/** The schemas of the API's document; asked for once. */
export function loadSchemas(): Promise<Schemas> {
  loaded ??= read().catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function read(): Promise<Schemas> {
  const answer = await fetch('/openapi.json').catch((error: unknown) => {
    throw new ApiUnreachable(location.origin, error);
  });
  const document: unknown = answer.ok ? await answer.json() : undefined;
  const components = isObject(document) ? document.components : undefined;
  if (!isObject(components) || !isObject(components.schemas))
    throw new Error(
      'The document of the API has no schemas. Is this page of the same version as the server?',
    );
  return components.schemas as unknown as Schemas;
}
