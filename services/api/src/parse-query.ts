import type { z } from 'zod';
import { detailOf, faultsOf, invalid } from './faults.js';
import { Problem, type Fault } from './problem.js';

/**
 * The query of a request; `fields` is everybody's and not looked at here (sparse-fields.ts). Throws a Problem
 * `invalid-query` that names every parameter at fault.
 */
export function parseQuery<Schema extends z.ZodType>(schema: Schema, query: object): z.output<Schema> {
  const { fields: _fields, ...given } = query as Record<string, unknown>;
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((parameter) => ({ parameter, detail: UNKNOWN_PARAMETER }))
      : [{ parameter: String(issue.path[0]), detail: faultOf(issue, given) }],
  );
  throw invalidQuery(errors);
}

const faultOf = (issue: z.core.$ZodIssue, given: Record<string, unknown>): string =>
  Array.isArray(given[String(issue.path[0])]) ? 'may be given once' : detailOf(issue);

export const UNKNOWN_PARAMETER = 'is not a known parameter';

export function invalidQuery(errors: { parameter: string; detail: string }[]): Problem {
  const all = errors.map(({ parameter, detail }) => `${parameter} ${detail}`).join('; ');
  return new Problem('invalid-query', `${all.slice(0, 500)}.`, { errors });
}

/** The body of a request that makes no task. Throws a Problem `invalid-request` with every fault of it. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalidBody(faultsOf(parsed.error, body));
}

export const invalidBody = (errors: Fault[]): Problem => invalid('invalid-request', errors);
