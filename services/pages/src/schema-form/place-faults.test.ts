import { expect, test } from '@jest/globals';
import { holdsFault, placeFaults } from './place-faults.js';

const fields = new Set(['/input', '/input/variants/0', '/input/variants/0/width']);
const hasField = (pointer: string): boolean => fields.has(pointer);

test('a fault stands at its field', () => {
  const placed = placeFaults(
    [
      { pointer: '/input/variants/0/width', detail: 'is too large' },
      { pointer: '/input/variants/0/width', detail: 'is odd' },
    ],
    hasField,
  );
  expect([...placed]).toEqual([['/input/variants/0/width', ['is too large', 'is odd']]]);
});

test('a fault without a field of its own stands at the nearest around it, and says where it is', () => {
  const placed = placeFaults([{ pointer: '/input/variants/0/crop/left', detail: 'is required' }], hasField);
  expect([...placed]).toEqual([['/input/variants/0', ['crop/left is required']]]);
});

test('a fault that belongs to no field is told for the whole', () => {
  const placed = placeFaults(
    [{ pointer: '/nonsense', detail: 'is not known' }, { detail: 'is empty' }],
    hasField,
  );
  expect([...placed]).toEqual([['', ['nonsense is not known', 'is empty']]]);
});

test('a folded part knows what it holds', () => {
  const placed = placeFaults([{ pointer: '/input/variants/0/width', detail: 'is too large' }], hasField);
  expect(holdsFault(placed, '/input/variants/0')).toBe(true);
  expect(holdsFault(placed, '/input/variants/0/width')).toBe(true);
  expect(holdsFault(placed, '/input/var')).toBe(false);
});
