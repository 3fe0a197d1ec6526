import { expect, test } from '@jest/globals';
import { iconOf } from './refresh-icon.js';

test.each([
  ['none', '<link rel="stylesheet" href="/a.png">', null],
  ['a relative one', '<link rel="icon" href="a.png">', 'https://e.org/b/a.png'],
  ['one by the base of the page', '<base href="/x/"><link rel=icon href=a.png>', 'https://e.org/x/a.png'],
  [
    'the largest',
    '<link rel="icon" sizes="16x16" href="/s"><link rel="icon" sizes="96x96" href="/l">',
    'https://e.org/l',
  ],
  [
    'that for home screens',
    '<link rel="icon" sizes="96x96" href="/l"><link rel="apple-touch-icon" href="/t">',
    'https://e.org/t',
  ],
  [
    'none that is not read',
    '<link rel="icon" href="/f.ico"><link rel="icon" type="image/svg+xml" href="/f">',
    null,
  ],
  ['none of another scheme', '<link rel="icon" href="data:image/png;base64,AAAA">', null],
  [
    'entities in its address',
    '<LINK REL="Shortcut Icon" HREF="/a.png?x=1&amp;y=2"/>',
    'https://e.org/a.png?x=1&y=2',
  ],
  ['none of a hundred thousand broken tags', '<link rel="icon" href="'.repeat(100_000), null],
])('of a page with %s', (_name, html, icon) => expect(iconOf(html, 'https://e.org/b/c')).toBe(icon));
