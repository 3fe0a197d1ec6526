import { z } from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { LONGEST_PAGE, orders } from './list-page.js';
import { problems, problemType, type ProblemCode } from './problem.js';

/** RFC 9457, with our members `code`, `requestId` and `errors`. */
const problem = z
  .object({
    type: z.string().describe('Where the problem is described, relative to this server'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What is wrong this time, and what to do'),
    instance: z.string().describe('The path that was asked for'),
    code: z.enum(Object.keys(problems) as ProblemCode[]).describe('Stable; for programs'),
    requestId: z.string().describe('Finds the request in the log; also in X-Request-Id'),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional().describe('JSON pointer into the body, e.g. /input/variants/0/width'),
          parameter: z.string().optional().describe('Name of a query parameter'),
          detail: z.string(),
        }),
      )
      .optional()
      .describe('One entry per fault'),
  })
  .meta({
    id: 'Problem',
    examples: [
      {
        type: problemType('invalid-task'),
        title: problems['invalid-task'].title,
        status: 422,
        detail: '/input/variants/0/width is required.',
        instance: '/v1/tasks',
        code: 'invalid-task',
        requestId: '0f6c1a52-4c0e-4f1b-8f0e-0d6c2f0a7f11',
        errors: [{ pointer: '/input/variants/0/width', detail: 'is required' }],
      },
    ],
  });

export const json = (schema: z.ZodType) => ({ 'application/json': { schema } });

/** Bytes as OpenAPI 3.1 describes them: by their media type alone, without a schema. */
export const bytes = { '*/*': {} };

const header = (description: string, schema: z.ZodType = z.string()) => schema.meta({ description });

export const headers = {
  location: header('Path of what was made, or of what this has become'),
  retryAfter: header('Until it has ended: seconds after which to look again'),
  etag: header('For If-None-Match'),
  preferenceApplied: header('wait=N, when it was asked for'),
};

/** What can be wrong with a JSON body before anybody looks at what it says. */
export const jsonProblems = [
  'malformed-json',
  'malformed-request',
  'cross-site',
  'request-timeout',
  'too-large',
  'wrong-content-type',
] as const satisfies ProblemCode[];

/** The same, and that what it says is not what is asked for. */
export const bodyProblems = [...jsonProblems, 'invalid-request'] as const satisfies ProblemCode[];

export const body = (schema: z.ZodType, required = true) => ({
  requestBody: { required, content: json(schema) },
});

/** How a page of a list is asked for. */
export const pageParams = {
  limit: z.int().min(1).max(LONGEST_PAGE).default(50),
  cursor: z.string().optional().describe('From the `next` of the page before; opaque'),
  order: z.enum(orders).default('desc').describe('By the time of creation: the newest first, or the oldest'),
};

export const page = (items: z.ZodType) =>
  json(
    z.object({
      items: z.array(items),
      next: z.string().nullable().describe('Path of the next page; null on the last one'),
    }),
  );

const pageHeaders = z.object({
  Link: z
    .string()
    .optional()
    .meta({ description: 'The next page (RFC 8288)', examples: ['</v1/tasks?cursor=MDFh>; rel="next"'] }),
});

/** A page of these, or what can be wrong with the question. */
export const pageAnswers = (items: z.ZodType, ...codes: ProblemCode[]): ZodOpenApiResponsesObject => ({
  '200': { description: 'A page', headers: pageHeaders, content: page(items) },
  ...problemAnswers('invalid-query', ...codes),
});

const RETRY = { 'Retry-After': header('Seconds') };
const CHALLENGE = { 'WWW-Authenticate': header('Bearer, and what is wrong with the key') };
const ALLOW = { Allow: header('What this address takes') };

function answerOf(codes: ProblemCode[], more: z.ZodRawShape = {}): ZodOpenApiResponseObject {
  return {
    description: codes.map((code) => `${problems[code].title} (\`${code}\`)`).join('; '),
    content: { 'application/problem+json': { schema: problem } },
    ...(Object.keys(more).length > 0 && { headers: z.object(more) }),
  };
}

/** What can be wrong with any request below `/v1`. */
const EVERYWHERE: ProblemCode[] = [
  'malformed-request',
  'no-key',
  'invalid-key',
  'forbidden',
  'method-not-allowed',
  'not-acceptable',
  'wrong-host',
  'invalid-query',
  'address-too-long',
  'headers-too-large',
  'too-many-requests',
  'internal',
  'store-unavailable',
  'overloaded',
];

/** One answer for each status of these problems and of those that every route of `/v1` has. */
export const problemAnswers = (...codes: ProblemCode[]): ZodOpenApiResponsesObject =>
  answersOf(...codes, ...EVERYWHERE);

/** One answer for each status of these problems. */
export function answersOf(...codes: ProblemCode[]): ZodOpenApiResponsesObject {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set(codes)) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const more: Record<number, z.ZodRawShape> = { 401: CHALLENGE, 405: ALLOW, 429: RETRY, 503: RETRY };
  return Object.fromEntries(
    [...byStatus].map(([status, of]) => [String(status), answerOf(of, more[status])] as const),
  );
}
