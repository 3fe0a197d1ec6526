import type { HttpInput } from './build-request.js';

type Fields = NonNullable<HttpInput['query']>;

/** As application/x-www-form-urlencoded has it; an array repeats its name. */
export function encodeFields(fields: Fields): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    for (const each of [value].flat()) params.append(name, String(each));
  return params.toString();
}

/**
 * Adds to a URL's query, in place. What stands there stays byte for byte: another spelling of the same (`+` for `%20`)
 * would break a signature over it.
 */
export function addToQuery(url: URL, fields: Fields): void {
  const more = encodeFields(fields);
  if (more !== '') url.search = url.search === '' ? more : `${url.search.replace(/&$/, '')}&${more}`;
}

/** The same, but it replaces what has the name already. */
export function setInQuery(url: URL, name: string, value: string): void {
  const others = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !new URLSearchParams(pair).has(name));
  url.search = others.join('&');
  addToQuery(url, { [name]: value });
}
