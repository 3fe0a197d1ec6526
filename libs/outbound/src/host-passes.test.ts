import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Snooze } from '@offload/contracts/errors';
import * as answers from '../../../test/support/origin.js';
import { createOutbound } from './create-outbound.js';
import type { HostGate } from './host-gate.js';
import type { Outbound, OutboundRequest } from './outbound.js';

const LIMITS: OutboundRequest = { deadlineMs: 5_000, maxBytes: 100_000 };

/** Lets everybody in but those at `busy` hosts, and writes down what it was asked. */
class RecordedGate implements HostGate {
  readonly said: string[] = [];
  readonly tickets: string[] = [];
  readonly busy = new Map<string, number>();

  async enter(host: string, ticket: string) {
    this.tickets.push(ticket);
    const waitMs = this.busy.get(host);
    if (waitMs !== undefined) {
      this.said.push(`busy ${host}`);
      return { until: new Date(waitMs), waitMs };
    }
    this.said.push(`enter ${host}`);
    return {
      again: () => void this.said.push(`again ${host}`),
      leave: () => void this.said.push(`leave ${host}`),
    };
  }

  async holdBack(host: string, ms: number) {
    this.said.push(`hold ${host} ${ms}`);
  }
}

let origin: answers.Origin;
let gate: RecordedGate;
let outbound: Outbound;
/** The names of this origin, and its port. */
let site: (name: string, path: string) => string;
beforeEach(async () => {
  origin = await answers.startOrigin();
  gate = new RecordedGate();
  outbound = createOutbound({
    allow: ['loopback'],
    resolve: async () => ['127.0.0.1'],
    gate: () => gate,
  });
  site = (name, path) => `http://${name}:${origin.port}${path}`;
});
afterEach(async () => {
  await outbound.close();
  await origin.close();
});

async function get(url: string, request: Partial<OutboundRequest> = {}): Promise<string> {
  const response = await outbound.fetch(url, { ...LIMITS, ...request });
  return (await response.bytes()).toString();
}

