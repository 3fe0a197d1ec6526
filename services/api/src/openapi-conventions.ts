import type { oas31 } from 'zod-openapi';
import { keyHome } from './keep-answer.js';
import { LONGEST_WAIT } from './prefer.js';
import { problems, type ProblemCode } from './problem.js';

/**
 * What routes of `/v1` have in common is added to the document here, once: `fields`, ETag and 304 of what is read,
 * `Idempotency-Key` and `Prefer` of what is POSTed.
 */
export function withConventions(document: oas31.OpenAPIObject): oas31.OpenAPIObject {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    if (!path.startsWith('/v1/')) continue;
    if (item.get && answersJson(item.get)) addReading(item.get);
    if (item.post) addKey(item.post, path);
    if (item.post && WAITING.has(path)) addWaiting(item.post);
  }
  return document;
}

/** Answered with a task or batch, for whose end they can wait. */
const WAITING = new Set(['/v1/batches', '/v1/feeds/{id}/refresh', '/v1/schedules/{id}/run']);

const contentOf = (answer: oas31.ResponseObject | oas31.ReferenceObject | undefined) =>
  (answer && 'content' in answer ? answer.content : undefined) ?? {};

const answersJson = ({ responses }: oas31.OperationObject): boolean =>
  'application/json' in contentOf(responses?.['200'] as oas31.ResponseObject | undefined);

function addReading(operation: oas31.OperationObject): void {
  addParameter(operation, {
    in: 'query',
    name: 'fields',
    schema: { type: 'string', minLength: 1 },
    description:
      'Names of members, separated by commas: the answer has only these of the resource (a page, of each item); ' +
      'members that are not named are absent, whatever the schema requires',
  });
  addParameter(operation, {
    in: 'header',
    name: 'If-None-Match',
    schema: { type: 'string' },
    description: 'An ETag; 304 when nothing has changed',
  });
  const answers = (operation.responses ??= {}) as Record<string, oas31.ResponseObject>;
  answers['304'] ??= { description: 'Nothing has changed' };
  const ok = answers['200'];
  if (ok)
    ok.headers = {
      ETag: { description: 'For If-None-Match', schema: { type: 'string' } },
      ...ok.headers,
    };
  addProblems(operation, 'invalid-query');
}

function addKey(operation: oas31.OperationObject, path: string): void {
  const home = keyHome(path);
  if (home === 'none') return;
  if (home === 'refused')
    return addProblems(operation, 'malformed-idempotency-key', 'idempotency-key-not-taken');
  addParameter(operation, {
    in: 'header',
    name: 'Idempotency-Key',
    schema: { type: 'string' },
    description:
      'Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address ' +
      'with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. ' +
      '1 to 200 printable ASCII characters in quotes',
    example: '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
  });
  addProblems(operation, 'malformed-idempotency-key', 'idempotency-key-reused');
  if (home === 'document') return;
  addProblems(operation, 'idempotency-key-busy');
  for (const [status, answer] of Object.entries(operation.responses ?? {}))
    if (status.startsWith('2')) {
      const response = answer as oas31.ResponseObject;
      response.headers = {
        ...response.headers,
        'Idempotent-Replayed': {
          description: 'It is the answer that the first request with the Idempotency-Key got',
          schema: { type: 'string', const: 'true' },
        },
      };
    }
}

function addWaiting(operation: oas31.OperationObject): void {
  addParameter(operation, {
    in: 'header',
    name: 'Prefer',
    schema: { type: 'string' },
    description: `wait=N (RFC 7240): the answer is held until the end, or for N seconds; at most ${LONGEST_WAIT}`,
    example: 'wait=30',
  });
  const answers = (operation.responses ??= {}) as Record<string, oas31.ResponseObject>;
  const accepted = answers['202'];
  if (!accepted) return;
  accepted.headers = {
    ...accepted.headers,
    'Preference-Applied': { description: 'wait=N, when it was asked for', schema: { type: 'string' } },
  };
  answers['200'] ??= { ...accepted, description: 'It has ended within the time of Prefer: wait' };
}

function addParameter(operation: oas31.OperationObject, parameter: oas31.ParameterObject): void {
  const there = (operation.parameters ?? []).some(
    (each) => 'name' in each && each.name === parameter.name && each.in === parameter.in,
  );
  if (!there) operation.parameters = [...(operation.parameters ?? []), parameter];
}

/** Adds these to the answers of their statuses. */
function addProblems(operation: oas31.OperationObject, ...codes: ProblemCode[]): void {
  const answers = (operation.responses ??= {}) as Record<string, oas31.ResponseObject>;
  for (const code of codes) {
    const { status, title } = problems[code];
    const description = `${title} (\`${code}\`)`;
    const there = answers[String(status)];
    if (there?.description.includes(`\`${code}\``)) continue;
    const like = there ?? { content: contentOf(answers['500']) };
    answers[String(status)] = {
      ...like,
      description: there ? `${there.description}; ${description}` : description,
    };
  }
}
