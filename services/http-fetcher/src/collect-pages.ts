import { Readable } from 'node:stream';
import { HTTP_LIMITS } from '@offload/contracts/http-fetch';
import type { HandlerContext } from '@offload/worker/handler';
import type { Call } from './build-request.js';
import { answerFacts, fileFacts, type DeliverOptions, type HttpResult } from './deliver.js';
import { nextPage, nextPointer } from './next-page.js';
import type { JsonPage } from './read-json.js';
import { refused } from './refused.js';
import type { Answer } from './send-call.js';

export interface CollectOptions extends DeliverOptions {
  first: Call;
  /** Sends one call; its body may have so many bytes at most. */
  send: (call: Call, maxBytes: number, page: number) => Promise<Answer>;
  progress: HandlerContext['progress'];
}

/**
 * The items of up to `max` pages, in the result while they fit, else in a file. At most one page and what fits into a
 * result are in memory. Throws TaskError (permanent): `no-items`, `page-loop`, those of `nextPage` and of `deliver`.
 */
export async function collectPages(options: CollectOptions): Promise<HttpResult> {
  const { input } = options;
  const run = new PageRun(options);
  const pages = run.pages();
  const lines: string[] = [];
  let size = 2;
  if (input.as !== 'file')
    for (let next = await pages.next(); !next.done; next = await pages.next()) {
      lines.push(next.value);
      size += Buffer.byteLength(next.value) + 1;
      if (size > HTTP_LIMITS.inResult) break;
    }
  if (input.as !== 'file' && size <= HTTP_LIMITS.inResult) return { ...run.facts(), json: itemsOf(lines) };
  if (input.as === 'json')
    throw refused(
      'json-too-large',
      `The items have more than the ${HTTP_LIMITS.inResult} bytes that may stand in a result. Take them as a file.`,
    );
  const ndjson = input.pages!.file === 'ndjson';
  const stored = await options.files.save(
    input.fileName ?? `items.${input.pages!.file}`,
    ndjson ? 'application/x-ndjson' : 'application/json',
    Readable.from((ndjson ? asNdjson : asArray)(lines, pages), { objectMode: false }),
  );
  return { ...run.facts(), file: fileFacts(stored) };
}

// No item's JSON has a line end inside: what JSON.stringify makes has none.
const itemsOf = (pages: string[]): unknown => JSON.parse(`[${pages.join('\n').replaceAll('\n', ',')}]`);

async function* asNdjson(first: string[], rest: AsyncGenerator<string>): AsyncGenerator<Buffer> {
  for (const lines of first.splice(0)) yield Buffer.from(`${lines}\n`);
  for await (const lines of rest) yield Buffer.from(`${lines}\n`);
}

async function* asArray(first: string[], rest: AsyncGenerator<string>): AsyncGenerator<Buffer> {
  let before = '[';
  const chunk = (lines: string): Buffer => {
    const text = before + lines.replaceAll('\n', ',\n');
    before = ',\n';
    return Buffer.from(text);
  };
  for (const lines of first.splice(0)) yield chunk(lines);
  for await (const lines of rest) yield chunk(lines);
  yield Buffer.from(before === '[' ? '[]' : ']');
}

/** One walk over the pages, and what is known of it at its end. */
class PageRun {
  #count = 0;
  #items = 0;
  #bytes = 0;
  #bigNumbers = 0;
  #redirects = 0;
  #next: string | null = null;
  #last: Answer | undefined;

  constructor(private readonly options: CollectOptions) {}

  /** The items of each page that has some, one a line. */
  async *pages(): AsyncGenerator<string, undefined> {
    const { first, send, progress, input } = this.options;
    const { max, next } = input.pages!;
    const seen = new Set([identity(first)]);
    for (let call = first; ;) {
      progress(this.#count, max, `page ${this.#count + 1}`);
      const answer = await send(call, input.maxBytes - this.#bytes, this.#count + 1);
      const page = await this.#read(answer);
      this.#last = answer;
      this.#count++;
      this.#items += page.count;
      this.#bigNumbers += page.bigNumbers;
      this.#redirects += answer.redirects;
      if (page.count > 0) yield page.lines;
      const following = nextPage(call, next, {
        url: answer.url,
        link: answer.headers.link,
        next: page.next,
      });
      if (following === null) return;
      if (this.#count === max) {
        this.#next = following.key;
        return;
      }
      call = following.call;
      const known = identity(call);
      if (seen.has(known))
        throw refused('page-loop', `After ${this.#count} pages the next one is one that was read before.`);
      seen.add(known);
    }
  }

  facts(): HttpResult {
    return {
      ...answerFacts(this.#last!),
      redirects: this.#redirects,
      bytes: this.#bytes,
      bigNumbers: this.#bigNumbers,
      pages: { count: this.#count, items: this.#items, more: this.#next !== null, next: this.#next },
    };
  }

  /** A page without a body is one without items. */
  async #read(answer: Answer): Promise<JsonPage> {
    const { bodies, readJson, input } = this.options;
    const { items, next } = input.pages!;
    const wish = { kind: 'page', items, next: nextPointer(next) } as const;
    return bodies.all(answer.body, { limit: HTTP_LIMITS.json, what: 'The page' }, async (bytes) => {
      this.#bytes += bytes.length;
      if (bytes.length > 0) return readJson({ bytes, contentType: answer.headers['content-type'], wish });
      return { kind: 'page', lines: '', count: 0, next: undefined, bigNumbers: 0 };
    });
  }
}

const identity = ({ url, body }: Call): string => `${url.href} ${body?.toString('base64') ?? ''}`;
