import type { oas31 } from 'zod-openapi';

/** What the OpenAPI document says of a route, as far as it is held to it before its handler runs. */
export interface RouteFacts {
  /** Names of its query parameters. */
  parameters: ReadonlySet<string>;
  /** Media types of what it answers when all is well. */
  types: readonly string[];
  /** Members of the resource (of each item of a page) that it answers; empty when it answers no JSON. */
  members: readonly string[];
}

type Facts = (method: string, path: string) => RouteFacts | undefined;

type Schema = oas31.SchemaObject | oas31.ReferenceObject | boolean;
type Parameter = oas31.ParameterObject | undefined;

const nameOf = ({ $ref }: oas31.ReferenceObject): string => $ref.split('/').at(-1) ?? '';

/**
 * The facts of each route, by method in lower case and path as Express writes it (`/v1/tasks/:id`). A parameter or
 * type that the document does not have is refused, so neither can be forgotten there.
 */
export function routeFacts(document: oas31.OpenAPIObject): Facts {
  const facts = new Map<string, RouteFacts>();
  for (const [path, item] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(item as Record<string, oas31.OperationObject>))
      facts.set(`${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`, factsOf(operation, document));
  return (method, path) => facts.get(`${method} ${path}`);
}

function factsOf(operation: oas31.OperationObject, document: oas31.OpenAPIObject): RouteFacts {
  const parameters = (operation.parameters ?? [])
    .map((each) => ('$ref' in each ? document.components?.parameters?.[nameOf(each)] : each) as Parameter)
    .flatMap((each) => (each?.in === 'query' ? [each.name] : []));
  // A link to a file carries its signature in a parameter (authenticate.ts).
  const signed = operation.security?.some((scheme) => 'link' in scheme) ? ['link'] : [];
  const answers = Object.entries(operation.responses ?? {}) as [string, oas31.ResponseObject][];
  const contents = answers.flatMap(([status, { content }]) =>
    status.startsWith('2') && content ? [content] : [],
  );
  const schema = contents.map((content) => content['application/json']?.schema).find(Boolean);
  return {
    parameters: new Set([...parameters, ...signed]),
    types: [...new Set(contents.flatMap((content) => Object.keys(content)))],
    members: schema ? membersOf(schema, document) : [],
  };
}

function membersOf(schema: Schema, document: oas31.OpenAPIObject): string[] {
  const members = propertiesOf(schema, document);
  const items = members.get('items');
  const item = typeof items === 'object' && 'items' in items ? items.items : undefined;
  return [...(item ? propertiesOf(item, document) : members).keys()];
}

/** Those of all forms of a union together. */
function propertiesOf(schema: Schema, document: oas31.OpenAPIObject): Map<string, Schema> {
  if (typeof schema === 'boolean') return new Map<string, Schema>();
  if ('$ref' in schema && typeof schema.$ref === 'string') {
    const named = document.components?.schemas?.[nameOf(schema as oas31.ReferenceObject)];
    return named ? propertiesOf(named, document) : new Map<string, Schema>();
  }
  const {
    properties = {},
    oneOf = [],
    anyOf = [],
    allOf = [],
  } = schema as oas31.SchemaObject & {
    properties?: Record<string, Schema>;
  };
  const forms: Schema[] = [...oneOf, ...anyOf, ...allOf];
  const inner: [string, Schema][] = forms.flatMap((form) => [...propertiesOf(form, document)]);
  const own = Object.entries(properties) as [string, Schema][];
  return new Map<string, Schema>([...inner, ...own]);
}
