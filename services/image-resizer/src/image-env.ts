import { readFileSync } from 'node:fs';
import { presetName, variantPreset } from '@offload/contracts/image-resize-variant';
import { integer, type EnvShape } from '@offload/runtime/env';
import { z } from 'zod';
import type { Presets } from './complete-variant.js';

const MIB = 1024 * 1024;

/** What image-resizer reads beside every worker's variables. */
export const imageEnv = {
  /** Whether SVG is taken; see docs/security.md. */
  IMAGE_SVG: z.enum(['on', 'off']).default('off'),
  /** JSON, or the path of a file with it: `{"thumb": {"width": 200, "height": 200, "fit": "cover"}}`. */
  IMAGE_PRESETS: z
    .string()
    .optional()
    .transform((text, check) => (text === undefined ? new Map() : presetsOf(text, check))),
  /** Child processes that work on images; as many as cores by default, and as handlers at most. */
  IMAGE_PROCESSES: integer(1, 64).optional(),
  /** Resident memory of one child at which it is ended, in bytes. */
  IMAGE_MEMORY_BYTES: integer(128 * MIB, 64 * 1024 * MIB).default(1024 * MIB),
  /** Time for one image once it is downloaded and its turn, in milliseconds; then its child is ended. */
  IMAGE_TIME_MS: integer(1_000, 60_000).default(45_000),
} satisfies EnvShape;

const presetsSchema = z.record(presetName, variantPreset);

function presetsOf(text: string, check: z.RefinementCtx): Presets {
  const fail = (message: string): never => {
    check.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  let json: string;
  try {
    json = text.trimStart().startsWith('{') ? text : readFileSync(text, 'utf8');
  } catch (error) {
    return fail(`is neither JSON nor the path of a file that can be read (${(error as Error).message})`);
  }
  try {
    const parsed = presetsSchema.safeParse(JSON.parse(json));
    if (parsed.success) return new Map(Object.entries(parsed.data));
    return fail(parsed.error.issues.map(faultOf).join('; '));
  } catch (error) {
    return fail(`is not JSON (${(error as Error).message})`);
  }
}

function faultOf(issue: z.core.$ZodIssue): string {
  const why = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  return `${issue.path.join('.')} ${why}`;
}
