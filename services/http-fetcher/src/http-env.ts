import { z } from 'zod';
import { readSecrets, type Secrets } from './secrets.js';

export const httpEnv = {
  /** Path of the JSON file with the operator's secrets, read once at the start; see docs/http-fetch.md. */
  HTTP_SECRETS_FILE: z
    .string()
    .optional()
    .transform((path, context): Secrets => {
      if (path === undefined) return new Map();
      try {
        return readSecrets(path);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
        return z.NEVER;
      }
    }),
};
