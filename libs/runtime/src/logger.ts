import winston from 'winston';

export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
  /** A logger whose lines carry these fields, too. */
  child(fields: Record<string, unknown>): Log;
}

export interface LoggerOptions {
  service: string;
  level: 'error' | 'warn' | 'info' | 'debug';
  /** `json`: one object a line, for collectors. `text`: for people. */
  format: 'json' | 'text';
}

/** Errors as fields become {name, message, code, stack}; nothing else is looked into. */
const errors = winston.format((info) => {
  for (const [key, value] of Object.entries(info))
    if (value instanceof Error) {
      const { name, message, stack } = value;
      info[key] = { name, message, code: (value as { code?: unknown }).code, stack };
    }
  return info;
});

const text = winston.format.printf(({ timestamp, level, message, service: _service, ...fields }) => {
  const rest = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : readable(value)}`);
  const time = String(timestamp).slice(11, 23);
  return [time, level.padEnd(5), String(message), ...rest].join(' ');
});

const readable = (value: unknown): string =>
  value !== null && typeof value === 'object' && 'stack' in value && 'message' in value
    ? String(value.message)
    : JSON.stringify(value);

/** The process's logger, on stdout. */
export function createLogger(options: LoggerOptions): Log {
  return winston.createLogger({
    level: options.level,
    defaultMeta: { service: options.service },
    format: winston.format.combine(
      winston.format.timestamp(),
      errors(),
      options.format === 'json' ? winston.format.json() : text,
    ),
    transports: [new winston.transports.Console({ stderrLevels: [] })],
  });
}
