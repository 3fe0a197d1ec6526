import { expect, test } from '@jest/globals';
import { attemptInWords, isDeliveryState, STATES } from './delivery-state.js';

test('an attempt is told in words', () => {
  expect(attemptInWords({ status: 503, ms: 1_200, error: null })).toBe('answered 503 in 1,200 ms');
  expect(attemptInWords({ status: null, ms: 10, error: null })).toBe('no answer after 10 ms');
});

test('only states that there are come from the address', () => {
  for (const state of Object.keys(STATES)) expect(isDeliveryState(state)).toBe(true);
  expect(isDeliveryState('toString')).toBe(false);
  expect(isDeliveryState(undefined)).toBe(false);
});

test('each state has a sign of its own', () => {
  const signs = Object.values(STATES).map(({ sign }) => sign);
  expect(new Set(signs).size).toBe(signs.length);
});
