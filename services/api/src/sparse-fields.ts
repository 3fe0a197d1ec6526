import type { Request, RequestHandler } from 'express';
import { invalidQuery } from './parse-query.js';

/** What requests asked for, while they last. */
const asked = new WeakMap<Request, ReadonlySet<string>>();

/** The members that a request asks for; undefined: all of them. */
export const fieldsOf = (request: Request): ReadonlySet<string> | undefined => asked.get(request);

/** Whether a member is asked for: what is not needs no look into the store. */
export const wants = (request: Request, field: string): boolean => asked.get(request)?.has(field) ?? true;

/**
 * `?fields=id,state` (sparse fieldsets): the answer has only these members, a page only these of each item. Throws a
 * Problem `invalid-query` that says which there are.
 * @param known the members of the resource
 */
export function sparseFields(known: readonly string[]): RequestHandler {
  return (request, response, next) => {
    const given = request.query.fields;
    if (given === undefined) return next();
    if (typeof given !== 'string') throw fault('may be given once, its names separated by commas');
    const names = new Set(given.split(',').map((name) => name.trim()));
    const unknown = [...names].filter((name) => !known.includes(name));
    if (unknown.length > 0)
      throw fault(`has ${unknown.map(quoted).join(', ')}; there are ${[...known].sort().join(', ')}`);
    asked.set(request, names);
    const send = response.json.bind(response);
    response.json = (body: object) => send(picked(body, names));
    next();
  };
}

const fault = (detail: string) => invalidQuery([{ parameter: 'fields', detail }]);

const quoted = (name: string): string => JSON.stringify(name.slice(0, 50));

const picked = (body: object, names: ReadonlySet<string>): object =>
  'items' in body && Array.isArray(body.items)
    ? { ...body, items: body.items.map((item: object) => pick(item, names)) }
    : pick(body, names);

const pick = (resource: object, names: ReadonlySet<string>): object =>
  Object.fromEntries(Object.entries(resource).filter(([name]) => names.has(name)));
