import { integer, type EnvShape } from '@offload/runtime/env';
import { z } from 'zod';
import { trustProxyOf } from './trust-proxy.js';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** What limits the API's use, and who may use it from where. */
export const limitsEnv = {
  FILE_MAX_BYTES: integer(1, 10 * GIB).default(100 * MIB),
  OWNER_FILE_BYTES: integer(1, Number.MAX_SAFE_INTEGER).default(10 * GIB),
  RATE_PER_KEY: integer(0, 10_000_000).default(60_000),
  RATE_PER_ADDRESS: integer(0, 10_000_000).default(300),
  MAX_CONNECTIONS: integer(1, 1_000_000).default(10_000),
  MAX_STREAMS: integer(1, 1_000_000).default(8_000),
  MAX_STREAMS_PER_KEY: integer(1, 1_000_000).default(1_000),
  SHED_LOOP_MS: integer(0, 60_000).default(500),
  SHED_STORE_MS: integer(0, 60_000).default(1_500),
  SHUTDOWN_DELAY_MS: integer(0, 300_000).default(0),
  DRAIN_MS: integer(0, 600_000).default(10_000),
  CORS_ORIGINS: z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .pipe(z.array(z.string().refine(isOrigin, 'must be origins such as https://app.example.com, or *')))
    .default([]),
  TRUST_PROXY: z
    .string()
    .default('0')
    .transform((value, context) => {
      const trusted = trustProxyOf(value);
      if (trusted !== undefined) return trusted;
      context.addIssue('must be a number of proxies, or their addresses and networks separated by commas');
      return z.NEVER;
    }),
} satisfies EnvShape;

/** As browsers send it (RFC 6454 section 6.2): no path, no slash at the end. */
function isOrigin(text: string): boolean {
  if (text === '*') return true;
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
