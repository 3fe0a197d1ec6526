import { describe, expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import { colourAt, near, plain } from '../../../test/support/images.js';
import { bodies, refusal, resize } from '../../../test/support/resize.js';
import { checkSvg } from './svg-guard.js';

// Real work on a machine that may be busy.
jest.setTimeout(30_000);

const svg = (inside: string, attributes = 'width="20" height="10"', before = ''): Buffer =>
  Buffer.from(
    `${before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${inside}</svg>`,
  );

const RED = '<rect width="100%" height="100%" fill="red"/>';
const PNG = 'data:image/png;base64,iVBORw0KGgo=';

describe('an SVG', () => {
  test('is refused unless the operator takes it', async () => {
    const error = await refusal(resize(svg(RED), [{ width: 10 }]));
    expect(error).toMatchObject({
      code: 'format-refused',
      retry: 'no',
      message: expect.stringContaining('SVG'),
    });
  });

  test('is drawn at the size that is asked for where it is taken, larger than its own, too', async () => {
    const run = await resize(svg(RED), [{ width: 200, format: 'png' }], { handler: { svg: true } });
    expect(run.result.source).toMatchObject({ format: 'svg', width: 20, height: 10, hasAlpha: true });
    expect(run.result.variants[0]).toMatchObject({ width: 200, height: 100 });
    expect((await colourAt(bodies(run)[0]!)).slice(0, 3)).toEqual([255, 0, 0]);
    const edge = svg('<rect width="10" height="10" fill="black"/>');
    const [sharpEdge] = bodies(
      await resize(edge, [{ width: 200, format: 'png' }], { handler: { svg: true } }),
    );
    const { data, info } = await sharp(sharpEdge).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    const row = data.subarray(50 * info.width * 4, 51 * info.width * 4);
    const soft = Array.from({ length: info.width }, (_, x) => row[x * 4 + 3]!).filter(
      (a) => a > 5 && a < 250,
    );
    expect(soft.length).toBeLessThan(4);
  });

  test('that claims to be huge is refused by its header', async () => {
    const huge = svg(RED, 'width="100000" height="100000"');
    const error = await refusal(resize(huge, [{ width: 10 }], { handler: { svg: true } }));
    expect(error).toMatchObject({ code: 'too-many-pixels', retry: 'no' });
  });

  test('does not open the other formats that could hold one', async () => {
    const html = Buffer.from(`<!doctype html><html><body>${svg(RED).toString()}</body></html>`);
    expect(await refusal(resize(html, [{ width: 10 }], { handler: { svg: true } }))).toMatchObject({
      code: 'format-refused',
    });
    const png = await resize(await plain().png().toBuffer(), [{ width: 10, format: 'png' }], {
      handler: { svg: true },
    });
    expect(await colourAt(bodies(png)[0]!)).toEqual([near(0xc0), near(0x40), near(0x20)]);
  });
});

test.each([
  ['a script', svg('<script>alert(1)</script>')],
  ['a script with a prefix', svg('<svg:script>alert(1)</svg:script>')],
  ['a page of HTML', svg('<foreignObject><body/></foreignObject>')],
  ['an image of another host', svg('<image href="http://169.254.169.254/"/>')],
  ['an image of another host, old style', svg('<image xlink:href="https://example.com/a.png"/>')],
  ['an image by another prefix', svg('<image foo:href="https://example.com/a.png"/>')],
  ['a file', svg('<image href="file:///etc/passwd"/>')],
  ['a file by its path', svg('<image href="/etc/passwd"/>')],
  ['a neighbouring file', svg("<use href='other.svg#a'/>")],
  ['a spelt-out address', svg('<image href="&#104;ttp://example.com/"/>')],
  ['an SVG in an SVG', svg('<image href="data:image/svg+xml;base64,PHN2Zy8+"/>')],
  ['a text in an SVG', svg('<image href="data:text/html,x"/>')],
  ['a feImage', svg('<filter><feImage href="http://example.com/"/></filter>')],
  ['an address in CSS', svg('<style>rect { fill: url(http://example.com/a.svg#b) }</style>')],
  ['an address in an attribute', svg('<rect fill="url(&quot;http://example.com/&quot;)"/>')],
  ['an escaped address in CSS', svg('<style>rect { fill: url(\\68ttp://example.com/) }</style>')],
  ['an imported style sheet', svg('<style>@import "http://example.com/a.css";</style>')],
  ['a style sheet', svg('', '', '<?xml-stylesheet href="http://example.com/a.css"?>')],
  ['an included file', svg('<xi:include href="file:///etc/passwd"/>')],
  ['an entity', svg('&a;', '', '<!DOCTYPE svg [<!ENTITY a "b">]>')],
  ['an external entity', svg('&a;', '', '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>')],
  ['a parameter entity', svg('', '', '<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://example.com/">%a;]>')],
  ['another encoding', svg('', '', '<?xml version="1.0" encoding="UTF-7"?>')],
  ['UTF-16', Buffer.from('\ufeff<svg xmlns="http://www.w3.org/2000/svg"/>', 'utf16le')],
  ['too many bytes', svg(' '.repeat(3_000_000))],
  ['a reference in a comment that is none', svg('<!-- --><image href="http://example.com/"/><!-- -->')],
  [
    'a default attribute',
    svg('<image/>', '', '<!DOCTYPE svg [<!ATTLIST image href CDATA "http://example.com/">]>'),
  ],
  [
    'an image between two comments that are none',
    svg('<style><![CDATA[<!--]]></style><image href="http://example.com/"/><style><![CDATA[-->]]></style>'),
  ],
  ['an image between two instructions', svg('<?a <!--?><image href="http://example.com/"/><?a -->?>')],
])('%s in an SVG is refused for good', (_what, bytes) => {
  const refused = expect.objectContaining({ code: 'svg-refused', retry: 'no' }) as unknown as Error;
  expect(() => checkSvg(bytes)).toThrow(refused);
});

test.each([
  ['a gradient', svg('<linearGradient id="a"/><rect fill="url(#a)"/><use xlink:href="#a"/>')],
  ['a bitmap in itself', svg(`<image href="${PNG}"/>`)],
  ['a link', svg('<a href="https://example.com/"><rect width="1" height="1"/></a>')],
  [
    'a document type without entities',
    svg(
      RED,
      '',
      '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
    ),
  ],
  ['a declared UTF-8', svg(RED, '', '<?xml version="1.0" encoding="utf-8"?>')],
  ['a comment that mentions a script', svg('<!-- <script> -->')],
])('%s in an SVG is taken', (_what, bytes) => {
  expect(() => checkSvg(bytes)).not.toThrow();
});

test('a million open comments are read in no time', () => {
  const before = performance.now();
  expect(() => checkSvg(svg('<!--'.repeat(500_000)))).not.toThrow();
  expect(() => checkSvg(svg('<?xml <!DOCTYPE url( <a '.repeat(60_000)))).toThrow(/refers to/);
  expect(performance.now() - before).toBeLessThan(2_000);
});
