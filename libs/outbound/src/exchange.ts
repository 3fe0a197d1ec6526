import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Snooze, type TaskError } from '@offload/contracts/errors';
import type { Dispatcher } from 'undici';
import { checkTarget, parseTarget } from './address-guard.js';
import type { AllowList } from './allow-list.js';
import { ACCEPT_ENCODING, codingsOf, decodeBody } from './decode-body.js';
import { deadlineOver, failureOf, givenUp, tooLarge, type Phase } from './failure.js';
import type { HostGate } from './host-gate.js';
import { isSharedPlatform } from './host-key.js';
import { HostPasses } from './host-passes.js';
import { OutboundError } from './outbound-error.js';
import type { OutboundRequest, OutboundResponse } from './outbound.js';
import { nextHop, redirectOf, type Hop } from './redirect.js';
import { headersOf, requestHeaders } from './request-headers.js';
import { tellWhenSent } from './tell-when-sent.js';
import { retryAfterMs } from './status-error.js';

const MAX_REDIRECTS = 5;
const FIRST_BYTE_MS = 30_000;
const IDLE_MS = 30_000;
/** A redirect's body is read up to here, so that its connection can be used again. */
const REDIRECT_BODY_BYTES = 16 * 1024;
/** The statuses with which an origin asks everybody to come later. */
const BUSY = new Set([429, 503]);

/** What all exchanges share. */
export interface Surroundings {
  agentFor(method: string): Dispatcher;
  allow: AllowList;
  userAgent: string;
  /** Absent for hosts that have no limits. */
  gateFor(url: URL): HostGate | undefined;
}

/** One call of fetch: all its hops and its body under one deadline. */
export class Exchange {
  readonly #stop = new AbortController();
  /** Rejects with the verdict when the exchange is ended by us. */
  readonly #stopped: Promise<never>;
  readonly #timer: NodeJS.Timeout;
  readonly #passes: HostPasses;
  readonly #redirects: OutboundResponse['redirects'] = [];
  #host = '';
  #sent = false;
  /** Why it was ended by us; it outranks the error that ending it causes. */
  #verdict: TaskError | undefined;
  #body: Readable | undefined;
  /** Bodies of redirects, which may still be coming. */
  readonly #passed: Readable[] = [];

