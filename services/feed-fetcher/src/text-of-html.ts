import { Parser } from 'htmlparser2';

const INLINE = [
  'a', 'abbr', 'acronym', 'animate', 'applet', 'area', 'audio', 'b', 'base', 'basefont', 'bdi', 'bdo', 'bgsound', 'big',
  'blink', 'body', 'button', 'circle', 'cite', 'code', 'data', 'del', 'dfn', 'dialog', 'em', 'embed', 'font',
  'foreignobject', 'frame', 'frameset', 'g', 'head', 'html', 'i', 'iframe', 'ilayer', 'img', 'input', 'ins', 'isindex',
  'kbd', 'keygen', 'label', 'layer', 'link', 'map', 'mark', 'marquee', 'math', 'meta', 'meter', 'mglyph', 'mtext', 'nobr',
  'noembed', 'noframes', 'object', 'optgroup', 'output', 'param', 'path', 'picture', 'plaintext', 'progress', 'q', 'rb',
  'rect', 'rp', 'rt', 'rtc', 'ruby', 's', 'samp', 'slot', 'small', 'source', 'span', 'strike', 'strong', 'sub', 'sup',
  'svg', 'time', 'track', 'tt', 'u', 'use', 'var', 'video', 'wbr',
]; // prettier-ignore
/** Words on either side of them do not run together. */
const BLOCKS = [
  'address', 'article', 'aside', 'blockquote', 'br', 'caption', 'center', 'col', 'colgroup', 'dd', 'details', 'dir',
  'div', 'dl', 'dt', 'fieldset', 'figcaption', 'figure', 'footer', 'form', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header',
  'hr', 'legend', 'li', 'listing', 'main', 'menu', 'nav', 'ol', 'option', 'p', 'pre', 'section', 'summary', 'table', 'tbody', 'td', 'tfoot',
  'th', 'thead', 'title', 'tr', 'ul',
]; // prettier-ignore
const SILENT = new Set(['script', 'style', 'noscript', 'template', 'textarea', 'select', 'canvas', 'xmp']);
const BLOCK = new Set(BLOCKS);
const KNOWN = new Set([...INLINE, ...BLOCKS, ...SILENT]);

/**
 * What a reader would see of HTML, as text: tags gone, entities resolved, scripts and styles dropped. What is no tag
 * of HTML was not meant as one (`List<String>`) and stays.
 */
export function textOfHtml(html: string): string {
  if (!/[<&]/.test(html)) return html;
  const parts: string[] = [];
  let silent = 0;
  const parser = new Parser({
    onopentagname(name) {
      if (SILENT.has(name)) silent++;
      else if (BLOCK.has(name)) parts.push(' ');
    },
    onopentag(name) {
      if (!KNOWN.has(name)) parts.push(html.slice(parser.startIndex, parser.endIndex + 1));
    },
    ontext(text) {
      if (silent === 0) parts.push(text);
    },
    onclosetag(name, implied) {
      if (SILENT.has(name)) silent--;
      else if (BLOCK.has(name)) parts.push(' ');
      else if (!KNOWN.has(name) && !implied) parts.push(html.slice(parser.startIndex, parser.endIndex + 1));
    },
  });
  parser.end(html);
  return parts.join('');
}

/** Whether there is a tag, comment or section of HTML in it. */
export function hasTags(text: string): boolean {
  for (const [, name = ''] of text.matchAll(/<\/?([a-z][a-z0-9]{0,20}|[!?])/gi)) {
    if (KNOWN.has(name.toLowerCase()) || /[!?]/.test(name)) return true;
  }
  return false;
}
