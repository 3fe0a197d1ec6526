import { TaskError } from '@offload/contracts/errors';
import { valueAt } from '@offload/contracts/reference';
import LinkHeader from 'http-link-header';
import { checkLength, type Call, type HttpInput } from './build-request.js';
import { setInQuery } from './query.js';
import { readUrl } from '@offload/outbound/read-url';

type Next = NonNullable<HttpInput['pages']>['next'];

/** What a page says about the one after it. */
export interface PageEnd {
  /** Of the page, after redirects. */
  url: string;
  link: string | undefined;
  /** What stands where `next` points; undefined when nothing does. */
  next: unknown;
}

/** Where a page's JSON says what the next one is; null: it does not. */
export const nextPointer = (next: Next): string | null =>
  next === 'link' ? null : 'url' in next ? next.url : next.cursor;

/** The call for the next page, and what it is known by: a URL or a cursor. */
export interface NextPage {
  call: Call;
  key: string;
}

/**
 * The call for the page after this one; null at the end: there is no next, it is null or empty, or the same again.
 * Throws TaskError (permanent) `bad-next-page` when what stands there is neither, or cannot be read.
 */
export function nextPage(call: Call, next: Next, page: PageEnd): NextPage | null {
  if (next === 'link') return byUrl(call, linkedNext(page.link), page.url);
  const value = page.next;
  if (value === undefined || value === null || value === '' || value === false) return null;
  if (typeof value !== 'string' && !('cursor' in next && typeof value === 'number'))
    throw badNext(`${JSON.stringify(nextPointer(next))} is ${typeof value}`);
  if ('url' in next) return byUrl(call, String(value), page.url);
  return 'query' in next ? byQuery(call, next.query, String(value)) : byBody(call, next.body, value);
}

/** RFC 8288, section 3.2: a link with an anchor is not about this page. */
function linkedNext(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  try {
    return LinkHeader.parse(header)
      .rel('next')
      .find((link) => !('anchor' in link))?.uri;
  } catch (error) {
    throw badNext('the Link header cannot be read', error);
  }
}

function byUrl(call: Call, reference: string | undefined, base: string): NextPage | null {
  if (reference === undefined || reference.trim() === '') return null;
  const url = readUrl(reference, base);
  if (!url) throw badNext('its URL cannot be read');
  url.hash = '';
  return url.href === call.url.href ? null : { call: { ...call, url }, key: url.href };
}

function byQuery(call: Call, name: string, cursor: string): NextPage | null {
  if (call.url.searchParams.get(name) === cursor) return null;
  const url = new URL(call.url);
  setInQuery(url, name, cursor);
  checkLength(url);
  return { call: { ...call, url }, key: cursor };
}

function byBody(call: Call, pointer: string, cursor: string | number): NextPage | null {
  const json = JSON.parse(call.body!.toString()) as unknown;
  if (valueAt(json, pointer).value === cursor) return null;
  const end = pointer.lastIndexOf('/');
  const parent = valueAt(json, pointer.slice(0, end)).value;
  if (parent === null || typeof parent !== 'object' || Array.isArray(parent))
    throw badNext(
      `the body has no object at ${JSON.stringify(pointer.slice(0, end))} that could take the cursor`,
    );
  const key = pointer
    .slice(end + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
  // As an own member, whatever its name.
  Object.defineProperty(parent, key, { value: cursor, enumerable: true, configurable: true, writable: true });
  return { call: { ...call, body: Buffer.from(JSON.stringify(json)) }, key: String(cursor) };
}

const badNext = (why: string, cause?: unknown): TaskError =>
  new TaskError('bad-next-page', `The next page cannot be found: ${why}.`, { retry: 'no', cause });
