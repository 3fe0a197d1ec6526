import type { oas31 } from 'zod-openapi';

const text = (description: string, example: string): oas31.HeaderObject => ({
  description,
  schema: { type: 'string' },
  example,
});

/** Headers that answers have whatever they say, by their names in `components`. */
const COMMON = {
  RequestId: {
    name: 'X-Request-Id',
    header: {
      ...text(
        'Finds the request in the log; what a request sends of it in this form is kept',
        '0f6c1a52-4c0e-4f1b-8f0e-0d6c2f0a7f11',
      ),
      required: true,
    },
  },
  RateLimit: {
    name: 'RateLimit',
    header: text(
      'What is left of the rate, and the seconds until all of it is there again (draft-ietf-httpapi-ratelimit-headers); ' +
        'only where rates are limited',
      '"per key"; r=59999; t=60',
    ),
  },
  RateLimitPolicy: {
    name: 'RateLimit-Policy',
    header: text(
      'The rate: requests (q) in so many seconds (w)',
      '"per key"; q=60000; w=60; pk=:M2E1N2JkMzY5:',
    ),
  },
} as const;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The document with the headers that every answer of it has: below `/v1` those of the rates, too. */
export function withCommonHeaders(document: oas31.OpenAPIObject): oas31.OpenAPIObject {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    const common = path.startsWith('/v1/') ? Object.keys(COMMON) : ['RequestId'];
    for (const method of METHODS)
      for (const answer of Object.values(item[method]?.responses ?? {}) as oas31.ResponseObject[])
        answer.headers = { ...answer.headers, ...references(common as (keyof typeof COMMON)[]) };
  }
  const headers = Object.fromEntries(Object.entries(COMMON).map(([name, { header }]) => [name, header]));
  return { ...document, components: { ...document.components, headers } };
}

const references = (names: (keyof typeof COMMON)[]): Record<string, oas31.ReferenceObject> =>
  Object.fromEntries(names.map((name) => [COMMON[name].name, { $ref: `#/components/headers/${name}` }]));
