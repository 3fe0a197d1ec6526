import { expect, test } from '@jest/globals';
import { formerQueuesOf, queuesOf } from './queues.js';
import { contractOf, contracts } from './registry.js';

test('every type stands once and is found by its name', () => {
  const types = contracts.map(({ type }) => type);
  expect(new Set(types).size).toBe(types.length);
  for (const contract of contracts) expect(contractOf(contract.type)).toBe(contract);
  expect(contractOf('no.such')).toBeUndefined();
});

test('no two types share a queue, present or former', () => {
  const queues = contracts.flatMap((contract) => [...queuesOf(contract), ...formerQueuesOf(contract)]);
  expect(queues.length).toBeGreaterThanOrEqual(2 * contracts.length);
  expect(new Set(queues).size).toBe(queues.length);
});
