import { z } from 'zod';
import { allowList } from './allow-list.js';

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
};
