import { HTTP_LIMITS } from '@offload/contracts/http-fetch';
import { valueAt } from '@offload/contracts/reference';
import type { HttpInput } from './build-request.js';
import { decodeText } from './decode-text.js';
import { parseJson } from './parse-json.js';
import { pick, valueOf } from './pick.js';
import { refused } from './refused.js';

/** The bytes of an answer, and what of them is wanted: nothing else leaves the thread that parses them. */
export interface JsonRequest<Wish extends JsonWish = JsonWish> {
  bytes: Buffer;
  contentType: string | undefined;
  wish: Wish;
}

export type JsonWish =
  | { kind: 'document'; pick: HttpInput['pick'] }
  /** `items` and `next`: JSON pointers. */
  | { kind: 'page'; items: string; next: string | null };

export interface JsonPart {
  kind: 'document';
  value: unknown;
  bigNumbers: number;
}

export interface JsonPage {
  kind: 'page';
  /** The items as JSON, one a line; none has a line end inside. */
  lines: string;
  count: number;
  /** What stands at `next`; undefined when nothing does. */
  next: unknown;
  bigNumbers: number;
}

export type JsonReading<Wish extends JsonWish = JsonWish> = Extract<JsonPart | JsonPage, Pick<Wish, 'kind'>>;

/** Reads JSON here, or in a thread: see JsonThreads. */
export type ReadJson = <Wish extends JsonWish>(request: JsonRequest<Wish>) => Promise<JsonReading<Wish>>;

/**
 * Decodes, parses and takes out what is wanted. Throws TaskError (permanent): those of decodeText, parseJson and pick;
 * `json-too-large` when it does not fit into a result; `no-items` when there is no array.
 */
export function readJson({ bytes, contentType, wish }: JsonRequest): JsonReading {
  const { value, bigNumbers } = parseJson(decodeText(bytes, contentType));
  if (wish.kind === 'page') return { ...pageOf(value, wish), bigNumbers };
  const wanted = wish.pick === undefined ? value : pick(value, wish.pick);
  checkSize(wanted, wish.pick === undefined ? 'The JSON' : 'What is picked');
  return { kind: 'document', value: wanted, bigNumbers };
}

/** `null` in the place of a page or of its items is none. */
function pageOf(
  document: unknown,
  { items, next }: JsonWish & { kind: 'page' },
): Omit<JsonPage, 'bigNumbers'> {
  const list = document === null ? [] : (valueOf(document, items) ?? []);
  if (!Array.isArray(list)) throw refused('no-items', `The page has no array at ${JSON.stringify(items)}.`);
  return {
    kind: 'page',
    lines: list.map((item) => JSON.stringify(item)).join('\n'),
    count: list.length,
    next: next === null ? undefined : valueAt(document, next).value,
  };
}

function checkSize(value: unknown, what: string): void {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes <= HTTP_LIMITS.inResult) return;
  throw refused(
    'json-too-large',
    `${what} has ${bytes} bytes; at most ${HTTP_LIMITS.inResult} stand in a result. Pick less, or take it as a file.`,
  );
}
