// @ts-check

const EXAMPLE = 'for example https://example.com/feed.xml';

/**
 * What a person typed, as an absolute http(s) URL, or what is wrong with it. `feed:` addresses are accepted, and
 * a missing scheme is added: https, or http for this machine.
 *
 * @param {string} typed
 * @returns {{ url: string, fault?: undefined } | { url?: undefined, fault: string }}
 */
export function feedAddress(typed) {
  const text = typed
    .trim()
    .replace(/^feed:(\/\/)?(?=https?:)/i, '')
    .replace(/^feed:/i, 'https:');
  if (text === '') return { fault: `Enter the address of a feed, ${EXAMPLE}.` };
  const hasScheme = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text);
  const local = /^(localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$)/i.test(text);
  const full = hasScheme ? text : `${local ? 'http' : 'https'}://${text}`;
  if (!URL.canParse(full) || /\s/.test(full))
    return { fault: `This is not a web address. Enter one, ${EXAMPLE}.` };
  const url = new URL(full);
  if (!['http:', 'https:'].includes(url.protocol)) {
    return { fault: `Only http and https addresses can be fetched, not ${url.protocol}` };
  }
  if (!hasScheme && !local && !url.hostname.includes('.')) {
    return { fault: `This is not a web address. Enter one, ${EXAMPLE}.` };
  }
  return { url: url.href };
}
