import type { Request, RequestHandler } from 'express';
import type { Log } from '@offload/runtime/logger';
import type { ApiKeyRecord, Role } from '@offload/store/api-keys';
import { mayDo, roleNeeded } from './access.js';
import type { FileLinks } from './file-links.js';
import type { KnownKeys } from './known-keys.js';
import { Problem } from './problem.js';

/** Who asks. */
export interface Auth {
  owner: string;
  roles: readonly Role[];
  /** The key's id; null for one who needs none. */
  key: string | null;
}

/** The owner of what is made without a key, on a server that only its own machine reaches. */
const LOCAL: Auth = { owner: 'local', roles: ['admin'], key: null };

export interface AuthenticateOptions {
  keys: KnownKeys;
  links: FileLinks;
  /** Whether a request without a key is refused. Where it is not, one with a key counts as that key's all the same. */
  required: boolean;
  log: Log;
}

const asked = new WeakMap<Request, { auth: Auth; links: FileLinks }>();

/** Throws when the request has not been through {@link authenticate}: no query must run without an owner. */
export function authOf(request: Request): Auth {
  const found = asked.get(request);
  if (!found) throw new Error('The owner of a request was asked for before it was authenticated.');
  return found.auth;
}

/**
 * How paths of files are shown to the one who asks: with a link's proof when he has a key, since a browser sends none
 * for an image or a download. `period` goes into the ETag of what shows them.
 */
export function fileAddresses(request: Request): { of: (path: string) => string; period: string } {
  const { owner, key } = authOf(request);
  const links = key === null ? undefined : asked.get(request)?.links;
  return links
    ? { of: (path) => links.sign(path, owner), period: links.period() }
    : { of: (path) => path, period: '' };
}

const SCHEME = /^bearer +(\S+) *$/i;
const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="offload"' };
const INVALID = { 'WWW-Authenticate': 'Bearer realm="offload", error="invalid_token"' };

/**
 * Finds out who asks (RFC 6750) and whether he may: by a bearer key, or, for one file, by a signed link. Throws the
 * Problems `no-key`, `invalid-key`, `invalid-link` and `forbidden`.
 */
export function authenticate(options: AuthenticateOptions): RequestHandler {
  return async (request, _response, next) => {
    const needed = roleNeeded(request.method, request.path);
    if (needed === null) return next();
    const auth = await authOfRequest(request, options);
    if (!mayDo(auth.roles, needed))
      throw new Problem('forbidden', `This needs a key with the role ${needed}.`, {
        headers: {
          'WWW-Authenticate': `Bearer realm="offload", error="insufficient_scope", scope="${needed}"`,
        },
      });
    asked.set(request, { auth, links: options.links });
    next();
  };
}

async function authOfRequest(
  request: Request,
  { keys, links, required, log }: AuthenticateOptions,
): Promise<Auth> {
  const given = request.headers.authorization;
  if (given !== undefined) {
    const key = SCHEME.exec(given)?.[1];
    const record = key === undefined ? null : await keys.find(key);
    if (record) {
      // What is answered may show links.
      await links.ready();
      return authOfKey(record);
    }
    log.info('a key was refused', { path: request.path });
    throw new Problem(
      'invalid-key',
      'The key is not valid (any more). It is sent as: Authorization: Bearer ofl_…',
      { headers: INVALID },
    );
  }
  const owner = await links.ownerOf(request);
  if (owner !== null) return { owner, roles: ['read'], key: null };
  if (required)
    throw new Problem('no-key', 'Send a key: Authorization: Bearer ofl_…', { headers: CHALLENGE });
  return LOCAL;
}

const authOfKey = ({ _id, owner, roles }: ApiKeyRecord): Auth => ({ owner, roles, key: _id });
