import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

/** What a client may choose: it is written into logs and headers. */
const ACCEPTED = /^[A-Za-z0-9._-]{1,64}$/;

/** Takes the client's X-Request-Id or makes one, and sends it with the answer. */
export const requestId: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id');
  const id = given !== undefined && ACCEPTED.test(given) ? given : randomUUID();
  response.locals.requestId = id;
  response.setHeader('X-Request-Id', id);
  next();
};

export const requestIdOf = (response: Response): string => String(response.locals.requestId);
