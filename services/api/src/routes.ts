import type { Express, Request, RequestHandler } from 'express';
import { Problem } from './problem.js';

/** Path as Express writes it (`/v1/tasks/:id`) → method → handlers, in their order. */
export type Routes = Record<string, Partial<Record<'get' | 'post' | 'patch' | 'delete', RequestHandler[]>>>;

/** Adds the routes; any other method on their paths is a 405 with Allow (RFC 9110 section 15.5.6). */
export function mount(app: Express, routes: Routes): void {
  for (const [path, methods] of Object.entries(routes)) {
    const route = app.route(path);
    if (methods.get) route.get(...methods.get);
    if (methods.post) route.post(...methods.post);
    if (methods.patch) route.patch(...methods.patch);
    if (methods.delete) route.delete(...methods.delete);
    const allow = [
      ...(methods.get ? ['GET', 'HEAD'] : []),
      ...(methods.post ? ['POST'] : []),
      ...(methods.patch ? ['PATCH'] : []),
      ...(methods.delete ? ['DELETE'] : []),
      'OPTIONS',
    ].join(', ');
    route.all((request, response) => {
      if (request.method !== 'OPTIONS')
        throw new Problem('method-not-allowed', `This address takes ${allow}.`, {
          headers: { Allow: allow },
        });
      response.set('Allow', allow).status(204).end();
    });
  }
}

/** A named part of the path, e.g. `id` of `/v1/tasks/:id`. */
export function pathPart(request: Request, name: string): string {
  const part = request.params[name];
  return typeof part === 'string' ? part : '';
}
