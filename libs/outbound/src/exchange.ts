import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { TaskError } from '@offload/contracts/errors';
import type { Dispatcher } from 'undici';
import { checkTarget, parseTarget } from './address-guard.js';
import type { AllowList } from './allow-list.js';
import { ACCEPT_ENCODING, codingsOf, decodeBody } from './decode-body.js';
import { deadlineOver, failureOf, givenUp, tooLarge } from './failure.js';
import type { OutboundRequest, OutboundResponse } from './outbound.js';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 5;
/** A redirect's body is read up to here, so that its connection can be used again. */
const REDIRECT_BODY_BYTES = 16 * 1024;
/** Headers that prove who asks: they stay with the origin that they were given for. */
const PERSONAL = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** One call of fetch: all its hops and its body under one deadline. */
export class Exchange {
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #redirects: OutboundResponse['redirects'] = [];
  #host = '';
  /** Why it was ended by us; it outranks the error that ending it causes. */
  #verdict: TaskError | undefined;
  #body: Readable | undefined;
  /** Bodies of redirects, which may still be coming. */
  readonly #passed: Readable[] = [];

  constructor(
    private readonly agent: Dispatcher,
    private readonly allow: AllowList,
    private readonly userAgent: string,
    private readonly request: OutboundRequest,
  ) {
    this.#timer = setTimeout(
      () => this.#end(deadlineOver(this.#host, request.deadlineMs)),
      request.deadlineMs,
    );
    request.signal?.addEventListener('abort', this.#abort, { once: true });
  }

  async run(text: string): Promise<OutboundResponse> {
    try {
      if (this.request.signal?.aborted) this.#abort();
      return await this.#follow(parseTarget(text));
    } catch (error) {
      this.#release();
      throw this.#verdict ?? failureOf(error, this.#host, 'before-response');
    }
  }

  async #follow(first: URL): Promise<OutboundResponse> {
    let url = first;
    let method = this.request.method ?? 'GET';
    let headers: Record<string, string> = {
      'accept-encoding': ACCEPT_ENCODING,
      'user-agent': this.userAgent,
      ...lowerCase(this.request.headers),
    };
    for (;;) {
      const response = await this.#hop(url, method, headers);
      const location = REDIRECTS.has(response.statusCode) ? one(response.headers.location) : undefined;
      if (location === undefined) return this.#deliver(url, method, response);
      this.#discard(response.body);
      const next = this.#nextHop(url, location, response.statusCode);
      // RFC 9110, sections 15.4.2 to 15.4.4: 303 becomes GET; 301 and 302 turn POST into GET.
      const { statusCode } = response;
      if (statusCode === 303 || (statusCode <= 302 && method === 'POST')) {
        method = method === 'HEAD' ? 'HEAD' : 'GET';
      }
      if (next.origin !== url.origin) headers = withoutPersonal(headers);
      url = next;
    }
  }

  async #hop(url: URL, method: string, headers: Record<string, string>): Promise<Dispatcher.ResponseData> {
    this.#host = url.host;
    checkTarget(url, this.allow);
    return this.agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers,
      signal: this.#stop.signal,
    });
  }

  #nextHop(from: URL, location: string, status: number): URL {
    if (this.#redirects.length >= (this.request.maxRedirects ?? MAX_REDIRECTS)) {
      throw new TaskError(
        'too-many-redirects',
        `${this.#host} redirected once more after ${this.#redirects.length} redirects.`,
        { retry: 'no' },
      );
    }
    const to = parseTarget(location, from);
    this.#redirects.push({ status, from: from.href, to: to.href });
    return to;
  }

  #deliver(url: URL, method: string, response: Dispatcher.ResponseData): OutboundResponse {
    const headers = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [
        name.toLowerCase(),
        [value].flat().join(', '),
      ]),
    );
    const bodiless =
      method === 'HEAD' || [204, 304].includes(response.statusCode) || headers['content-length'] === '0';
    const body = this.#open(response.body, bodiless ? {} : headers);
    const bytes = (): Promise<Buffer> => buffer(body);
    return { url: url.href, status: response.statusCode, headers, redirects: this.#redirects, body, bytes };
  }

  #open(wire: Readable, headers: Record<string, string>): Readable {
    // Else an error that comes before anybody reads would end the process.
    wire.on('error', () => {});
    const { maxBytes } = this.request;
    const limit = (): TaskError => (this.#verdict ??= tooLarge(this.#host, maxBytes));
    let codings: string[];
    try {
      codings = codingsOf(headers['content-encoding'], this.#host);
      if (codings.length === 0 && Number(headers['content-length'] ?? 0) > maxBytes) throw limit();
    } catch (error) {
      wire.destroy();
      throw error;
    }
    const host = this.#host;
    const explain = (error: Error): TaskError => this.#verdict ?? failureOf(error, host, 'in-body');
    const body = decodeBody(wire, codings, maxBytes, limit, explain);
    body.on('error', () => {});
    body.once('close', () => this.#release());
    return (this.#body = body);
  }

  #discard(body: Dispatcher.ResponseData['body']): void {
    body.on('error', () => {});
    // Not waited for, and its errors are no matter: only whether the connection can be used again depends on it.
    this.#passed.push(body);
    body.dump({ limit: REDIRECT_BODY_BYTES }).catch(() => body.destroy());
  }

  readonly #abort = (): void => this.#end(givenUp(this.request.signal?.reason));

  #end(verdict: TaskError): void {
    this.#verdict ??= verdict;
    this.#stop.abort(this.#verdict);
    this.#body?.destroy(this.#verdict);
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#passed.forEach((body) => body.destroy());
    this.request.signal?.removeEventListener('abort', this.#abort);
  }
}

/** Header values arrive as Latin-1; a Location may be UTF-8 all the same (RFC 9110, section 5.5). */
function one(header: string | string[] | undefined): string | undefined {
  const value = [header].flat()[0];
  if (value === undefined) return undefined;
  const utf8 = Buffer.from(value, 'latin1').toString('utf8');
  return utf8.includes('\ufffd') ? value : utf8;
}

const lowerCase = (headers: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const withoutPersonal = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !PERSONAL.has(name)));
