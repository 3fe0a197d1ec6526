import { describe, expect, test } from '@jest/globals';
import type { Schemas } from '@offload/client';
import type { Feed } from './feed-groups.js';
import { subscribing, wordsOf, type Step } from './subscribing.js';

type Task = Schemas['TaskSummary'];
const feed = (more: Partial<Feed>): Feed =>
  ({
    id: 'f',
    url: 'https://a.example/',
    state: 'new',
    failure: null,
    task: null,
    found: [],
    ...more,
  }) as Feed;
const task = (state: Task['state'], note?: string): Task =>
  ({
    id: 't',
    state,
    attempt: 1,
    progress: note === undefined ? null : { done: 0, total: null, note },
  }) as Task;

async function steps(begun: Feed | Error, tasks: Task[], then: Feed): Promise<Step[]> {
  const found: Step[] = [];
  const api = {
    begin: async () => {
      expect(found.map(({ kind }) => kind)).toEqual(['sending']);
      if (begun instanceof Error) throw begun;
      return begun;
    },
    follow: async function* () {
      yield* tasks;
    },
    feed: async () => then,
  };
  for await (const step of subscribing(api, 'a.example', new AbortController().signal)) found.push(step);
  return found;
}
const kinds = (all: Step[]): string[] => all.map((step) => (step.kind === 'working' ? step.says : step.kind));

describe('adding a feed', () => {
  test('tells each step, the first before anything is sent', async () => {
    const tasks = [task('queued'), task('running', 'Looking at /feed'), task('running'), task('succeeded')];
    const all = await steps(feed({ task: 't' }), tasks, feed({ state: 'active' }));
    expect(kinds(all)).toEqual([
      'sending',
      'Waiting for a worker…',
      'Waiting for a worker…',
      'Looking at /feed',
      'Fetching a.example…',
      'Reading the entries…',
      'added',
    ]);
  });

  test('that is there and well needs no fetching', async () =>
    expect(await steps(feed({ state: 'active' }), [], feed({}))).toMatchObject([
      { kind: 'sending' },
      { kind: 'added', existing: true },
    ]));

  test('ends with a choice where the page has several', async () =>
    expect((await steps(feed({ task: 't' }), [], feed({ state: 'choose' }))).at(-1)?.kind).toBe('choose'));

  test('ends as failing, and stays subscribed', async () => {
    const failure = { code: 'x', message: 'No.', since: '', times: 1 };
    expect((await steps(feed({ task: 't' }), [], feed({ failure }))).at(-1)?.kind).toBe('failing');
    // The task itself was lost: the clock will make another.
    expect((await steps(feed({ task: 't' }), [], feed({}))).at(-1)?.kind).toBe('failing');
  });

  test('that the API refuses says what it said', async () =>
    expect(steps(new Error('too many'), [], feed({}))).rejects.toThrow('too many'));
});

test('a task that is being handed on is told as waiting', () =>
  expect(wordsOf(task('scheduled'), 'x')).toBe('Waiting for a worker…'));
