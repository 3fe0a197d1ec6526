import { BlockList, isIP } from 'node:net';
import type { RequestHandler } from 'express';
import { Problem } from './problem.js';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether a server that listens at this host is reached from its own machine only. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const family = isIP(host);
  return family !== 0 && loopback.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

/** With any port. */
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * For a server without keys on loopback: a web page elsewhere must not use it through its visitor's browser.
 * A Host that is not ours is DNS rebinding; an Origin that is not ours is a form or script of another site.
 * @param origins of pages elsewhere that may
 */
export function localOnly(origins: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    const host = request.headers.host ?? '';
    // Programs of HTTP/1.0 need not send one; browsers always do.
    const old = request.httpVersion === '1.0' && request.headers.host === undefined;
    if (!old && !LOCAL_HOST.test(host))
      throw new Problem('wrong-host', 'This server is reached as localhost, 127.0.0.1 or [::1] only.');
    const { origin } = request.headers;
    const ours = origin === undefined || origin === `http://${host}` || origins.includes(origin);
    if (!ours && !SAFE_METHODS.has(request.method))
      throw new Problem('cross-site', 'Only pages of this server may send data to it.');
    next();
  };
}
