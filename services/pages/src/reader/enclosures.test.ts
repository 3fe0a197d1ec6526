import { expect, test } from '@jest/globals';
import { attachmentsOf, lengthText } from './enclosures.js';

const of = (url: string, type: string | null = null) => ({ url, type, bytes: null });

test.each([
  [of('https://p.example/1.mp3?x=1', 'audio/mpeg'), 'sound', '1.mp3'],
  [of('https://p.example/a/Folge%201.m4a'), 'sound', 'Folge 1.m4a'],
  [of('https://p.example/b.webm', 'VIDEO/webm'), 'film', 'b.webm'],
  [of('https://p.example/c.PNG'), 'image', 'c.PNG'],
  [of('https://p.example/%ff.pdf', 'application/pdf'), 'file', '%ff.pdf'],
  [of('https://p.example/'), 'file', 'p.example'],
])('%j is a %s', (enclosure, kind, name) => {
  expect(attachmentsOf([enclosure, enclosure])).toEqual([
    { ...enclosure, kind, name, playable: kind === 'sound' || kind === 'film' },
  ]);
});

test('what is no address of the web is left out', () =>
  expect(
    attachmentsOf(['javascript:alert(1)', 'data:audio/mpeg,x', '', '/x.mp3'].map((url) => of(url))),
  ).toEqual([]));

test('lengths are told as people do', () => {
  expect([null, 0, 20_000, 42 * 60_000, 65 * 60_000].map(lengthText)).toEqual([
    null,
    null,
    '1 min',
    '42 min',
    '1 h 05 min',
  ]);
});
