import { describe, expect, test } from '@jest/globals';
import { Marks, type EntrySummary, type Marking } from './marks.js';

const entry = (id: string, more: Partial<EntrySummary> = {}): EntrySummary =>
  ({ id, feed: 'f', title: id, read: false, starred: false, ...more }) as EntrySummary;

/** Marks over an API whose answers the test gives. */
function withApi() {
  const sent: [string, Marking][] = [];
  const answers: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const failed: [string, Marking, string][] = [];
  let unread = 0;
  const marks = new Marks({
    send: (id, marking) =>
      new Promise<void>((resolve, reject) => {
        sent.push([id, marking]);
        answers.push({ resolve, reject });
      }),
    unreadChanged: (_feed, by) => (unread += by),
    failed: ({ id }, marking, error) => failed.push([id, marking, (error as Error).message]),
  });
  return { marks, sent, answers, failed, unread: () => unread };
}

describe('a mark', () => {
  test('is shown and counted before the API has answered', async () => {
    const { marks, sent, answers, unread } = withApi();
    const shown = marks.put(entry('a'));
    const done = marks.mark('a', { read: true });
    expect(shown.value.read).toBe(true);
    expect(unread()).toBe(-1);
    expect(marks.pendingUnread('f')).toBe(-1);
    answers[0]!.resolve();
    await done;
    expect(sent).toEqual([['a', { read: true }]]);
    expect(marks.pendingUnread('f')).toBe(0);
  });

  test('that the API refuses is taken back and told', async () => {
    const { marks, answers, failed, unread } = withApi();
    const shown = marks.put(entry('a'));
    const done = marks.mark('a', { read: true, starred: true });
    answers[0]!.reject(new Error('too many stars'));
    await done;
    expect(shown.value).toMatchObject({ read: false, starred: false });
    expect(unread()).toBe(0);
    expect(failed).toEqual([['a', { read: true, starred: true }, 'too many stars']]);
  });

  test('that is changed while it is on its way is stored as it was wanted last, one request at a time', async () => {
    const { marks, sent, answers } = withApi();
    marks.put(entry('a'));
    const done = marks.mark('a', { read: true });
    void marks.mark('a', { read: false });
    void marks.mark('a', { starred: true });
    expect(sent).toHaveLength(1);
    answers[0]!.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(sent).toEqual([
      ['a', { read: true }],
      ['a', { read: false, starred: true }],
    ]);
    answers[1]!.resolve();
    await done;
    expect(marks.get('a')?.value).toMatchObject({ read: false, starred: true });
  });

  test('is not sent where nothing changes', async () => {
    const { marks, sent } = withApi();
    marks.put(entry('a', { read: true }));
    await marks.mark('a', { read: true });
    await marks.mark('unknown', { read: true });
    expect(sent).toEqual([]);
  });

  test('outlasts what the API said before it was stored', async () => {
    const { marks, answers } = withApi();
    const shown = marks.put(entry('a'));
    const done = marks.mark('a', { read: true });
    expect(marks.put(entry('a', { title: 'edited' }))).toBe(shown);
    expect(shown.value).toMatchObject({ title: 'edited', read: true });
    answers[0]!.resolve();
    await done;
    marks.put(entry('a', { title: 'edited' }));
    expect(shown.value.read).toBe(false);
  });
});

test('what was marked together is shown as read', () => {
  const { marks, sent } = withApi();
  const [one, other] = [marks.put(entry('a')), marks.put(entry('b', { feed: 'g' }))];
  marks.showRead(({ feed }) => feed === 'f');
  expect([one.value.read, other.value.read]).toEqual([true, false]);
  expect(sent).toEqual([]);
});
