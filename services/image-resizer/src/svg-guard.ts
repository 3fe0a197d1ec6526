import { IMAGE_LIMITS } from '@offload/contracts/image-resize';
import { svgRefused } from './image-error.js';

/** Elements that bring in more than a drawing: code, pages of HTML, other files. */
const ELEMENTS =
  /<(?:[\w.-]+:)?(script|foreignObject|iframe|object|embed|audio|video|canvas|handler|listener|include)\b/i;

/** An attribute that names something to load: href (any prefix), src. The value's quotes are the XML rule's. */
const REFERENCE = /[\s"'](?:[\w.-]+:)?(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi;

/** Inside the file, or a bitmap that stands in the reference itself. An SVG in a data URL would escape these checks. */
const INSIDE = /^\s*(#|data:image\/(png|jpe?g|gif|webp);|$)/i;

const CSS_URL = /url\(\s*(["']?)([^"')]*)\1/gi;

/** Encodings in which these bytes are the characters they seem to be. */
const ENCODINGS = /^(utf-?8|us-ascii|ascii|iso-8859-1|latin-?1|windows-1252)$/i;

/**
 * Refuses an SVG that is more than a drawing (permanent TaskError `svg-refused`, the reason named): scripts, foreign
 * content, entities, style sheets and references to anything outside of it. librsvg, which gets it without a base URL,
 * would load none of them either; this is said before it sees a byte. Links (`<a href>`) are allowed: nobody follows them.
 */
export function checkSvg(bytes: Buffer): void {
  if (bytes.length > IMAGE_LIMITS.svgBytes)
    throw svgRefused(`has ${bytes.length} bytes, and at most ${IMAGE_LIMITS.svgBytes} are taken`);
  // UTF-16 and UTF-32 have zeros in every tag, and would be read by libxml2 but not by the checks below.
  if (bytes.includes(0) || bytes[0] === 0xff || bytes[0] === 0xfe) throw svgRefused('is not in UTF-8');
  const text = withoutComments(bytes.toString('utf8'));
  const encoding = /^\ufeff?<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)/i.exec(text)?.[1] ?? 'utf-8';
  if (!ENCODINGS.test(encoding)) throw svgRefused('is not in UTF-8');
  if (/<!(ENTITY|ATTLIST)/i.test(text)) throw svgRefused('declares entities or attributes');
  if (/<\?xml-stylesheet/i.test(text)) throw svgRefused('names a style sheet');
  if (/@import\b/i.test(text)) throw svgRefused('imports a style sheet');
  const element = ELEMENTS.exec(text)?.[1];
  if (element) throw svgRefused(`has the element ${element}`);
  checkReferences(text);
}

/**
 * Comments may say anything. Where `<!--` could be no comment (in CDATA, in a processing instruction), all of the text is
 * checked as if there were none. By indexOf: a pattern would take the square of the time for a million open comments.
 */
function withoutComments(text: string): string {
  if (text.includes('<![CDATA[') || text.indexOf('<?', 2) !== -1) return text;
  let rest = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf('<!--', at);
    const end = start === -1 ? -1 : text.indexOf('-->', start + 4);
    if (end === -1) return rest + text.slice(at);
    rest += `${text.slice(at, start)} `;
    at = end + 3;
  }
}

function checkReferences(text: string): void {
  // The start tags of links only; what stands between their tags is checked as everything else is.
  const drawing = text.replace(/<(?:[\w.-]+:)?a\s[^<>]*>/gi, '<a>');
  for (const [, double, single] of drawing.matchAll(REFERENCE)) {
    const target = double ?? single ?? '';
    // A character reference could spell anything.
    if (target.includes('&#') || !INSIDE.test(target))
      throw svgRefused(`refers to ${target.trim().slice(0, 60)}, outside of it`);
  }
  // An escape in CSS could, too: \\68ttp.
  for (const [, , target = ''] of drawing.matchAll(CSS_URL))
    if (/[\\&]/.test(target) || !INSIDE.test(target))
      throw svgRefused(`refers to ${target.trim().slice(0, 60)}, outside of it`);
}
