import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { roles, type ApiKeyRecord, type CreatedApiKey } from '@offload/store/api-keys';
import type { Store } from '@offload/store/open-store';
import type { KnownKeys } from './known-keys.js';
import { nextPage, pageQuery, storePage } from './list-page.js';
import { invalidBody, parseBody, parseQuery } from './parse-query.js';
import { Problem } from './problem.js';
import { readJson, readOptionalJson } from './read-json.js';
import { pathId, type Routes } from './routes.js';
import { inTime } from './store-deadline.js';
import { givenTime, iso } from './times.js';

export interface KeyRoutesOptions {
  store: Pick<Store, 'tasks' | 'keys'>;
  keys: Pick<KnownKeys, 'forget'>;
}

export const ownerName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, 'must be 1 to 64 letters, digits and . _ @ -')
  .describe('Whose tasks and files the key sees');
export const keyName = z.string().min(1).max(100).describe('For people');
export const keyRoles = z
  .array(z.enum(roles))
  .min(1)
  .transform((given) => [...new Set(given)])
  .describe(
    'submit makes and changes, read reads, operate does both and sees queues and dead letters, admin does all',
  );
const time = z.iso.datetime();

export const newKey = z
  .strictObject({
    owner: ownerName,
    name: keyName,
    roles: keyRoles,
    expiresAt: givenTime.optional().describe('Not valid from then on; without it, until it is deleted'),
  })
  .meta({ id: 'NewKey' });

/** An old key may be used for so long beside the one that replaces it: one day, up to 30. */
const DEFAULT_OVERLAP_MS = 86_400_000;
export const rotation = z
  .strictObject({
    overlapMs: z
      .int()
      .min(0)
      .max(30 * DEFAULT_OVERLAP_MS)
      .default(DEFAULT_OVERLAP_MS)
      .describe('Milliseconds that the old key stays valid'),
  })
  .meta({ id: 'Rotation' });

export const apiKey = z
  .object({
    id: z.uuid(),
    owner: z.string(),
    name: z.string(),
    roles: z.array(z.enum(roles)),
    ending: z.string().describe('Its last four characters'),
    createdAt: time,
    expiresAt: time.nullable(),
    lastUsedAt: time.nullable().describe('To a minute'),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'ApiKey' });

export const createdKey = apiKey
  .extend({ key: z.string().describe('Shown this once') })
  .meta({ id: 'CreatedApiKey' });

const keysQuery = z.strictObject({ owner: ownerName.optional(), ...pageQuery });

/** Keys of all owners, for those who administer the system. */
export function keyRoutes(options: KeyRoutesOptions): Routes {
  return {
    '/v1/keys': { get: [listHandler(options)], post: [readJson(), createHandler(options)] },
    '/v1/keys/:id': { get: [readHandler(options)], delete: [deleteHandler(options)] },
    '/v1/keys/:id/rotate': { post: [readOptionalJson(), rotateHandler(options)] },
  };
}

function createHandler({ store }: KeyRoutesOptions): RequestHandler {
  return async (request, response) => {
    const { expiresAt: text, ...given } = parseBody(newKey, request.body);
    const expiresAt = text === undefined ? undefined : new Date(text);
    if (expiresAt && expiresAt <= store.tasks.now())
      throw invalidBody([{ pointer: '/expiresAt', detail: 'is not in the future' }]);
    const created = await inTime(store.keys.create({ ...given, ...(expiresAt && { expiresAt }) }));
    response.status(201).location(keyPath(created.record._id)).set('Cache-Control', 'no-store');
    response.json(createdOf(created));
  };
}

function listHandler({ store }: KeyRoutesOptions): RequestHandler {
  return async (request, response) => {
    const { owner, ...query } = parseQuery(keysQuery, request.query);
    const found = await inTime(store.keys.list({ ...storePage(query), ...(owner && { owner }) }));
    const { items, next } = nextPage(request, response, found, query.limit);
    response.json({ items: items.map(keyOf), next });
  };
}

function readHandler(options: KeyRoutesOptions): RequestHandler {
  return async (request, response) => void response.json(keyOf(await findKey(request, options)));
}

function rotateHandler(options: KeyRoutesOptions): RequestHandler {
  const { store, keys } = options;
  return async (request, response) => {
    const { overlapMs } = parseBody(rotation, request.body ?? {});
    const old = await findKey(request, options);
    const now = store.tasks.now();
    if (old.expiresAt && old.expiresAt <= now)
      throw new Problem('key-not-found', 'The key has expired; make a new one with POST /v1/keys.');
    const created = await inTime(store.keys.rotate(old, new Date(now.getTime() + overlapMs)));
    keys.forget(old._id);
    response.status(201).location(keyPath(created.record._id)).set('Cache-Control', 'no-store');
    response.json(createdOf(created));
  };
}

/** In other API processes the key may work for another few seconds. */
function deleteHandler({ store, keys }: KeyRoutesOptions): RequestHandler {
  return async (request, response) => {
    const id = pathId(request);
    if (!(await inTime(store.keys.revoke(id)))) throw noKey(id);
    keys.forget(id);
    response.status(204).end();
  };
}

async function findKey(request: Request, { store }: KeyRoutesOptions): Promise<ApiKeyRecord> {
  const id = pathId(request);
  const found = await inTime(store.keys.get(id));
  if (!found) throw noKey(id);
  return found;
}

const noKey = (id: string): Problem => new Problem('key-not-found', `There is no key ${id.slice(0, 100)}.`);

const keyPath = (id: string): string => `/v1/keys/${id}`;

const keyOf = (record: ApiKeyRecord): z.output<typeof apiKey> => ({
  id: record._id,
  owner: record.owner,
  name: record.name,
  roles: record.roles,
  ending: record.ending,
  createdAt: record.createdAt.toISOString(),
  expiresAt: iso(record.expiresAt),
  lastUsedAt: iso(record.lastUsedAt),
  links: { self: keyPath(record._id) },
});

const createdOf = ({ record, key }: CreatedApiKey): z.output<typeof createdKey> => ({
  ...keyOf(record),
  key,
});
