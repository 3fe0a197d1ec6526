import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Agent } from 'undici';
import * as answers from '../../../test/support/origin.js';
import { allowList } from './allow-list.js';
import { guardedAgent } from './guarded-agent.js';

const MANY = 300;

let origin: answers.Origin;
let agent: Agent;
beforeEach(async () => {
  origin = await answers.startOrigin();
});
afterEach(async () => {
  await agent.destroy();
  await origin.close();
});

/** One request to each of many origins. */
async function askAll(): Promise<number> {
  const asked = Array.from({ length: MANY }, async (_, n) => {
    const { statusCode, body } = await agent.request({
      origin: `http://host-${n}.example:${origin.port}`,
      path: '/',
      method: 'GET',
    });
    await body.dump();
    return statusCode;
  });
  const settled = await Promise.allSettled(asked);
  return settled.filter(({ status }) => status === 'fulfilled').length;
}

async function untilNoPools(): Promise<void> {
  while (Object.keys(agent.stats).length > 0) await once(agent, 'disconnect');
}

test('the pools of origins that nobody asks any more are removed', async () => {
  const options = { idleConnectionMs: 100, resolve: async () => ['127.0.0.1'] };
  agent = guardedAgent(options, allowList(['loopback']));
  expect(await askAll()).toBe(MANY);
  await untilNoPools();
  expect(await origin.connections()).toBeLessThan(MANY);
});

test('the pools of origins that hang up are removed', async () => {
  const options = { idleConnectionMs: 60_000, resolve: async () => ['127.0.0.1'] };
  agent = guardedAgent(options, allowList(['loopback']));
  expect(await askAll()).toBe(MANY);
  await origin.close();
  await untilNoPools();
  expect(Object.keys(agent.stats)).toEqual([]);
  origin = await answers.startOrigin();
});

test('the pools of origins that may not be connected to are removed', async () => {
  agent = guardedAgent({ resolve: async () => ['10.0.0.1'] }, allowList([]));
  expect(await askAll()).toBe(0);
  expect(Object.keys(agent.stats)).toEqual([]);
});

test('one origin has a bounded number of connections, and what exceeds them waits', async () => {
  agent = guardedAgent({ connectionsPerOrigin: 3 }, allowList(['loopback']));
  const url = new URL(origin.serve('/slow', answers.slowly(10, answers.bytes('x'))));
  const asked = Array.from({ length: 30 }, async () => {
    const { body } = await agent.request({ origin: url.origin, path: '/slow', method: 'GET' });
    return body.text();
  });
  expect(new Set(await Promise.all(asked))).toEqual(new Set(['x']));
  expect(origin.atOnce().most).toBe(3);
});
