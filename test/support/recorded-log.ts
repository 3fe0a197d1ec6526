import type { Log } from '@offload/runtime/logger';
import { Inbox } from './signals.js';

export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  fields: Record<string, unknown>;
}

/** A logger that keeps its lines, for tests that wait for one or read them. */
export class RecordedLog implements Log {
  readonly lines = new Inbox<LogLine>();

  readonly debug = this.#at('debug');
  readonly info = this.#at('info');
  readonly warn = this.#at('warn');
  readonly error = this.#at('error');

  child(): Log {
    return this;
  }

  /** All lines as text, for `toMatch`. */
  get text(): string {
    return this.lines.received
      .map(({ level, message, fields }) => `${level} ${message} ${JSON.stringify(fields, errorsAsText)}`)
      .join('\n');
  }

  #at(level: LogLine['level']): Log['info'] {
    return (message, fields = {}) => this.lines.add({ level, message, fields });
  }
}

const errorsAsText = (_: string, value: unknown): unknown => (value instanceof Error ? String(value) : value);
