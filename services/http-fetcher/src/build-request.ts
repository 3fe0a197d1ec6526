import type { Input } from '@offload/contracts/define-task';
import { TaskError } from '@offload/contracts/errors';
import type { httpFetch } from '@offload/contracts/http-fetch';
import type { HandlerContext } from '@offload/worker/handler';
import { addToQuery, encodeFields } from './query.js';
import { secretsFor, type Secrets, type TaskSecrets } from './secrets.js';

export type HttpInput = Input<typeof httpFetch>;

/** What is sent for one page, without what belongs to one hop. */
export interface Call {
  method: HttpInput['method'];
  url: URL;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer | undefined;
}

/** URLs above this are refused by many servers and proxies; RFC 9110, section 4.1 asks for 8,000 at least. */
const LONGEST_URL = 8_000;

/** Says nothing about who asks: goes along to another origin. The rest stays with the one that it was meant for. */
const FOR_ANY_ORIGIN = new Set([
  'accept',
  'accept-language',
  'cache-control',
  'content-language',
  'content-type',
  'if-modified-since',
  'if-none-match',
  'range',
  'user-agent',
]);

const DEFAULT_ACCEPT = 'application/json, */*;q=0.5';

/**
 * The first request of a task and the secrets that it named. Throws TaskError (permanent): `url-too-long`, and
 * those of `secretsFor`.
 */
export function firstCall(
  input: HttpInput,
  { taskId, owner }: Pick<HandlerContext, 'taskId' | 'owner'>,
  secrets: Secrets,
): { call: Call; secrets: TaskSecrets } {
  const url = new URL(input.url);
  url.hash = '';
  addToQuery(url, input.query ?? {});
  const headers: Record<string, string> = { accept: DEFAULT_ACCEPT };
  const body = encoded(input.body);
  if (body) headers['content-type'] = body.type;
  if (input.idempotencyKey === 'task') headers['idempotency-key'] = taskId;
  const given = Object.entries(input.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  Object.assign(headers, Object.fromEntries(given));
  const named = secretsFor(secrets, { url, headers, owner, names: input.secrets ?? [] });
  checkLength(url);
  return { call: { method: input.method, url, headers, body: body?.bytes }, secrets: named };
}

export function checkLength(url: URL): void {
  if (url.href.length <= LONGEST_URL) return;
  throw new TaskError(
    'url-too-long',
    `The URL with its query has ${url.href.length} characters; at most ${LONGEST_URL} are sent. Send long values in a body.`,
    { retry: 'no' },
  );
}

/** The headers of a call by where they may go: everywhere, or to its own origin only. */
export function splitHeaders(headers: Call['headers']): { anywhere: Call['headers']; own: Call['headers'] } {
  const entries = Object.entries(headers);
  return {
    anywhere: Object.fromEntries(entries.filter(([name]) => FOR_ANY_ORIGIN.has(name))),
    own: Object.fromEntries(entries.filter(([name]) => !FOR_ANY_ORIGIN.has(name))),
  };
}

function encoded(body: HttpInput['body']): { bytes: Buffer; type: string } | undefined {
  if (body === undefined) return undefined;
  if ('json' in body) return { bytes: Buffer.from(JSON.stringify(body.json)), type: 'application/json' };
  if ('text' in body) return { bytes: Buffer.from(body.text), type: body.type };
  return { bytes: Buffer.from(encodeFields(body.form)), type: 'application/x-www-form-urlencoded' };
}
