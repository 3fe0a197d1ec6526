import type { Express, Request, RequestHandler } from 'express';
import { z } from 'zod';
import { negotiate } from './negotiate.js';
import { invalidQuery, UNKNOWN_PARAMETER } from './parse-query.js';
import { Problem } from './problem.js';
import { targetOf } from './request-target.js';
import type { RouteFacts } from './route-facts.js';
import { sparseFields } from './sparse-fields.js';

const methods = ['get', 'post', 'patch', 'delete'] as const;
type Method = (typeof methods)[number];

/** Path as Express writes it (`/v1/tasks/:id`) → method → handlers, in their order. */
export type Routes = Record<string, Partial<Record<Method, RequestHandler[]>>>;

export interface MountOptions {
  /** What each route is held to before its handler runs; nothing for those that are no part of the API's contract. */
  factsOf: (method: Method, path: string) => RouteFacts | undefined;
  /** Wraps a route's last handler. */
  last: (method: Method, path: string, handler: RequestHandler) => RequestHandler;
}

/**
 * Adds the routes. Any other method on their paths is a 405 with Allow (RFC 9110 section 15.5.6); the same path with a
 * slash at its end is a 308 to the one without, so that there is one address for each thing.
 */
export function mount(app: Express, routes: Routes, { factsOf, last }: MountOptions): void {
  for (const [path, handlers] of Object.entries(routes)) {
    const route = app.route(path);
    for (const method of methods) {
      const all = handlers[method];
      const end = all?.at(-1);
      if (!all || !end) continue;
      const facts = factsOf(method, path);
      route[method](...(facts ? checks(method, facts) : []), ...all.slice(0, -1), last(method, path, end));
    }
    const allow = [
      ...methods.flatMap((method) =>
        !handlers[method] ? [] : method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
      ),
      'OPTIONS',
    ].join(', ');
    route.all((request, response) => {
      if (request.method !== 'OPTIONS')
        throw new Problem('method-not-allowed', `This address takes ${allow}.`, {
          headers: { Allow: allow },
        });
      response.set('Allow', allow).status(204).end();
    });
    app.all(`${path}/`, withoutSlash);
  }
}

const checks = (method: Method, { types, parameters, members }: RouteFacts): RequestHandler[] => [
  negotiate(types),
  refuseUnknown(parameters),
  ...(method === 'get' && parameters.has('fields') ? [sparseFields(members)] : []),
];

/** A misspelt parameter must not pass for one that was obeyed. */
const refuseUnknown =
  (known: ReadonlySet<string>): RequestHandler =>
  (request, _response, next) => {
    const unknown = Object.keys(request.query).filter((name) => !known.has(name));
    if (unknown.length === 0) return next();
    throw invalidQuery(unknown.map((parameter) => ({ parameter, detail: UNKNOWN_PARAMETER })));
  };

/** The address comes from a route's own path: it cannot lead to another server. */
const withoutSlash: RequestHandler = (request, response) => {
  const [path = '', query] = targetOf(request).split(/\?(.*)/s);
  response.redirect(308, path.replace(/\/$/, '') + (query === undefined ? '' : `?${query}`));
};

/** A named part of the path, e.g. `id` of `/v1/tasks/:id`. */
export function pathPart(request: Request, name: string): string {
  const part = request.params[name];
  return typeof part === 'string' ? part : '';
}

/** The id that a part of the path names, in lower case, as ids are stored. */
export const pathId = (request: Request, name = 'id'): string => pathPart(request, name).toLowerCase();

const uuid = z.uuid();

/** The same; null when it cannot be one, so that nobody needs to be asked for it. */
export function pathUuid(request: Request, name = 'id'): string | null {
  const id = pathId(request, name);
  return uuid.safeParse(id).success ? id : null;
}
