import type { z } from 'zod';
import { detailOf, faultsOf } from './faults.js';
import { Problem, type Fault } from './problem.js';

/** The query of a request. Throws a Problem `invalid-query` that names every parameter at fault. */
export function parseQuery<Schema extends z.ZodType>(schema: Schema, query: unknown): z.output<Schema> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((parameter) => ({ parameter, detail: 'is not a known parameter' }))
      : [{ parameter: String(issue.path[0]), detail: detailOf(issue) }],
  );
  throw invalidQuery(errors);
}

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

export function invalidBody(errors: Fault[]): Problem {
  const [first] = errors;
  const where = first?.pointer ? first.pointer : 'The body';
  return new Problem('invalid-request', `${where}: ${first?.detail ?? 'is not valid'}.`, { errors });
}
