import { describe, expect, test } from '@jest/globals';
import { groupFeeds, nameOf, shownCount, tagsOf, unreadOf, type Feed } from './feed-groups.js';

const feed = (title: string | null, tags: string[] = [], unread = 0): Feed =>
  ({ id: String(title), url: 'https://www.example.org/feed', title, tags, unread }) as Feed;

describe('feeds', () => {
  test('stand by tag and name, those without a tag last, one with several tags in each', () => {
    const groups = groupFeeds([
      feed('b', ['News']),
      feed('Ä', [], 2),
      feed('a', ['News', 'art'], 3),
      feed('Feed 10'),
      feed('Feed 9'),
    ]);
    expect(groups.map(({ tag, feeds, unread }) => [tag, feeds.map(nameOf), unread])).toEqual([
      ['art', ['a'], 3],
      ['News', ['a', 'b'], 3],
      [null, ['Ä', 'Feed 9', 'Feed 10'], 2],
    ]);
  });

  test('are called by their site before they were read', () =>
    expect(nameOf(feed(null))).toBe('example.org'));

  test('are counted once each, however many tags they have', () =>
    expect(unreadOf([feed('a', ['x', 'y'], 3), feed('b', [], 4)])).toBe(7));
});

test('tags are typed with commas, and taken once each', () => {
  expect(tagsOf(' Tech/Web, news ,, Tech/Web,')).toEqual(['Tech/Web', 'news']);
  expect(tagsOf('')).toEqual([]);
});

test('counts are grouped, and end where nobody counts any more', () =>
  expect([0, 1_234, 10_000].map(shownCount)).toEqual(['0', '1,234', '9,999+']));
