import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export const root = new URL('../../', import.meta.url);

/** What the test of docker-compose.yml looks at in a service; the schema says what else may be there. */
export interface ComposeService {
  image?: string;
  build?: { context: string; dockerfile: string };
  pull_policy?: string;
  command?: string[];
  user?: string;
  restart?: string;
  environment?: Record<string, string>;
  read_only?: boolean;
  cap_drop?: string[];
  cap_add?: string[];
  privileged?: boolean;
  security_opt?: string[];
  ports?: string[];
  expose?: string[];
  hostname?: string;
  container_name?: string;
  networks?: string[];
  network_mode?: string;
  volumes?: string[];
  tmpfs?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[]; disable?: boolean };
  stop_grace_period?: string;
  init?: boolean;
}

export interface ComposeFile {
  services: Record<string, ComposeService>;
  networks: Record<string, { internal?: boolean; driver_opts?: Record<string, string> }>;
  volumes: Record<string, object>;
}

/** docker-compose.yml as written. */
export const composeText = (): string => readFileSync(new URL('docker-compose.yml', root), 'utf8');

/**
 * The file with its variables filled in, as Compose would: `${NAME:-default}` and `${NAME:?message}`.
 * Throws an Error with the line `NAME: message` for each variable that is required and not in `env`.
 */
export function loadCompose(env: Record<string, string>): ComposeFile {
  const missing = new Set<string>();
  const fill = (text: string): string =>
    text.replace(
      /\$\{([A-Z0-9_]+)(?::([-?])([^}]*))?\}/g,
      (_, name: string, operator?: string, rest: string = '') => {
        if (env[name]) return env[name];
        if (operator === '?') missing.add(`${name}: ${rest}`);
        return operator === '-' ? rest : '';
      },
    );
  const fillAll = (value: unknown): unknown => {
    if (typeof value === 'string') return fill(value);
    if (Array.isArray(value)) return value.map(fillAll);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fillAll(each)]));
  };
  const file = fillAll(parse(composeText(), { merge: true })) as ComposeFile;
  if (missing.size > 0) throw new Error([...missing].sort().join('\n'));
  return file;
}

/** Milliseconds of a Compose duration such as `1m30s`. */
export function durationMs(text: string): number {
  const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
  const parts = [...text.matchAll(/(\d+)(ms|h|m|s)/g)];
  if (parts.map(([part]) => part).join('') !== text) throw new Error(`'${text}' is not a duration`);
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0);
}
