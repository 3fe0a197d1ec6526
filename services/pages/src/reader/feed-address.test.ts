import { expect, test } from '@jest/globals';
import { feedAddress, hostOf } from './feed-address.js';

test.each([
  [' https://example.com/feed.xml ', 'https://example.com/feed.xml'],
  ['example.com', 'https://example.com/'],
  ['example.com:8080/rss', 'https://example.com:8080/rss'],
  ['localhost:3000/feed', 'http://localhost:3000/feed'],
  ['127.0.0.1:9/x', 'http://127.0.0.1:9/x'],
  ['feed://example.com/rss', 'http://example.com/rss'],
  ['feed:https://example.com/rss', 'https://example.com/rss'],
  ['HTTP://EXAMPLE.com', 'http://example.com/'],
  ['bücher.example/feed', 'https://xn--bcher-kva.example/feed'],
])('%j is taken as %s', (typed, url) => expect(feedAddress(typed)).toEqual({ url }));

test.each([
  ['', 'Enter the address'],
  ['   ', 'Enter the address'],
  ['not an address', 'This is not a web address'],
  ['word', 'This is not a web address'],
  ['https://', 'This is not a web address'],
  ['ftp://example.com/feed', 'Only http and https'],
  ['javascript:alert(1)', 'Only http and https'],
  ['https://me:secret@example.com/feed', 'user name or password'],
])('%j is refused and told why', (typed, says) =>
  expect(feedAddress(typed)).toEqual({ fault: expect.stringContaining(says) }),
);

test('a site is named by its host', () => {
  expect(['https://www.example.com/feed', 'http://127.0.0.1:80/', 'nonsense'].map(hostOf)).toEqual([
    'example.com',
    '127.0.0.1',
    'nonsense',
  ]);
});
