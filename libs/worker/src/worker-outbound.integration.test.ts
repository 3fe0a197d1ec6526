import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Snooze } from '@offload/contracts/errors';
import { outboundEnv } from '@offload/outbound/outbound-env';
import { readEnv } from '@offload/runtime/env';
import { openStore, type Store } from '@offload/store/open-store';
import * as answers from '../../../test/support/origin.js';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { workerOutbound, type WorkerOutbound } from './worker-outbound.js';

let fixture: StoreFixture;
let second: Store;
let origin: answers.Origin;
let workers: WorkerOutbound[];
beforeEach(async () => {
  fixture = await storeFixture('polite');
  second = openStore({ uri: fixture.database.uri, name: 'second', log: new RecordedLog() });
  await second.connection.ready();
  origin = await answers.startOrigin();
  workers = [];
});
afterEach(async () => {
  for (const worker of workers) await worker.close();
  await origin.close();
  await second.connection.close();
  await fixture.remove();
});

/** Two workers of one system, with these variables. */
function start(env: Record<string, string>): [WorkerOutbound, WorkerOutbound] {
  const config = readEnv({ OUTBOUND_ALLOW: 'loopback', OUTBOUND_LIMIT_ALLOWED: 'true', ...env }, outboundEnv);
  const two = [fixture.store, second].map((store) => {
    const outbound = workerOutbound(config);
    outbound.over(store);
    workers.push(outbound);
    return outbound;
  });
  return two as [WorkerOutbound, WorkerOutbound];
}

/** The body, or the turn that the worker was told. */
async function ask(outbound: WorkerOutbound, url: string): Promise<string | Date> {
  try {
    const response = await outbound.fetch(url, { deadlineMs: 10_000, maxBytes: 1_000 });
    return (await response.bytes()).toString();
  } catch (error) {
    if (error instanceof Snooze && error.code === 'host-busy') return error.until;
    throw error;
  }
}

/** As a snoozed task does: comes back at its turn. */
async function askUntilDone(outbound: WorkerOutbound, url: string): Promise<string> {
  for (;;) {
    const answer = await ask(outbound, url);
    if (typeof answer === 'string') return answer;
    const waitMs = answer.getTime() - fixture.store.connection.clock.now().getTime();
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, waitMs)));
  }
}

describe('two workers and one origin', () => {
  test('never have more requests under way than the host takes, and do all of them', async () => {
    const both = start({ OUTBOUND_HOST_CONCURRENCY: '2', OUTBOUND_HOST_RATE_PER_SECOND: '1000' });
    const urls = Array.from({ length: 20 }, (_, n) =>
      origin.serve(`/feed/${n}`, answers.slowly(10, answers.bytes(`feed ${n}`))),
    );
    const bodies = await Promise.all(urls.map((url, n) => askUntilDone(both[n % 2]!, url)));
    expect(bodies).toEqual(urls.map((_, n) => `feed ${n}`));
    expect(origin.atOnce().most).toBeLessThanOrEqual(2);
    expect(origin.requests).toHaveLength(20);
  });

  test('are both held back by a 429 with Retry-After that one of them got', async () => {
    const [one, other] = start({});
    const limited = origin.serve('/limited', answers.tooMany('60'));
    expect(await ask(one, limited)).toBe('slow down');
    const turn = await ask(other, origin.serve('/other', answers.bytes('x')));
    expect(turn).toBeInstanceOf(Date);
    const waitMs = (turn as Date).getTime() - fixture.store.connection.clock.now().getTime();
    expect(waitMs).toBeGreaterThan(55_000);
    expect(waitMs).toBeLessThan(61_000);
    expect(origin.requests).toHaveLength(1);
  });

  test('do not wait for a host while others have their turn', async () => {
    const both = start({ OUTBOUND_HOST_CONCURRENCY: '1', OUTBOUND_HOST_RATE_PER_SECOND: '0.01' });
    const other = await answers.startOrigin();
    expect(await ask(both[0], origin.serve('/a', answers.bytes('a')))).toBe('a');
    expect(await ask(both[1], `${origin.url}/a`)).toBeInstanceOf(Date);
    expect(await ask(both[1], other.serve('/b', answers.bytes('b')))).toBe('b');
    await other.close();
  });
});

test('the hosts of OUTBOUND_ALLOW have no limits unless the operator wants them to', async () => {
  const [outbound] = start({
    OUTBOUND_LIMIT_ALLOWED: 'false',
    OUTBOUND_HOST_CONCURRENCY: '1',
    OUTBOUND_HOST_RATE_PER_SECOND: '0.01',
  });
  const url = origin.serve('/own', answers.bytes('own'));
  const bodies = await Promise.all(Array.from({ length: 30 }, () => ask(outbound, url)));
  expect(new Set(bodies)).toEqual(new Set(['own']));
});
