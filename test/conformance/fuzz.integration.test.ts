import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApiWithBroker, type OwnApi } from '../support/own-api.js';
import { until } from '../support/until.js';
import { AnswerChecker } from './check-answer.js';
import { operationsOf, type OpenApi, type Operation } from './document.js';
import { KnownIds } from './known-ids.js';
import { requestsOf, strayRequests, type FuzzedRequest } from './requests.js';
import { Sender, type Answer, type Sent } from './send.js';
import { seedResources } from './seed-resources.js';

/** All requests are made from it: FUZZ_SEED=… makes those of another run again. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_124);
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 10_000);
/** Requests on the way at the same time. */
const AT_ONCE = 6;
/** How many smaller requests are tried after one that failed. */
const TRIES = 60;
/** How often a request is sent that is answered 503 with Retry-After. */
const MOST_ASKED = 4;
/** Of the addresses that nearly are one of the document's. */
const STRAYS = 500;

/** Operations that show only what workers have fetched. */
const NEEDS_WORKERS = ['getEntryImage', 'getEntryThumbnail', 'getFeedIcon'];

let api: OwnApi;
let sender: Sender;
beforeAll(async () => {
  api = await startApiWithBroker('fuzz');
  sender = new Sender(api.url);
});
afterAll(async () => {
  sender.close();
  await api.remove();
});

/** A request that can be sent again by hand, as far as it is text. */
const shown = ({ method, address, headers, body }: Sent): string =>
  `${method} ${address.slice(0, 500)} ${JSON.stringify(headers).slice(0, 500)} ${body?.toString().slice(0, 1_500) ?? ''}`;

const jsonOf = ({ headers, body }: Answer): unknown => {
  if (body.length === 0 || !headers['content-type']?.startsWith('application/json')) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    // A file that somebody uploaded as such.
    return undefined;
  }
};

test(`${REQUESTS} requests of any kind are answered as the document says, none with a 500`, async () => {
  process.stdout.write(`The requests are made from FUZZ_SEED=${SEED}\n`);
  const document = (await (await fetch(`${api.url}/openapi.json`)).json()) as OpenApi;
  const operations = operationsOf(document);
  const known = new KnownIds(operations);
  await seedResources(api, known);
  const checker = new AnswerChecker(document);
  const statuses = new Map<string, Map<number, number>>();
  const took = new Map<string, number>();
  let sentInAll = 0;

  /** Where the database does not answer in time (a slow machine), a client is told to ask again: so this one does. */
  const answerTo = async (sent: Sent): Promise<Answer> => {
    for (let asked = 1; ; asked++) {
      const answer = await sender.send(sent);
      if (answer.status !== 503 || !('retry-after' in answer.headers) || asked === MOST_ASKED) return answer;
      await until('the database to answer', async () => (await fetch(`${api.url}/readyz`)).ok || undefined);
    }
  };
  const faultsOf = async (request: FuzzedRequest, operation?: Operation): Promise<string> => {
    const { method, headers } = request;
    const sent = {
      method,
      headers,
      address: known.addressOf(request, operation),
      body: known.bodyOf(request),
    };
    sentInAll++;
    const answer = await answerTo(sent).catch((error: unknown) => String(error));
    if (typeof answer === 'string') return `${answer}\n${shown(sent)}`;
    known.learn(jsonOf(answer));
    const of = statuses.get(operation?.id ?? '') ?? new Map<number, number>();
    statuses.set(operation?.id ?? '', of.set(answer.status, (of.get(answer.status) ?? 0) + 1));
    const faults = checker.faults(operation, sent, answer);
    return faults.length === 0
      ? ''
      : `${faults.join('; ')}\n${shown(sent)}\n${answer.body.toString().slice(0, 1_500)}`;
  };

  const failures: string[] = [];
  const run = async (
    seed: number,
    numRuns: number,
    requests: fc.Arbitrary<FuzzedRequest>,
    operation?: Operation,
  ) => {
    let last = '';
    let triesLeft = TRIES;
    const property = fc.asyncProperty(requests, async (request) => {
      if (last !== '' && triesLeft-- <= 0) return true;
      const found = await faultsOf(request, operation);
      if (found !== '') last = found;
      return found === '';
    });
    const began = performance.now();
    const result = await fc.check(property, { seed, numRuns });
    took.set(operation?.id ?? '', Math.round(performance.now() - began));
    if (result.failed)
      failures.push(
        `${operation?.id ?? 'elsewhere'}: ${last || String((result.errorInstance as Error | null)?.stack)}`,
      );
  };

  const each = Math.ceil((REQUESTS - STRAYS) / operations.length);
  const inLanes = async (chosen: (operation: Operation) => boolean): Promise<void> => {
    const left = [...operations.entries()].filter(([, operation]) => chosen(operation));
    const lane = async (): Promise<void> => {
      for (let next = left.shift(); next; next = left.shift())
        await run(SEED + next[0], each, requestsOf(document, next[1]), next[1]);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  };
  // What the others ask for is there until then.
  await inLanes(({ method }) => method !== 'DELETE');
  await inLanes(({ method }) => method === 'DELETE');
  await run(SEED, STRAYS, strayRequests(operations));

  const rows = [...statuses].map(
    ([id, of]) =>
      `${id}: ${[...of]
        .sort()
        .map(([status, n]) => `${status} ×${n}`)
        .join(', ')} ${took.get(id)} ms`,
  );
  if (process.env.FUZZ_REPORT) process.stdout.write(`${rows.join('\n')}\n`);
  expect(failures).toEqual([]);
  expect(sentInAll).toBeGreaterThanOrEqual(REQUESTS);
  expect(api.log.lines.received.filter(({ level }) => level === 'error')).toEqual([]);
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
  const never = [...statuses].filter(([, of]) => ![...of.keys()].some((status) => status < 400));
  expect(never.map(([id]) => id).filter((id) => !NEEDS_WORKERS.includes(id))).toEqual([]);
}, 600_000);
