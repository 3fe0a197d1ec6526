import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { IDEMPOTENCY_MS } from '@offload/store/idempotency';
import { Problem } from './problem.js';

const LONGEST_KEY = 200;

/** A String of Structured Fields (RFC 9651, section 3.3.3): printable ASCII in quotes, `\"` and `\\` escaped. */
const QUOTED = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/;
/** As most clients send it: without quotes. */
const BARE = /^[A-Za-z0-9._~:+/=-]+$/;

/**
 * The key of an `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header, section 2.1); undefined without
 * one. The draft wants quotes; a key without them is taken, too, and is the same key.
 * @throws Problem `malformed-idempotency-key`
 */
export function idempotencyKeyOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const quoted = QUOTED.exec(text)?.[1];
  const key = quoted === undefined ? (BARE.test(text) ? text : '') : quoted.replaceAll(/\\(.)/g, '$1');
  if (key.length === 0 || key.length > LONGEST_KEY)
    throw new Problem(
      'malformed-idempotency-key',
      `Send one key of 1 to ${LONGEST_KEY} characters in quotes, best a UUID: Idempotency-Key: "8e03978e-40d5-43dd-bc93-6894a57f9324".`,
    );
  return key;
}

/**
 * The draft's fingerprint: what tells another body under the same key. Two bodies are the same when they are the same
 * JSON, whatever their white space and the order of their fields.
 */
export const fingerprintOf = (body: unknown): string =>
  createHash('sha256')
    .update(Buffer.isBuffer(body) ? body : (JSON.stringify(body, sorted) ?? ''))
    .digest('base64url');

const sorted = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** What the header and the body make of an idempotent request. */
export interface Idempotency {
  idempotencyKey: string;
  idempotencyUntil: Date;
  bodyHash: string;
}

/** Undefined without the header. Throws a Problem `malformed-idempotency-key`. @param now the database's time */
export function idempotencyOf(request: Request, now: Date): Idempotency | undefined {
  const idempotencyKey = idempotencyKeyOf(request.get('idempotency-key'));
  if (idempotencyKey === undefined) return undefined;
  const idempotencyUntil = new Date(now.getTime() + IDEMPOTENCY_MS);
  return { idempotencyKey, idempotencyUntil, bodyHash: fingerprintOf(request.body) };
}

/** Throws a Problem `idempotency-key-reused` when what is there under the key came from another body. */
export function requireSameBody(
  kind: 'task' | 'batch',
  first: { _id: string } & Partial<Idempotency>,
  given: Idempotency | undefined,
): void {
  if (first.bodyHash === given?.bodyHash) return;
  throw keyReused(`names ${kind} ${first._id} until ${first.idempotencyUntil?.toISOString()}`);
}

/** @param names what the key stands for, and until when */
export const keyReused = (names: string): Problem =>
  new Problem(
    'idempotency-key-reused',
    `This Idempotency-Key was sent with another body and ${names}. Send the same body again, or take a new key.`,
  );
