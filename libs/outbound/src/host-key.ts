import { parse } from 'tldts';
import { literalOf, portOf } from './address-guard.js';
import { bareHost } from './allow-list.js';

/**
 * Platforms where everybody has a name of their own below one domain: each name is a host of its own here. Those in the
 * Public Suffix List (github.io, blogspot.com) need no line.
 */
const NAME_PLATFORMS = new Set([
  'bandcamp.com',
  'buzzsprout.com',
  'hateblo.jp',
  'libsyn.com',
  'micro.blog',
  'over-blog.com',
  'podbean.com',
  'substack.com',
  'tumblr.com',
  'typepad.com',
  'wordpress.com',
]);

/** Platforms where many publish below one host: what it says to one of them is not meant for the others. */
const PATH_PLATFORMS = new Set([
  'anchor.fm',
  'feedburner.com',
  'feedpress.me',
  'github.com',
  'gitlab.com',
  'googleusercontent.com',
  'medium.com',
  'megaphone.fm',
  'reddit.com',
  'rsshub.app',
  'simplecast.com',
  'soundcloud.com',
  'youtube.com',
]);

/**
 * Whom a request burdens: the registrable domain (Public Suffix List with its private part, so that `a.github.io` and
 * `b.github.io` are two), the host name on a platform of names, `host:port` for an address and for a name without one.
 */
export function hostKey(url: URL): string {
  const { domain } = facts(url);
  if (domain === null) return `${bareHost(url.hostname)}:${portOf(url)}`;
  return NAME_PLATFORMS.has(domain) ? bareHost(url.hostname) : domain;
}

/** Whether a Retry-After for this URL is meant for the URL alone, since many publish below its host. */
export function isSharedPlatform(url: URL): boolean {
  const { domain, isPrivate } = facts(url);
  return domain === null ? isPrivate : PATH_PLATFORMS.has(domain);
}

/** The registrable domain if there is one; isPrivate: the name is below, or is, a suffix that somebody lends out. */
function facts(url: URL): { domain: string | null; isPrivate: boolean } {
  if (literalOf(url) !== null) return { domain: null, isPrivate: false };
  const { domain, isPrivate } = parse(url.hostname, { allowPrivateDomains: true });
  return { domain, isPrivate: isPrivate ?? false };
}
