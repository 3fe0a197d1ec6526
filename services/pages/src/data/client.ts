import { createClient, itemsOf, type Client, type Schemas } from '@offload/client';
import { apiKey, askForKey } from './key.js';

export type Task = Schemas['Task'];
export type TaskSummary = Schemas['TaskSummary'];
export type TaskState = Schemas['TaskState'];

let made: { key: string | null; client: Client } | undefined;

/** The client of the API that served this page, with the key that was entered. Ask for it anew each time. */
export function client(): Client {
  const key = apiKey.value;
  if (made?.key !== key || !made) {
    const options = { baseUrl: location.origin, key: key ?? undefined, fetch: fetchWithKey, retries: 2 };
    made = { key, client: createClient(options) };
  }
  return made.client;
}

/** `client().api`: every operation of the OpenAPI document, typed. */
export const api = (): Client['api'] => client().api;

/** A request that was refused for want of a key is sent again with the one that the person enters. */
const fetchWithKey: typeof fetch = async (input, init) => {
  const request = new Request(input, init);
  for (;;) {
    const response = await fetch(request.clone());
    if (response.status !== 401) return response;
    const key = await askForKey(bearerOf(request));
    if (key === null) return response;
    request.headers.set('authorization', `Bearer ${key}`);
  }
};

const bearerOf = (request: Request): string | null =>
  /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;

/** The items of all pages of a list. @param page asks for the one at a cursor; undefined: the first */
export async function allOf<T>(page: Parameters<typeof itemsOf<T>>[0]): Promise<T[]> {
  const all: T[] = [];
  for await (const item of itemsOf(page)) all.push(item);
  return all;
}

/** The `cursor` of a list's `next` or `previous` address. */
export const cursorOf = (address: string | null | undefined): string | undefined =>
  (address && new URL(address, location.origin).searchParams.get('cursor')) || undefined;
