import { z } from 'zod';

/** A JSON pointer (RFC 6901 section 3). @param example for who wrote another thing */
export const jsonPointer = (example: string) =>
  z
    .string()
    .max(1_000)
    .regex(/^(\/([^~]|~[01])*)?$/, `must be a JSON pointer (RFC 6901) such as ${example}`);
