import { z } from 'zod';
import { defineTask } from './define-task.js';
import { requestHeaders } from './http-fetch-headers.js';
import { jsonPointer } from './json-pointer.js';
import { fileName, httpUrl } from './source.js';
import { unstorable } from './storable-json.js';

export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/**
 * Bytes, but for depth. `json`: the largest document that is parsed; `inResult`: the most of JSON or text that stands
 * in a result, below what a result may have, the rest of it counted; `depth`: deeper ones cannot be stored.
 */
export const HTTP_LIMITS = {
  json: 8 * 1024 ** 2,
  inResult: 512 * 1024,
  depth: 100,
  body: 1024 ** 3,
  pages: 100,
} as const;

const pointer = jsonPointer('/items/0/id');

export const secretName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, dot, dash and underscore, at most 64');

/** The task stands in the store with it, some levels down. */
const checkStorable = (value: unknown, context: z.RefinementCtx): void => {
  const fault = unstorable(value, HTTP_LIMITS.depth - 20);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
};

const json = z.unknown().superRefine(checkStorable);

const scalar = z.union([z.string().max(8_192), z.number(), z.boolean()]);
const fields = z
  .record(z.string().max(200), z.union([scalar, z.array(scalar).max(500)]))
  .superRefine(checkStorable);

const body = z
  .union([
    z.strictObject({ json }).meta({ title: 'JSON' }),
    z.strictObject({ form: fields }).meta({ title: 'A form (application/x-www-form-urlencoded)' }),
    z
      .strictObject({
        text: z.string(),
        type: z
          .string()
          .max(200)
          .regex(/^[!-~]+\/[ -~]+$/, 'a media type such as text/csv')
          .default('text/plain; charset=utf-8'),
      })
      .meta({ title: 'Text, sent as UTF-8' }),
  ])
  .describe('A Content-Type among `headers` outranks the one that its form implies');

const statusRule = z.union([
  z.int().min(100).max(599),
  z
    .string()
    .regex(/^[1-5](xx|\d\d(-[1-5]\d\d)?)$/, 'a status, a class such as 2xx, or a range such as 200-204'),
]);

const pages = z
  .strictObject({
    next: z
      .union([
        z.literal('link'),
        z.strictObject({ url: pointer.describe('Where the next page’s URL stands; it may be relative') }),
        z.strictObject({
          cursor: pointer.describe('Where the next cursor stands'),
          query: z.string().min(1).max(200).describe('The query parameter that takes it'),
        }),
        z.strictObject({
          cursor: pointer.describe('Where the next cursor stands'),
          body: pointer.min(1).describe('The member of the JSON body that takes it'),
        }),
      ])
      .describe(
        '`link`: the Link header’s rel="next" (RFC 8288). The end: none, null, empty, or the same again',
      ),
    items: pointer.default('').describe('The array of items in each page'),
    max: z.int().min(1).max(HTTP_LIMITS.pages).default(10),
    file: z.enum(['json', 'ndjson']).default('json').describe('The form of the items in a file'),
  })
  .describe('Collects the items of several pages');

const input = z
  .strictObject({
    url: httpUrl,
    method: z.enum(HTTP_METHODS).default('GET'),
    query: fields.optional().describe('Added to the URL’s own; an array repeats its name'),
    headers: requestHeaders.optional(),
    body: body.optional(),
    secrets: z
      .array(secretName)
      .max(5)
      .optional()
      .describe('Names of secrets that the operator has bound to this host; they are added to the request'),
    acceptStatuses: z
      .array(statusRule)
      .min(1)
      .max(20)
      .default(['2xx'])
      .describe('Others fail as `http-<status>`'),
    followRedirects: z.boolean().default(true),
    repeatable: z
      .boolean()
      .default(false)
      .describe('Sending it twice does no harm (a search by POST, say): it is retried like a GET'),
    idempotencyKey: z
      .enum(['task'])
      .optional()
      .describe('Sends the task’s id as Idempotency-Key, the same at each attempt; it is then retried'),
    as: z
      .enum(['auto', 'json', 'text', 'file'])
      .default('auto')
      .describe('auto: JSON that fits stands in the result, all else is a file'),
    pick: z
      .union([
        pointer,
        z
          .record(z.string().regex(/^[A-Za-z]\w{0,63}$/, 'a letter, then letters, digits, _'), pointer)
          .refine((picks) => Object.keys(picks).length <= 50, 'at most 50'),
      ])
      .optional()
      .describe('What of the JSON stands in the result: one JSON pointer, or several by name'),
    fileName: fileName.optional().describe('`response` with an ending by its type, by default'),
    pages: pages.optional(),
    timeoutMs: z.int().min(100).max(100_000).default(30_000).describe('Of each request with its answer'),
    maxBytes: z
      .int()
      .min(1)
      .max(HTTP_LIMITS.body)
      .default(100 * 1024 ** 2)
      .describe('Of the answer, decoded; of all pages together'),
  })
  .superRefine((request, context) => {
    for (const [member, message] of contradictions(request))
      context.addIssue({ code: 'custom', path: [member], message });
  });

