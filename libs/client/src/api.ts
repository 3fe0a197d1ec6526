import createApi, { type Client } from 'openapi-fetch';
import type { components, paths } from './api-document.js';
import type { Transport } from './transport.js';

export type Schemas = components['schemas'];
/** Every operation of the OpenAPI document, typed. Rejects with ProblemError where the API refuses. */
export type Api = Client<paths, 'application/json'>;

/** What accepts an Idempotency-Key: the client makes one, so that it can send the request again. */
const WITH_KEY = ['/v1/tasks', '/v1/batches'];

export function createTypedApi(transport: Transport): Api {
  const api = createApi<paths, 'application/json'>({
    baseUrl: transport.url(''),
    fetch: (request) => transport.send(() => request.clone()),
  });
  api.use({
    onRequest({ request, schemaPath }) {
      if (request.method !== 'POST' || !WITH_KEY.includes(schemaPath)) return;
      if (!request.headers.has('idempotency-key')) request.headers.set('idempotency-key', `"${newKey()}"`);
    },
  });
  return api;
}

/** 128 random bits. crypto.randomUUID is there in secure contexts only, and a page may be served by plain HTTP. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The answer's body. What the API refuses has been thrown before. */
export async function answerOf<T>(asked: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data, response } = await asked;
  if (data === undefined) throw new Error(`${response.url} answered ${response.status} without a body.`);
  return data;
}

/** All items of a list, page after page. */
export async function* itemsOf<T>(
  page: (cursor: string | undefined) => Promise<{ items: T[]; next: string | null }>,
): AsyncGenerator<T, void> {
  let cursor: string | undefined;
  do {
    const { items, next } = await page(cursor);
    yield* items;
    cursor = next === null ? undefined : cursorOf(next);
  } while (cursor !== undefined);
}

const cursorOf = (next: string): string | undefined =>
  new URL(next, 'http://any').searchParams.get('cursor') ?? undefined;
