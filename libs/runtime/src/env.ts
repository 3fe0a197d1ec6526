import { z } from 'zod';
import { VERSION } from './version.js';

/** Variables by name, each with a zod schema that takes the variable's string (or undefined). */
export type EnvShape = Record<string, z.ZodType>;

export type Env<S extends EnvShape> = { [K in keyof S]: z.output<S[K]> };

/** Thrown by {@link readEnv}; its message lists every fault at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads and checks the environment once, in a service's main.ts. An empty variable counts as absent.
 * @throws ConfigError naming every wrong variable, what is wrong with it, and where the table of variables is.
 */
export function readEnv<S extends EnvShape>(env: NodeJS.ProcessEnv, shape: S): Env<S> {
  const given = Object.fromEntries(Object.keys(shape).map((name) => [name, env[name] || undefined]));
  const parsed = z.object(shape).safeParse(given);
  if (parsed.success) return parsed.data as Env<S>;
  const faults = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return given[name] === undefined ? `  ${name} is not set` : `  ${name}: ${issue.message}`;
  });
  throw new ConfigError(
    `The environment is not right:\n${faults.join('\n')}\nSee docs/operating.md for every variable.`,
  );
}

/** A whole number from a variable's string, within limits. */
export const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));

/** What every process reads. */
export const processEnv = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('production'),
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
  HEALTH_PORT: integer(0, 65535).optional(),
  HOST: z.string().default('127.0.0.1'),
  /** Of the build, as operators see it: a git commit, an image's tag. */
  RELEASE: z.string().max(100).default(VERSION),
  /** Milliseconds that the event loop may stand still before the process ends itself. */
  WATCHDOG_MS: integer(1_000, 600_000).default(15_000),
} satisfies EnvShape;

/** What every process that makes tasks reads. */
export const quotaEnv = {
  /** Tasks of one owner that have not ended. */
  OWNER_OPEN_TASKS: integer(1, 1_000_000_000).default(1_000_000),
} satisfies EnvShape;

/** What every process that keeps or uses the secrets of webhooks reads. */
export const webhookEnv = {
  /** Seals them in the database; the same in all processes. */
  WEBHOOK_KEY: z.string().min(32, 'must have at least 32 characters').optional(),
} satisfies EnvShape;

/** What every process that talks to broker and store reads. */
export const serverEnv = {
  AMQP_URL: z.url({ protocol: /^amqps?$/, error: 'must be an amqp:// or amqps:// URL' }),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must be a mongodb:// or mongodb+srv:// URI with a database name'),
} satisfies EnvShape;
