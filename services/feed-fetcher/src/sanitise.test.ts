import { describe, expect, test } from '@jest/globals';
import { htmlOfText, line, textOfHtml } from './clean-text.js';
import { Links } from './links.js';
import { sanitiseHtml } from './sanitise.js';

const clean = (html: string): string => sanitiseHtml(html, 'https://site.example/blog/', new Links());

describe('HTML of a feed is made safe:', () => {
  test.each([
    ['scripts', '<p>a<script>alert(1)</script>b</p>', '<p>ab</p>'],
    ['scripts in disguise', '<scr<script>ipt>alert(1)</script>', 'ipt&gt;alert(1)'],
    ['styles', '<style>p{}</style><p style="position:fixed">a</p>', '<p>a</p>'],
    ['handlers', '<p onclick="x()" onmouseover=y()>a</p>', '<p>a</p>'],
    ['frames', '<iframe src="https://evil.example"></iframe>a', 'a'],
    ['objects', '<object data="x"><embed src="x"></object>a', 'a'],
    ['forms', '<form action="/x"><input name="a"><button>b</button></form>', 'b'],
    ['SVG and MathML', '<svg onload="x()"><a xlink:href="javascript:x()">a</a></svg>', '<a>a</a>'],
    ['base and meta', '<base href="//evil"><meta http-equiv="refresh" content="0">a', 'a'],
    ['comments', 'a<!-- b --><![CDATA[c]]>', 'a'],
    ['ids and classes', '<p id="x" class="y" data-z="1">a</p>', '<p>a</p>'],
    ['control characters', 'a\u0000\u0008b\ufeff', 'ab'],
  ])('%s', (_what, html, expected) => expect(clean(html)).toBe(expected));

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' java\nscript:alert(1)',
    'java&#x09;script:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://site.example/x',
    'http://[::bad',
  ])('a link to %j is no link', (href) => {
    expect(clean(`<a href="${href}">a</a>`)).toBe('<a>a</a>');
    expect(clean(`<img src="${href}">`)).toBe('');
  });

  test('anchors give neither opener nor referrer away, whatever they say themselves', () => {
    expect(clean('<a href="/x" rel="opener" target="_top" ping="/p">a</a>')).toBe(
      '<a href="https://site.example/x" rel="noopener noreferrer">a</a>',
    );
    expect(clean('<a href="mailto:a@b.example">a</a>')).toContain('href="mailto:a@b.example"');
  });

  test('links are absolute', () => {
    expect(clean('<img src="a.png" alt="A">')).toBe(
      '<img alt="A" src="https://site.example/blog/a.png" loading="lazy" />',
    );
    expect(clean('<a href="//other.example/y?a=1&amp;b=2">a</a>')).toContain(
      'href="https://other.example/y?a=1&amp;b=2"',
    );
    expect(clean('<video src="v.mp4" poster="p.jpg" autoplay></video>')).toBe(
      '<video src="https://site.example/blog/v.mp4" poster="https://site.example/blog/p.jpg" controls preload="none"></video>',
    );
    expect(clean('<audio><source src="a.mp3" type="audio/mpeg"><source></audio>')).toBe(
      '<audio controls preload="none"><source type="audio/mpeg" src="https://site.example/blog/a.mp3" /></audio>',
    );
  });

  test('lazy images get their address, and counting pixels go', () => {
    expect(clean('<img src="data:image/gif;base64,R0" data-src="/real.jpg">')).toContain(
      'src="https://site.example/real.jpg"',
    );
    expect(clean('<img src="https://count.example/p" width="1" height="1">a')).toBe('a');
  });

  test('deep nesting is flattened, and its content kept', () => {
    const html = clean(`${'<div>'.repeat(20_000)}deep${'</div>'.repeat(20_000)}`);
    expect(html).toContain('deep');
    expect(html.match(/<div>/g)?.length).toBeLessThanOrEqual(100);
  });
});

describe('plain text', () => {
  test.each([
    ['AT&amp;T &lt;3', 'AT&T <3'],
    ['<b>bold</b> &quot;x&quot; it&#39;s', 'bold "x" it\'s'],
    ['caf&eacute;&nbsp;x', 'café\u00a0x'],
    ['<script>alert(1)</script>a<p>b</p><br/>c', 'a b c'],
    ['a < b', 'a < b'],
    ['plain', 'plain'],
  ])('of %j is %j', (html, text) => expect(line(textOfHtml(html), 100)).toBe(text.replace('\u00a0', ' ')));

  test('is one line, without controls, halves of characters and turned directions, and bounded', () => {
    expect(line(' a\n\tb\u0007\u202e\ud800 ', 100)).toBe('a b\ufffd');
    expect(line('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`);
  });

  test('becomes HTML that shows it', () => {
    expect(htmlOfText('a <b> & c\nd\r\n')).toBe('<p>a &lt;b&gt; &amp; c<br />d</p>');
  });
});
