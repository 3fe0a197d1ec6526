import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Inbox } from './signals.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Process types as in the Procfile, where only `web` has another name than its folder; and `rogue`, a worker for
 * system.echo whose handler misbehaves as its input says (test/support/rogue-worker.mjs).
 */
export type ProcessType =
  | 'web'
  | 'clock'
  | 'feed-fetcher'
  | 'http-fetcher'
  | 'image-resizer'
  | 's3-uploader'
  | 'webhook-sender'
  | 'echo'
  | 'rogue';

/** A service's process as the supervisor would start it. */
export interface ServiceProcess {
  type: ProcessType;
  pid: number;
  /** Everything it printed, line by line. */
  lines: Inbox<string>;
  /** Its exit code, or null when a signal ended it. */
  exited: Promise<number | null>;
  readonly ended: boolean;
  /** Resolves once the log says that it works. */
  started(): Promise<void>;
  signal(name: NodeJS.Signals): void;
}

const STARTED: Record<ProcessType, RegExp> = {
  web: /the API is ready/,
  clock: /the clock runs/,
  'feed-fetcher': /consuming/,
  'http-fetcher': /consuming/,
  'image-resizer': /consuming/,
  's3-uploader': /consuming/,
  'webhook-sender': /consuming/,
  echo: /consuming/,
  rogue: /consuming/,
};

const program = (type: ProcessType): string => {
  if (type === 'rogue') return 'test/support/rogue-worker.mjs';
  return `services/${type === 'web' ? 'api' : type}/dist/main.js`;
};

/** Starts a built service (`npm run build` comes first); the test ends it. */
export function startProcess(type: ProcessType, env: Record<string, string>): ServiceProcess {
  const child: ChildProcess = spawn(process.execPath, [program(type)], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = new Inbox<string>();
  for (const stream of [child.stdout, child.stderr])
    if (stream) createInterface({ input: stream }).on('line', lines.add);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return {
    type,
    pid: child.pid ?? 0,
    lines,
    exited,
    get ended() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    async started() {
      const line = lines.find((text) => STARTED[type].test(text), `${type} to start`, 60_000);
      const ended = exited.then((code) => {
        throw new Error(`${type} ended with ${code} before it had started:\n${lines.received.join('\n')}`);
      });
      await Promise.race([line, ended]);
    },
    signal: (name) => void child.kill(name),
  };
}
