import type { Readable } from 'node:stream';

/** A stream is destroyed when the request fails. It can be sent once: a redirect that wants it again is an error, unless a function makes a new one each time. */
export type OutboundBody = Buffer | string | Readable | (() => Readable);

export interface OutboundRequest {
  /** GET by default. */
  method?: string;
  /**
   * Host and the headers of one connection (RFC 9110, section 7.6.1) are refused. A redirect takes Authorization, Cookie
   * and Proxy-Authorization to no other origin; what else is secret belongs into `headersFor`.
   */
  headers?: Record<string, string>;
  /** Headers of one hop only, for what holds for one URL: conditions, for example. */
  headersFor?: (url: string) => Record<string, string>;
  /** 307 and 308 send it again; 303, and 301 and 302 after POST, go on with GET and without it. */
  body?: OutboundBody;
  /** Aborts the exchange at once. */
  signal?: AbortSignal;
  /** Limit of the whole exchange, redirects and body included, in milliseconds. */
  deadlineMs: number;
  /** Limit of each hop from the sent request to the end of the answer's headers, in milliseconds; 30,000 by default. */
  firstByteMs?: number;
  /** Limit without a byte of the body while somebody reads it, in milliseconds; 30,000 by default. */
  idleMs?: number;
  /** Cap on the decoded body in bytes. */
  maxBytes: number;
  /** 5 by default. */
  maxRedirects?: number;
  /** false: a redirect is the answer, as it is. For callers that decide about each hop themselves. */
  followRedirects?: boolean;
  /**
   * The bytes as they are stored: asks for `Accept-Encoding: identity`, and what comes encoded all the same is given as
   * it is. A Range (with or without If-Range) implies it: a part of a coded body can not be decoded. 206 and 416 are
   * answers like others: check the status.
   */
  raw?: boolean;
  /**
   * How long the call may wait in place for its turn at a busy host, in milliseconds and within the deadline; 0 by
   * default: Snooze `host-busy` is thrown at once. For the later requests of a task, where a snooze would mean that
   * the first ones are made again.
   */
  patienceMs?: number;
}

export interface OutboundResponse {
  /** The final URL. */
  url: string;
  status: number;
  /** Names in lower case; several values joined by `, `. */
  headers: Record<string, string>;
  redirects: { status: number; from: string; to: string }[];
  /**
   * Decoded (gzip, br, deflate, zstd where Node has it) unless `raw`. Errors with OutboundError past the cap or the
   * deadline, or when cut short. The host's place is held until it has been read to its end: destroy it when unwanted.
   */
  body: Readable;
  /** The whole body; the same limits. */
  bytes(): Promise<Buffer>;
}

/**
 * Requests to addresses that a client chose. Every error is an OutboundError (a TaskError with `sent`), or the
 * signal's own reason when that is a TaskError. Throws Snooze `host-busy` when the host's turn is later.
 */
export interface Outbound {
  fetch(url: string, request: OutboundRequest): Promise<OutboundResponse>;
  close(): Promise<void>;
}
