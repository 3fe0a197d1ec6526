import { Readable } from 'node:stream';
import type { Result } from '@offload/contracts/define-task';
import { TaskError } from '@offload/contracts/errors';
import { HTTP_LIMITS, type httpFetch } from '@offload/contracts/http-fetch';
import type { StoredFile, TaskFiles } from '@offload/worker/handler';
import type { HttpInput } from './build-request.js';
import { decodeText } from './decode-text.js';
import { essence, fileOf, isJson, mediaType } from './media-type.js';
import type { BodyReader } from './read-body.js';
import type { JsonPart, ReadJson } from './read-json.js';
import { refused } from './refused.js';
import { headersWorthHaving } from './response-headers.js';
import type { Answer } from './send-call.js';

export type HttpResult = Result<typeof httpFetch>;

export interface DeliverOptions {
  input: HttpInput;
  files: Pick<TaskFiles, 'save'>;
  bodies: BodyReader;
  readJson: ReadJson;
}

/** What is known of an answer before its body is read. */
export function answerFacts({ status, url, redirects, headers }: Answer): HttpResult {
  const type = mediaType(headers['content-type']);
  return {
    status,
    url,
    redirects,
    headers: headersWorthHaving(headers),
    type: type && essence(type),
    bytes: 0,
    bigNumbers: 0,
    file: null,
    pages: null,
  };
}

/** RFC 9110, sections 9.3.2, 15.3.5, 15.3.6 and 15.4.5. */
const hasNoBody = (method: string, status: number): boolean =>
  method === 'HEAD' || [204, 205, 304].includes(status);

/**
 * An answer as a result, in the form that was asked for. Throws TaskError (permanent): `not-json`, `json-too-deep`,
 * `json-not-storable`, `json-too-large`, `bad-text`, `text-too-large`, `nothing-at-pointer`, `no-body`; and what the
 * body errors with.
 */
export async function deliver(answer: Answer, options: DeliverOptions): Promise<HttpResult> {
  const { input } = options;
  const type = mediaType(answer.headers['content-type']);
  const facts = answerFacts(answer);
  if (hasNoBody(input.method, answer.status)) {
    answer.body.destroy();
    if (input.pick === undefined) return facts;
    throw refused(
      'no-body',
      `There is nothing to pick from: a ${answer.status} to ${input.method} has no body.`,
    );
  }
  if (input.as === 'file') return asFile(facts, type, answer.body, options);
  if (input.as === 'text') return asText(facts, answer, options);
  if (input.as === 'json' || input.pick !== undefined) return asJson(facts, answer, options);
  return asItFits(facts, type, answer, options);
}

/** JSON that fits stands in the result; all else, and what only claims to be JSON, is a file. */
async function asItFits(
  facts: HttpResult,
  type: string | null,
  answer: Answer,
  options: DeliverOptions,
): Promise<HttpResult> {
  if (type !== null && !isJson(type)) return asFile(facts, type, answer.body, options);
  return options.bodies.read(answer.body, HTTP_LIMITS.inResult, {
    more: (body) => asFile(facts, type, body, options),
    async whole(bytes) {
      if (bytes.length === 0) return facts;
      try {
        const wish = { kind: 'document', pick: undefined } as const;
        const part = await options.readJson({ bytes, contentType: type ?? undefined, wish });
        return inResult(facts, bytes.length, part);
      } catch (error) {
        if (!(error instanceof TaskError)) throw error;
        return asFile(facts, type, Readable.from([bytes]), options);
      }
    },
  });
}

async function asJson(
  facts: HttpResult,
  answer: Answer,
  { input, bodies, readJson }: DeliverOptions,
): Promise<HttpResult> {
  const wish = { kind: 'document', pick: input.pick } as const;
  return bodies.all(answer.body, { limit: HTTP_LIMITS.json, what: 'The JSON' }, async (bytes) => {
    const part = await readJson({ bytes, contentType: answer.headers['content-type'], wish });
    if (input.pick === undefined) return inResult(facts, bytes.length, part);
    return { ...facts, bytes: bytes.length, bigNumbers: part.bigNumbers, picked: part.value };
  });
}

const inResult = (facts: HttpResult, bytes: number, { value, bigNumbers }: JsonPart): HttpResult => ({
  ...facts,
  bytes,
  bigNumbers,
  json: value,
});

async function asText(facts: HttpResult, answer: Answer, { bodies }: DeliverOptions): Promise<HttpResult> {
  return bodies.all(answer.body, { limit: HTTP_LIMITS.inResult, what: 'The text' }, async (bytes) => {
    const text = decodeText(bytes, answer.headers['content-type']);
    if (Buffer.byteLength(text) <= HTTP_LIMITS.inResult) return { ...facts, bytes: bytes.length, text };
    throw refused(
      'text-too-large',
      `The text has more than ${HTTP_LIMITS.inResult} bytes of UTF-8, which may stand in a result. Take it as a file.`,
    );
  });
}

async function asFile(
  facts: HttpResult,
  type: string | null,
  body: Readable,
  { input, files }: DeliverOptions,
): Promise<HttpResult> {
  const target = fileOf(type);
  const stored = await files.save(input.fileName ?? target.name, target.type, body);
  return { ...facts, bytes: stored.size, file: fileFacts(stored) };
}

export const fileFacts = ({ name, type, size, sha256 }: StoredFile): HttpResult['file'] => ({
  name,
  type,
  bytes: size,
  sha256,
});
