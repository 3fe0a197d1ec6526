import type { Options } from 'amqplib';
import { laneOf, LIMITS, type TaskMessage } from '@offload/contracts/task';

/** A message as it came from the broker; the shape of amqplib's, as far as we use it. */
export interface ReceivedMessage {
  readonly content: Buffer;
  readonly fields: {
    readonly exchange: string;
    /** The queue that it was published to, also after dead-lettering. */
    readonly routingKey: string;
    readonly redelivered: boolean;
    readonly deliveryTag: number;
  };
  readonly properties: {
    readonly messageId?: unknown;
    readonly correlationId?: unknown;
    readonly type?: unknown;
    readonly contentType?: unknown;
    readonly timestamp?: unknown;
    readonly headers?: Readonly<Record<string, unknown>> | undefined;
  };
}

/** Ready to be published; `properties.messageId` names the publication. */
export interface EncodedMessage {
  body: Buffer;
  properties: Options.Publish & { messageId: string };
}

export interface Publication {
  /** One per publication, not per task. */
  messageId: string;
  /** Milliseconds since 1970. */
  at: number;
  /** W3C Trace Context, `traceparent`. */
  traceparent?: string | undefined;
}

/** Why a message is poison: it can never be done, whoever receives it. */
export type PoisonCode = 'too-large' | 'bad-properties' | 'unknown-type' | 'not-json';

export type Decoded =
  | { ok: true; message: TaskMessage; messageId: string | undefined; traceparent: string | undefined }
  | { ok: false; code: PoisonCode; detail: string };

/**
 * Bytes. Far above what the API lets through (64 KiB of JSON, which defaults can lengthen): only a stranger's
 * message is larger, and it is not even parsed.
 */
export const LARGEST_BODY = 16 * LIMITS.input;

/** The body is the input as JSON, nothing else; what identifies the task is in the properties (design section 6). */
export function encodeTask(message: TaskMessage, publication: Publication): EncodedMessage {
  const headers: Record<string, unknown> = {
    'x-seq': message.seq,
    'x-version': message.version,
    'x-owner': message.owner,
  };
  if (message.alone) headers['x-alone'] = true;
  if (publication.traceparent !== undefined) headers.traceparent = publication.traceparent;
  return {
    // JSON has no undefined: an input that is none becomes null.
    body: Buffer.from(JSON.stringify(message.input ?? null)),
    properties: {
      messageId: publication.messageId,
      correlationId: message.task,
      type: message.type,
      contentType: 'application/json',
      // AMQP 0-9-1 timestamps are in seconds.
      timestamp: Math.floor(publication.at / 1_000),
      appId: 'offload',
      persistent: true,
      headers,
    },
  };
}

/** Reads a task message. `knows` says which types exist here. Never throws. */
export function decodeTask(received: ReceivedMessage, knows: (type: string) => boolean): Decoded {
  const { content, properties, fields } = received;
  if (content.length > LARGEST_BODY)
    return poison('too-large', `the body has ${content.length} bytes, at most ${LARGEST_BODY} are read`);
  const headers = properties.headers ?? {};
  const { correlationId: task, type } = properties;
  const seq = headers['x-seq'];
  const version = headers['x-version'];
  const owner = headers['x-owner'];
  if (!isText(task)) return poison('bad-properties', 'correlationId must be the id of the task');
  if (!isText(type)) return poison('bad-properties', 'type must be the type of the task');
  if (!isCount(seq)) return poison('bad-properties', 'header x-seq must be a whole number from 0');
  if (!isCount(version)) return poison('bad-properties', 'header x-version must be a whole number from 0');
  if (!isText(owner)) return poison('bad-properties', 'header x-owner must be the owner of the task');
  if (!knows(type)) return poison('unknown-type', `there is no task type ${type.slice(0, 100)} here`);
  let input: unknown;
  try {
    input = JSON.parse(content.toString('utf8'));
  } catch (error) {
    return poison('not-json', (error as Error).message.slice(0, 200));
  }
  const { routingKey: queue } = fields;
  return {
    ok: true,
    message: {
      task,
      type,
      lane: laneOf(queue),
      queue,
      version,
      owner,
      seq,
      alone: headers['x-alone'] === true,
      input,
    },
    messageId: textOrNone(properties.messageId),
    traceparent: textOrNone(headers.traceparent),
  };
}

/**
 * The same body for tasks.dead, under a new messageId, with why it is there. Only what an operator needs is kept:
 * what a stranger wrote could make the publish fail (user-id, headers beyond amqplib's 64 KiB) or misroute it (CC).
 */
export function encodeDead(
  received: ReceivedMessage,
  code: string,
  detail: string,
  publication: Publication,
): EncodedMessage {
  const { properties, content, fields } = received;
  const headers: Record<string, unknown> = { 'x-code': short(code), 'x-detail': detail.slice(0, 500) };
  headers['x-queue'] = fields.routingKey;
  for (const name of ['x-seq', 'x-version', 'x-owner']) {
    const value = properties.headers?.[name];
    if (typeof value === 'number' || typeof value === 'string') headers[name] = short(value);
  }
  return {
    body: content,
    properties: {
      messageId: publication.messageId,
      correlationId: short(textOrNone(properties.correlationId)),
      type: short(textOrNone(properties.type)),
      contentType: short(textOrNone(properties.contentType)),
      timestamp: Math.floor(publication.at / 1_000),
      appId: 'offload',
      persistent: true,
      headers,
    },
  };
}

/** Why a message is in tasks.dead: our `x-code`, or the broker's reason (`delivery_limit`, `rejected`, `expired`). */
export function deadReason(received: ReceivedMessage): string {
  const headers = received.properties.headers ?? {};
  const brokers = headers['x-first-death-reason'];
  return textOrNone(headers['x-code']) ?? textOrNone(brokers) ?? 'unknown';
}

const poison = (code: PoisonCode, detail: string): Decoded => ({ ok: false, code, detail });
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const textOrNone = (value: unknown): string | undefined => (isText(value) ? value : undefined);

/** AMQP short strings have at most 255 bytes, and a character at most 3 here. */
const short = <T>(value: T): T => (typeof value === 'string' ? (value.slice(0, 85) as T) : value);
