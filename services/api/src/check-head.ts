import type { RequestHandler } from 'express';
import { Problem } from './problem.js';

/** Bytes of a path with its query. RFC 9112 section 3 asks for 8,000 at least. */
export const LONGEST_ADDRESS = 8 * 1024;
const MOST_HEADERS = 100;

/** What HTTP says of a request's head, where Node.js would not answer with a problem or not look at all. */
export const checkHead: RequestHandler = (request, _response, next) => {
  if (request.originalUrl.length > LONGEST_ADDRESS)
    throw new Problem('address-too-long', `An address may have ${LONGEST_ADDRESS} bytes.`);
  const headers = request.rawHeaders.length / 2;
  if (headers > MOST_HEADERS)
    throw new Problem(
      'headers-too-large',
      `There are ${headers} headers; at most ${MOST_HEADERS} are taken.`,
    );
  // RFC 9112 section 3.2.
  if (request.httpVersion === '1.1' && request.headers.host === undefined)
    throw new Problem('malformed-request', 'An HTTP/1.1 request has a Host header.');
  next();
};
