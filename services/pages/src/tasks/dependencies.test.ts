import { expect, test } from '@jest/globals';
import type { Task } from '../data/client.js';
import { dependenciesOf } from './dependencies.js';

const first = '0199c0de-0000-7000-8000-000000000001';
const second = '0199c0de-0000-7000-8000-000000000002';

test('what is waited for and what the input names are found, each once', () => {
  const input = { source: { task: first, file: 'a.png' }, list: [{ deep: { task: second, pointer: '/x' } }] };
  const task = { waitsFor: [first], input } as unknown as Task;
  expect(dependenciesOf(task)).toEqual([first, second]);
});

test('what merely has a member called task is none', () => {
  const input = { task: first, body: { task: 'walk the dog', file: 'x' }, other: null };
  expect(dependenciesOf({ waitsFor: [], input } as unknown as Task)).toEqual([]);
});