  constructor(
    private readonly surroundings: Surroundings,
    private readonly request: OutboundRequest,
  ) {
    const { signal } = this.#stop;
    this.#stopped = new Promise((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as TaskError)),
    );
    this.#stopped.catch(() => {});
    this.#passes = new HostPasses(request.patienceMs ?? 0, signal);
    this.#timer = setTimeout(
      () => this.#end(deadlineOver(this.#host, request.deadlineMs)),
      request.deadlineMs,
    );
    request.signal?.addEventListener('abort', this.#abort, { once: true });
  }

  async run(text: string): Promise<OutboundResponse> {
    try {
      if (this.request.signal?.aborted) this.#abort();
      const { method = 'GET', body } = this.request;
      const defaults = { 'accept-encoding': ACCEPT_ENCODING, 'user-agent': this.surroundings.userAgent };
      const headers = requestHeaders(this.request, defaults);
      return await this.#follow({ url: parseTarget(text), method: method.toUpperCase(), headers, body });
    } catch (error) {
      this.#release();
      if (this.request.body instanceof Readable) this.request.body.destroy();
      if (error instanceof Snooze && !this.#verdict) throw error;
      throw this.#explained(error, 'before-response');
    }
  }

  async #follow(first: Hop): Promise<OutboundResponse> {
    for (let hop = first; ;) {
      const response = await this.#hop(hop);
      const to = this.request.followRedirects === false ? undefined : this.#redirectOf(response, hop.url);
      if (to === undefined) return await this.#deliver(hop, response);
      this.#discard(response.body);
      if (this.#redirects.length >= (this.request.maxRedirects ?? MAX_REDIRECTS)) throw this.#tooMany();
      const next = nextHop(hop, response.statusCode, to);
      this.#redirects.push({ status: response.statusCode, from: hop.url.href, to: to.href });
      hop = next;
    }
  }

  async #hop({ url, method, headers, body }: Hop): Promise<Dispatcher.ResponseData> {
    const { surroundings, request } = this;
    this.#host = url.host;
    checkTarget(url, surroundings.allow);
    await this.#orStopped(this.#passes.enter(surroundings.gateFor(url), url, method, this.#sent));
    const answer = tellWhenSent(surroundings.agentFor(method), () => (this.#sent = true)).request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: { ...headers, ...headersOf(request.headersFor?.(url.href)) },
      body: typeof body === 'function' ? body() : body,
      headersTimeout: request.firstByteMs ?? FIRST_BYTE_MS,
      bodyTimeout: request.idleMs ?? IDLE_MS,
      signal: this.#stop.signal,
    });
    // It may come while the stop is on its way.
    answer
      .then(({ body: late }) => this.#stop.signal.aborted && late.on('error', () => {}).destroy())
      .catch(() => {});
    return this.#orStopped(answer);
  }

  /** undici hears an abort only once it has a connection; neither look-up, connect nor a full pool may hold us. */
  #orStopped<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#stopped]);
  }

  #redirectOf(response: Dispatcher.ResponseData, from: URL): URL | undefined {
    try {
      return redirectOf(response, from);
    } catch (error) {
      this.#discard(response.body);
      throw error;
    }
  }

  async #deliver({ url, method }: Hop, response: Dispatcher.ResponseData): Promise<OutboundResponse> {
    const { statusCode: status } = response;
    const headers = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [
        name.toLowerCase(),
        [value].flat().join(', '),
      ]),
    );
    const bodiless = method === 'HEAD' || [204, 304].includes(status) || headers['content-length'] === '0';
    const body = this.#open(response.body, bodiless ? {} : headers, status);
    const waitMs = BUSY.has(status) && !isSharedPlatform(url) ? retryAfterMs(headers, new Date()) : null;
    if (waitMs !== null) await this.#passes.holdBack(url, waitMs);
    const bytes = (): Promise<Buffer> => buffer(body);
    return { url: url.href, status, headers, redirects: this.#redirects, body, bytes };
  }

  #open(wire: Readable, headers: Record<string, string>, status: number): Readable {
    // Else an error that comes before anybody reads would end the process.
    wire.on('error', () => {});
    const { maxBytes } = this.request;
    const limit = (): TaskError => (this.#verdict ??= this.#marked(tooLarge(this.#host, maxBytes)));
    let codings: string[];
    try {
      const raw = this.request.raw === true || status === 206;
      codings = raw ? [] : codingsOf(headers['content-encoding'], this.#host);
      if (codings.length === 0 && Number(headers['content-length'] ?? 0) > maxBytes) throw limit();
    } catch (error) {
      wire.destroy();
      throw error;
    }
    const body = decodeBody(wire, codings, maxBytes, limit, (error) => this.#explained(error, 'in-body'));
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

  #tooMany(): OutboundError {
    const message = `${this.#host} redirected once more after ${this.#redirects.length} redirects.`;
    return new OutboundError('too-many-redirects', message, { retry: 'no' });
  }

  #explained(error: unknown, phase: Phase): TaskError {
    return this.#marked(this.#verdict ?? failureOf(error, this.#host, phase));
  }

  #marked(error: TaskError): TaskError {
    if (error instanceof OutboundError) error.sent ||= this.#sent;
    return error;
  }

  readonly #abort = (): void => this.#end(givenUp(this.request.signal?.reason));

  #end(verdict: TaskError): void {
    this.#verdict ??= this.#marked(verdict);
    this.#stop.abort(this.#verdict);
    this.#body?.destroy(this.#verdict);
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#passed.forEach((body) => body.destroy());
    this.#passes.leave();
    this.request.signal?.removeEventListener('abort', this.#abort);
  }
}
