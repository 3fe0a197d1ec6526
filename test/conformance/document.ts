/** A JSON Schema, or a reference to one. */
export type Schema = Record<string, unknown>;

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

export interface DocumentedAnswer {
  headers?: Record<string, { required?: boolean }>;
  content?: Record<string, { schema?: Schema }>;
}

/** An operation of an OpenAPI document. */
export interface Operation {
  id: string;
  /** e.g. `POST`. */
  method: string;
  /** As the document writes it: `/v1/tasks/{id}`. */
  path: string;
  parameters: Parameter[];
  /** Content types of the body with their schemas and examples; undefined: it takes none. */
  body: Record<string, { schema?: Schema; examples?: Record<string, { value: unknown }> }> | undefined;
  bodyRequired: boolean;
  /** By status. */
  answers: Record<string, DocumentedAnswer>;
  /** Methods that the document has for this path. */
  methods: string[];
}

export interface OpenApi {
  paths: Record<string, Record<string, object>>;
  components: Record<string, Record<string, Schema>>;
}

type Described = {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: NonNullable<Operation['body']> };
  responses: Operation['answers'];
};

/** Every operation of a document, in its order. References are only followed within schemas and answers' headers. */
export function operationsOf(document: OpenApi): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) => {
    const methods = Object.keys(item).map((method) => method.toUpperCase());
    return Object.entries(item).map(([method, described]) => {
      const { operationId, parameters = [], requestBody, responses } = described as Described;
      return {
        id: operationId,
        method: method.toUpperCase(),
        path,
        parameters,
        body: requestBody?.content,
        bodyRequired: requestBody?.required ?? false,
        answers: withHeaders(document, responses),
        methods,
      };
    });
  });
}

const withHeaders = (document: OpenApi, answers: Operation['answers']): Operation['answers'] =>
  Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [
      status,
      {
        ...answer,
        headers: Object.fromEntries(
          Object.entries(answer.headers ?? {}).map(([name, header]) => [name, resolved(document, header)]),
        ),
      },
    ]),
  );

/** What a `$ref` within the document stands for; anything else as it is. */
export function resolved<T extends object>(document: OpenApi, given: T): T {
  const ref = '$ref' in given ? given.$ref : undefined;
  if (typeof ref !== 'string') return given;
  const [, , kind = '', name = ''] = ref.split('/');
  const found = document.components[kind]?.[name];
  if (!found) throw new Error(`The document has no ${ref}.`);
  return found as T;
}