/** The pass is given back when the body has closed, a turn of the loop after its last byte. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a host is asked for', () => {
  test('before each exchange, and its place is given back after the body', async () => {
    origin.serve('/a', answers.bytes('a'));
    expect(await get(site('www.one.example', '/a'))).toBe('a');
    await settled();
    expect(gate.said).toEqual(['enter one.example', 'leave one.example']);
  });

  test('at each redirect to another host; the same again is only counted', async () => {
    origin.serve('/a', answers.redirect(site('one.example', '/b')));
    origin.serve('/b', answers.redirect(site('two.example', '/c')));
    origin.serve('/c', answers.bytes('c'));
    expect(await get(site('www.one.example', '/a'))).toBe('c');
    await settled();
    expect(gate.said).toEqual([
      'enter one.example',
      'again one.example',
      'enter two.example',
      'leave one.example',
      'leave two.example',
    ]);
  });

  test.each<[string, (url: string) => Promise<unknown>]>([
    ['fails', (url) => get(url)],
    ['is given up', (url) => get(url, { signal: AbortSignal.timeout(50) })],
    ['is too slow', (url) => get(url, { deadlineMs: 50 })],
  ])('and given back when the exchange %s', async (what, run) => {
    origin.serve('/bad', what === 'fails' ? answers.reset() : answers.hang());
    await expect(run(site('one.example', '/bad'))).rejects.toThrow();
    expect(gate.said).toEqual(['enter one.example', 'leave one.example']);
  });

  test('and given back when nobody reads the body', async () => {
    origin.serve('/unread', answers.endless());
    const response = await outbound.fetch(site('one.example', '/unread'), LIMITS);
    response.body.destroy();
    await new Promise((resolve) => response.body.once('close', resolve));
    expect(gate.said).toEqual(['enter one.example', 'leave one.example']);
  });

  test('never before its address is checked', async () => {
    await expect(get('http://10.0.0.1/')).rejects.toMatchObject({ code: 'address-refused' });
    expect(gate.said).toEqual([]);
  });

  test('with the same ticket for the same request, which does not tell the URL', async () => {
    origin.serve('/a?secret=1', answers.bytes('a'));
    await get(site('one.example', '/a?secret=1'));
    await get(site('one.example', '/a?secret=1'));
    await get(site('one.example', '/a?secret=1'), { method: 'HEAD' });
    expect(gate.tickets[0]).toMatch(/^[\w-]{16}$/);
    expect(gate.tickets[1]).toBe(gate.tickets[0]);
    expect(gate.tickets[2]).not.toBe(gate.tickets[0]);
  });

  test('unless the operator has named it: by address, as localhost or by name', async () => {
    const named = createOutbound({
      allow: ['loopback', 'minio'],
      gate: () => gate,
      resolve: async () => ['127.0.0.1'],
    });
    origin.serve('/a', answers.bytes('a'));
    for (const host of ['127.0.0.1', 'localhost', 'minio']) {
      const response = await named.fetch(site(host, '/a'), LIMITS);
      expect((await response.bytes()).toString()).toBe('a');
    }
    expect(gate.said).toEqual([]);
    await named.close();
  });

  test('also then, when its limits are wanted there, too', async () => {
    const limited = createOutbound({ allow: ['loopback'], gate: () => gate, limitAllowed: true });
    const response = await limited.fetch(origin.serve('/a', answers.bytes('a')), LIMITS);
    await response.bytes();
    expect(gate.said[0]).toBe(`enter 127.0.0.1:${origin.port}`);
    await limited.close();
  });
});

describe('a busy host', () => {
  test('puts the task off until its turn, and nothing is sent', async () => {
    gate.busy.set('one.example', 60_000);
    const error = await get(site('one.example', '/a')).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Snooze);
    expect(error).toMatchObject({ code: 'host-busy', until: new Date(60_000) });
    expect(origin.requests).toHaveLength(0);
  });

  test('that is busy at a redirect gives back the places that were held', async () => {
    gate.busy.set('two.example', 60_000);
    origin.serve('/a', answers.redirect(site('two.example', '/b')));
    await expect(get(site('one.example', '/a'))).rejects.toBeInstanceOf(Snooze);
    expect(gate.said).toEqual(['enter one.example', 'busy two.example', 'leave one.example']);
  });

  test('that is busy at the redirect of a POST is waited for, since the POST was sent', async () => {
    gate.busy.set('two.example', 20);
    origin.serve('/a', answers.redirect(site('two.example', '/b'), 307));
    origin.serve('/b', answers.bytes('done'));
    const pending = get(site('one.example', '/a'), { method: 'POST', body: 'x' });
    await origin.asked('/a');
    setTimeout(() => gate.busy.clear(), 50);
    expect(await pending).toBe('done');
    expect(origin.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /a', 'POST /b']);
  });

  test('is waited for in place by a caller with patience, who then asks again', async () => {
    gate.busy.set('one.example', 20);
    origin.serve('/a', answers.bytes('a'));
    const pending = get(site('one.example', '/a'), { patienceMs: 1_000 });
    await settled();
    gate.busy.clear();
    expect(await pending).toBe('a');
    expect(gate.said.slice(0, 2)).toEqual(['busy one.example', 'enter one.example']);
  });

  test('is not waited for when its turn is after the patience', async () => {
    gate.busy.set('one.example', 2_000);
    const pending = get(site('one.example', '/a'), { patienceMs: 1_000 });
    await expect(pending).rejects.toBeInstanceOf(Snooze);
    expect(gate.said).toEqual(['busy one.example']);
  });

  test('is not waited for past the deadline', async () => {
    gate.busy.set('one.example', 2_000);
    const pending = get(site('one.example', '/a'), { patienceMs: 10_000, deadlineMs: 50 });
    await expect(pending).rejects.toMatchObject({ code: 'timeout', sent: false });
  });
});

describe('Retry-After', () => {
  test.each([
    [429, '120', 'hold one.example 120000'],
    [503, '7', 'hold one.example 7000'],
  ])('of a %i holds the whole host back', async (status, seconds, said) => {
    origin.serve('/busy', answers.bytes('', { 'retry-after': seconds }, status));
    await get(site('www.one.example', '/busy'));
    expect(gate.said).toContain(said);
  });

  test('as a date is held against the origin’s own clock', async () => {
    const headers = {
      date: 'Sun, 01 Mar 2020 12:00:00 GMT',
      'retry-after': 'Sun, 01 Mar 2020 12:00:30 GMT',
    };
    origin.serve('/busy', answers.bytes('', headers, 429));
    await get(site('one.example', '/busy'));
    expect(gate.said).toContain('hold one.example 30000');
  });

  test.each([
    ['feeds.feedburner.com', 429, '120'],
    ['medium.com', 503, '120'],
    ['one.example', 429, 'soon'],
    ['one.example', 200, '120'],
    ['one.example', 500, '120'],
  ])('of %s with %i and %s holds nobody else back', async (host, status, seconds) => {
    origin.serve('/busy', answers.bytes('', { 'retry-after': seconds }, status));
    await get(site(host, '/busy'));
    expect(gate.said.filter((line) => line.startsWith('hold'))).toEqual([]);
  });
});
