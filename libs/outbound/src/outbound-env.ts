import { integer } from '@offload/runtime/env';
import { z } from 'zod';
import { allowList } from './allow-list.js';

/** Goes into a header as it stands (RFC 9110, section 5.5). */
const headerText = z
  .string()
  .regex(/^[\x20-\x7e]{1,200}$/, 'must be printable ASCII, at most 200 characters');

/** The environment of a service that makes outbound requests, for `readEnv`. */
export const outboundEnv = {
  /** Entries separated by commas or spaces; see {@link allowList}. */
  OUTBOUND_ALLOW: z
    .string()
    .default('')
    .transform((text, context): string[] => {
      const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
      for (const entry of entries) {
        try {
          allowList([entry]);
        } catch (error) {
          context.addIssue({ code: 'custom', message: (error as Error).message });
        }
      }
      return entries;
    }),
  /** The whole User-Agent; Offload, its version and the contact by default. */
  OUTBOUND_USER_AGENT: headerText.optional(),
  /** Where the operator of an origin finds out who asks: a URL or an address. */
  OUTBOUND_CONTACT: headerText.optional(),
  /** Exchanges with one host at once, over all workers. */
  OUTBOUND_HOST_CONCURRENCY: integer(1, 1_000).default(6),
  /** Exchanges with one host that begin in a second, over all workers. */
  OUTBOUND_HOST_RATE_PER_SECOND: z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'must be a number')
    .transform(Number)
    .pipe(z.number().min(0.001).max(1_000))
    .default(5),
  /** Whether the two limits hold for hosts of OUTBOUND_ALLOW, too. */
  OUTBOUND_LIMIT_ALLOWED: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
};
