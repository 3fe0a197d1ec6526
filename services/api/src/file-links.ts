import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { Problem } from './problem.js';

/** The query parameter that carries a link's proof. */
const PARAMETER = 'link';
/** A link is good for one to two of these, milliseconds; it stays the same for one, so that caches know it again. */
const PERIOD_MS = 3_600_000;

/** Addresses of files that work without a key for an hour or two: for <img>, downloads and other services. */
export interface FileLinks {
  /** Resolves once links can be signed; `sign` throws before. Rejects when the database is away. */
  ready(): Promise<void>;
  /** The path with its proof added. It shows one file of that owner, to whoever has it. */
  sign(path: string, owner: string): string;
  /** Changes whenever the links do; for the ETag of what shows them. */
  period(): string;
  /** The owner whose file a request's link shows; null when it has none. Throws a Problem `invalid-link`. */
  ownerOf(request: Pick<Request, 'method' | 'path' | 'query'>): Promise<string | null>;
}

/**
 * @param read the secret of all processes; asked once, for the first link
 * @param now of the database, so that they agree
 */
export function createFileLinks(read: () => Promise<Buffer>, now: () => Date): FileLinks {
  let secret: Buffer | undefined;
  const proof = (path: string, owner: string, until: string): Buffer => {
    if (!secret) throw new Error('A link was made or read before the secret was there.');
    return createHmac('sha256', secret)
      .update(JSON.stringify([path, owner, until]))
      .digest();
  };

  const ready = async (): Promise<void> => {
    secret ??= await read();
  };
  const period = (): string => ((Math.floor(now().getTime() / PERIOD_MS) + 2) * PERIOD_MS).toString(36);

  return {
    ready,
    period,
    sign(path, owner) {
      const until = period();
      const parts = [Buffer.from(owner), until, proof(path, owner, until)];
      const link = parts
        .map((part) => (typeof part === 'string' ? part : part.toString('base64url')))
        .join('.');
      return `${path}?${PARAMETER}=${link}`;
    },
    async ownerOf({ method, path, query }) {
      const link = query[PARAMETER];
      if (link === undefined) return null;
      if (method !== 'GET' && method !== 'HEAD') throw invalidLink('A link is for reading one file only.');
      await ready();
      const [owner64 = '', until = '', given = ''] = typeof link === 'string' ? link.split('.') : [];
      const owner = Buffer.from(owner64, 'base64url').toString();
      const right = proof(path, owner, until);
      const sent = Buffer.from(given, 'base64url');
      if (sent.length !== right.length || !timingSafeEqual(sent, right))
        throw invalidLink('The link is not one of this server, or it is for another file.');
      if (Number.parseInt(until, 36) <= now().getTime())
        throw invalidLink('The link has expired: get a new one from where it was shown.');
      return owner;
    },
  };
}

const invalidLink = (detail: string): Problem => new Problem('invalid-link', detail);