/** What each member may say alone, but not together with the others. */
function contradictions(request: {
  method: string;
  headers?: Record<string, string> | undefined;
  body?: z.output<typeof body> | undefined;
  idempotencyKey?: 'task' | undefined;
  as: string;
  pick?: unknown;
  pages?: z.output<typeof pages> | undefined;
}): [member: string, message: string][] {
  const { method, pages: paged } = request;
  const names = Object.keys(request.headers ?? {}).map((name) => name.toLowerCase());
  const rules: [boolean, string, string][] = [
    [
      request.body !== undefined && ['GET', 'HEAD'].includes(method),
      'body',
      `a ${method} has none (RFC 9110)`,
    ],
    [
      request.idempotencyKey !== undefined && names.includes('idempotency-key'),
      'idempotencyKey',
      'Idempotency-Key stands among the headers already',
    ],
    [
      request.pick !== undefined && !['auto', 'json'].includes(request.as),
      'pick',
      'picks from JSON: leave out `as`',
    ],
    [request.pick !== undefined && paged !== undefined, 'pick', 'pages have `items` instead'],
    [paged !== undefined && request.as === 'text', 'pages', 'are JSON'],
    [paged !== undefined && !['GET', 'POST'].includes(method), 'pages', 'are read by GET or POST'],
    [
      typeof paged?.next === 'object' &&
        'body' in paged.next &&
        !(request.body !== undefined && 'json' in request.body),
      'pages',
      'a cursor in the body needs a JSON body',
    ],
  ];
  return rules.filter(([broken]) => broken).map(([, member, message]) => [member, message]);
}

const result = z.strictObject({
  status: z.int(),
  url: z.string().describe('Where it was found, after redirects; of the last page'),
  redirects: z.int(),
  headers: z
    .record(z.string(), z.string())
    .describe('Those worth having, names in lower case: validators, links, limits, …'),
  type: z.string().nullable().describe('Media type'),
  bytes: z.int().describe('Of the body, decoded; of all pages'),
  json: z.unknown().optional().describe('The document, or the items of all pages; absent when it is a file'),
  text: z.string().optional(),
  picked: z.unknown().optional().describe('What `pick` asked for: one value, or an object of them'),
  bigNumbers: z
    .int()
    .describe('Numbers that JavaScript cannot hold (integers beyond 2^53, beyond 1e308): given as strings'),
  file: z.strictObject({ name: fileName, type: z.string(), bytes: z.int(), sha256: z.string() }).nullable(),
  pages: z
    .strictObject({
      count: z.int(),
      items: z.int(),
      more: z.boolean().describe('There were more pages than `max`'),
      next: z.string().nullable().describe('The URL or cursor of the next one'),
    })
    .nullable(),
});

export const httpFetch = defineTask({
  type: 'http.fetch',
  summary: 'Calls a remote HTTP API and returns its answer as JSON or as a file.',
  input,
  result,
  timeoutMs: 120_000,
  maxAttempts: 5,
  backoff: { baseMs: 5_000, maxMs: 300_000 },
  // It waits for its origin and does little else, as feed.fetch.
  concurrency: 600,
  example: { url: 'https://sources.debian.org/api/src/hello/', pick: { newest: '/versions/0/version' } },
});
