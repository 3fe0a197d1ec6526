const EXAMPLE = 'for example https://example.com/feed.xml';

/**
 * What a person typed, as an absolute http(s) URL, or what is wrong with it. `feed:` addresses are accepted, and a
 * missing scheme is added: https, or http for this machine.
 */
export function feedAddress(typed: string): { url: string } | { fault: string } {
  const text = typed
    .trim()
    .replace(/^feed:(\/\/)?(?=https?:)/i, '')
    .replace(/^feed:(\/\/)?/i, 'http://');
  if (text === '') return { fault: `Enter the address of a feed or of a site, ${EXAMPLE}.` };
  const hasScheme = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text);
  const local = /^(localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$)/i.test(text);
  const full = hasScheme ? text : `${local ? 'http' : 'https'}://${text}`;
  if (!URL.canParse(full) || /\s/.test(full))
    return { fault: `This is not a web address. Enter one, ${EXAMPLE}.` };
  const url = new URL(full);
  if (!['http:', 'https:'].includes(url.protocol))
    return { fault: `Only http and https addresses can be fetched, not ${url.protocol}` };
  if (!hasScheme && !local && !url.hostname.includes('.'))
    return { fault: `This is not a web address. Enter one, ${EXAMPLE}.` };
  if (url.username || url.password)
    return { fault: 'Addresses with a user name or password in them are not fetched.' };
  return { url: url.href };
}

/** The host of an address, as people name a site; the address itself where it has none. */
export const hostOf = (url: string): string =>
  URL.canParse(url) ? new URL(url).host.replace(/^www\./, '') || url : url;
