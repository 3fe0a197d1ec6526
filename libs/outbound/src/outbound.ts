import type { Readable } from 'node:stream';

export interface OutboundRequest {
  /** GET by default. */
  method?: string;
  headers?: Record<string, string>;
  /** Aborts the exchange at once. */
  signal?: AbortSignal;
  /** Limit of the whole exchange, redirects and body included, in milliseconds. */
  deadlineMs: number;
  /** Cap on the decoded body in bytes. */
  maxBytes: number;
  /** 5 by default. */
  maxRedirects?: number;
}

export interface OutboundResponse {
  /** The final URL. */
  url: string;
  status: number;
  /** Names in lower case; several values joined by `, `. */
  headers: Record<string, string>;
  redirects: { status: number; from: string; to: string }[];
  /** Decoded (gzip, br, deflate, zstd where Node has it). Errors with TaskError past the cap or the deadline, or when cut short. */
  body: Readable;
  /** The whole body; the same limits. */
  bytes(): Promise<Buffer>;
}

/** Requests to addresses that a client chose. Every error is a TaskError with its code. */
export interface Outbound {
  fetch(url: string, request: OutboundRequest): Promise<OutboundResponse>;
  close(): Promise<void>;
}
