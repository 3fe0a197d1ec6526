import type { RequestHandler } from 'express';
import { z } from 'zod';
import { DEFAULT_SECRET, webhookSecretName, type Callback } from '@offload/contracts/webhook-event';
import {
  MOST_SECRETS,
  validAt,
  type CreatedSecret,
  type WebhookSecretRecord,
  type WebhookSecretStore,
} from '@offload/store/webhook-secrets';
import { nextPage, plainQuery, storePage } from './list-page.js';
import { ownerOf } from './owner.js';
import { parseBody, parseQuery } from './parse-query.js';
import { Problem, type Fault } from './problem.js';
import { readOptionalJson } from './read-json.js';
import { pathId, type Routes } from './routes.js';
import { inTime } from './store-deadline.js';
import { iso } from './times.js';

export interface SecretOptions {
  webhookSecrets: WebhookSecretStore;
}

const time = z.iso.datetime().describe('RFC 3339, UTC');

export const newSecret = z
  .strictObject({ name: webhookSecretName.default(DEFAULT_SECRET).describe('What callbacks name it by') })
  .meta({ id: 'NewWebhookSecret' });

const DAY_MS = 86_400_000;
export const secretRotation = z
  .strictObject({
    overlapMs: z
      .int()
      .min(0)
      .max(30 * DAY_MS)
      .default(DAY_MS)
      .describe('Milliseconds for which the values before sign, too'),
  })
  .meta({ id: 'WebhookSecretRotation' });

export const webhookSecret = z
  .object({
    id: z.uuid(),
    name: z.string(),
    values: z
      .array(z.object({ id: z.uuid(), createdAt: time, expiresAt: time.nullable() }))
      .describe('Those that sign now, the oldest first; each gives a signature'),
    createdAt: time,
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'WebhookSecret' });

export const createdSecret = webhookSecret
  .extend({ secret: z.string().describe('`whsec_…`, for the receiver; shown this once') })
  .meta({ id: 'CreatedWebhookSecret' });

/** What an owner's webhooks are signed with. */
export function webhookSecretRoutes(options: SecretOptions): Routes {
  return {
    '/v1/webhooks/secrets': {
      get: [listHandler(options)],
      post: [readOptionalJson(), createHandler(options)],
    },
    '/v1/webhooks/secrets/:id': { get: [readHandler(options)], delete: [deleteHandler(options)] },
    '/v1/webhooks/secrets/:id/rotate': { post: [readOptionalJson(), rotateHandler(options)] },
  };
}

function createHandler({ webhookSecrets }: SecretOptions): RequestHandler {
  return async (request, response) => {
    const { name } = parseBody(newSecret, request.body ?? {});
    const created = await inTime(webhookSecrets.create(ownerOf(request), name));
    if (created === 'name-taken')
      throw new Problem(
        'webhook-secret-exists',
        `You have a webhook secret named ${name} already: rotate it, or take another name.`,
      );
    if (created === 'too-many')
      throw new Problem(
        'too-many-webhook-secrets',
        `You may have ${MOST_SECRETS} webhook secrets; delete some first.`,
      );
    response.status(201).location(secretPath(created.record._id)).set('Cache-Control', 'no-store');
    response.json(createdOf(created, webhookSecrets.now()));
  };
}

function listHandler({ webhookSecrets }: SecretOptions): RequestHandler {
  return async (request, response) => {
    const query = parseQuery(plainQuery, request.query);
    const found = await inTime(webhookSecrets.list(ownerOf(request), storePage(query)));
    const { items, next } = nextPage(request, response, found, query.limit);
    const now = webhookSecrets.now();
    response.json({ items: items.map((record) => secretOf(record, now)), next });
  };
}

function readHandler({ webhookSecrets }: SecretOptions): RequestHandler {
  return async (request, response) => {
    const id = pathId(request);
    const record = await inTime(webhookSecrets.get(ownerOf(request), id));
    if (!record) throw noSecret(id);
    response.json(secretOf(record, webhookSecrets.now()));
  };
}

function rotateHandler({ webhookSecrets }: SecretOptions): RequestHandler {
  return async (request, response) => {
    const { overlapMs } = parseBody(secretRotation, request.body ?? {});
    const id = pathId(request);
    const now = webhookSecrets.now();
    const oldUntil = new Date(now.getTime() + overlapMs);
    const created = await inTime(webhookSecrets.rotate(ownerOf(request), id, oldUntil));
    if (!created) throw noSecret(id);
    response.status(201).location(secretPath(id)).set('Cache-Control', 'no-store');
    response.json(createdOf(created, now));
  };
}

function deleteHandler({ webhookSecrets }: SecretOptions): RequestHandler {
  return async (request, response) => {
    const id = pathId(request);
    if (!(await inTime(webhookSecrets.remove(ownerOf(request), id)))) throw noSecret(id);
    response.status(204).end();
  };
}

/**
 * What is wrong with callbacks that the shape does not say: their owner has no secret of that name, so nothing could be
 * signed.
 * @param callbacks each with where it stands in the body
 */
export async function secretFaults(
  callbacks: { callback: Pick<Callback, 'secretName'>; pointer: string }[],
  owner: string,
  { webhookSecrets }: SecretOptions,
): Promise<Fault[]> {
  if (callbacks.length === 0) return [];
  const names = [...new Set(callbacks.map(({ callback }) => callback.secretName))];
  const known = await inTime(webhookSecrets.known(owner, names));
  return callbacks
    .filter(({ callback }) => !known.has(callback.secretName))
    .map(({ callback: { secretName }, pointer }) => ({
      pointer: `${pointer}/secretName`,
      detail: `you have no webhook secret named ${secretName}: make it with POST /v1/webhooks/secrets`,
    }));
}

const secretPath = (id: string): string => `/v1/webhooks/secrets/${id}`;

const noSecret = (id: string): Problem =>
  new Problem('webhook-secret-not-found', `You have no webhook secret ${id.slice(0, 100)}.`);

const secretOf = (record: WebhookSecretRecord, now: Date): z.output<typeof webhookSecret> => ({
  id: record._id,
  name: record.name,
  values: validAt(record, now).map(({ id, createdAt, expiresAt }) => ({
    id,
    createdAt: createdAt.toISOString(),
    expiresAt: iso(expiresAt),
  })),
  createdAt: record.createdAt.toISOString(),
  links: { self: secretPath(record._id) },
});

const createdOf = ({ record, secret }: CreatedSecret, now: Date): z.output<typeof createdSecret> => ({
  ...secretOf(record, now),
  secret,
});
