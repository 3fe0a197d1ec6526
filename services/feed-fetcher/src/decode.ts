import { isUtf8 } from 'node:buffer';
import chardet from 'chardet';
import iconv from 'iconv-lite';

export interface DecodedFeed {
  text: string;
  /** Some bytes were no text in the encoding; they are U+FFFD. */
  damaged: boolean;
}

/** Byte order marks, the longer before those that they begin with. */
const MARKS: [bytes: number[], encoding: string][] = [
  [[0xff, 0xfe, 0x00, 0x00], 'utf-32le'],
  [[0x00, 0x00, 0xfe, 0xff], 'utf-32be'],
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/** Labels that mean more on the web than they say. Source: Encoding standard, "names and labels". */
const WEB_LABELS: Record<string, string> = {
  'iso-8859-1': 'windows-1252',
  'iso8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'latin-1': 'windows-1252',
  'us-ascii': 'windows-1252',
  ascii: 'windows-1252',
  'iso-8859-9': 'windows-1254',
  'iso-8859-11': 'windows-874',
  'tis-620': 'windows-874',
  gb2312: 'gb18030',
  gbk: 'gb18030',
  'x-gbk': 'gb18030',
  'x-sjis': 'shift_jis',
  'shift-jis': 'shift_jis',
  sjis: 'shift_jis',
  'windows-31j': 'shift_jis',
  'ks_c_5601-1987': 'euc-kr',
  'x-euc-jp': 'euc-jp',
  'big5-hkscs': 'big5-hkscs',
  utf8: 'utf-8',
  'utf-8': 'utf-8',
  unicode: 'utf-8',
};

/** Encodings of several bytes a character: bytes that break their rules show that a label lies. */
const MULTIBYTE = /^(?:gb18030|shift_jis|euc-jp|euc-kr|big5)/;
/** Bytes above ASCII that are looked at to guess an encoding. */
const SAMPLE_BYTES = 16 * 1024;
const ENOUGH_TO_GUESS = 8;

/**
 * The text of a feed. Its encoding is told by the byte order mark, else by the HTTP charset, else by the XML (or
 * HTML) declaration (RFC 7303, section 3), as far as the bytes bear it out: labels lie, above all those that servers
 * send by default. Text that is valid UTF-8 is UTF-8, whatever they say. Without a label that fits, what the bytes
 * look like, else windows-1252.
 */
export function decodeFeed(bytes: Buffer, contentType: string | undefined): DecodedFeed {
  const marked = MARKS.find(([mark]) => mark.every((byte, i) => bytes[i] === byte));
  if (marked) return decoded(bytes.subarray(marked[0].length), marked[1]);
  const wide = wideWithoutMark(bytes);
  if (wide !== undefined) return decoded(bytes, wide);

  const http = known(httpCharset(contentType));
  const declared = known(declaredEncoding(bytes));
  const utf8 = utf8Share(bytes);
  // A few pairs of an East Asian encoding can look like UTF-8; more than a few never do.
  const short = [http, declared].find((label) => label && MULTIBYTE.test(label));
  if (utf8.broken === 0 && !(short && utf8.characters > 0 && utf8.characters < 6 && fits(bytes, short))) {
    const sevenBit = [http, declared].find((label) => label === 'iso-2022-jp');
    return decoded(bytes, sevenBit ?? 'utf-8');
  }
  const label = labels(http, declared).find((each) =>
    each === 'utf-8' ? utf8.characters >= utf8.broken * 2 : fits(bytes, each),
  );
  if (label !== undefined) return decoded(bytes, label);
  // Mostly UTF-8, with damage: better than anything it could be guessed to be.
  if (utf8.characters >= utf8.broken * 4) return decoded(bytes, 'utf-8');
  return decoded(bytes, guessed(bytes));
}

/** The HTTP charset first, but not one that servers send unasked when the document itself names another. */
function labels(http: string | undefined, declared: string | undefined): string[] {
  const byDefault = http === 'windows-1252' && declared !== undefined;
  return (byDefault ? [declared, http] : [http, declared]).filter((label) => label !== undefined);
}

function decoded(bytes: Buffer, encoding: string): DecodedFeed {
  const text =
    encoding === 'iso-2022-jp' ? new TextDecoder(encoding).decode(bytes) : iconv.decode(bytes, encoding);
  return { text, damaged: text.includes('\ufffd') && !(encoding === 'utf-8' && isUtf8(bytes)) };
}

/** ASCII's characters with zeros around them, as XML and JSON begin in UTF-16 and UTF-32. */
function wideWithoutMark(bytes: Buffer): string | undefined {
  if (bytes.length < 8) return undefined;
  const zeros = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => (bytes[i] === 0 ? '0' : 'x')).join('');
  const found: Record<string, string> = {
    x0x0x0x0: 'utf-16le',
    '0x0x0x0x': 'utf-16be',
    x000x000: 'utf-32le',
    '000x000x': 'utf-32be',
  };
  return found[zeros];
}

const httpCharset = (contentType = ''): string | undefined =>
  /;\s{0,10}charset\s{0,10}=\s{0,10}["']?([^\s"';,]{1,40})/i.exec(contentType.slice(0, 1_000))?.[1];

function declaredEncoding(bytes: Buffer): string | undefined {
  const head = bytes.toString('latin1', 0, 2048);
  const xml = /<\?xml\s[^>]{0,500}?\bencoding\s{0,10}=\s{0,10}["']([^"'>]{1,40})["']/i.exec(head)?.[1];
  return xml ?? /<meta\s[^>]{0,500}?\bcharset\s{0,10}=\s{0,10}["']?([\w:.-]{1,40})/i.exec(head)?.[1];
}

function known(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  const name = label.trim().toLowerCase();
  const encoding = Object.hasOwn(WEB_LABELS, name) ? WEB_LABELS[name]! : name;
  if (/^(?:cs)?iso-?2022-?jp/.test(encoding)) return 'iso-2022-jp';
  // Bytes that are no UTF-16 or UTF-32 by their shape are none, whatever a label says. iconv-lite also knows codings
  // of bytes as text, which no feed is in.
  if (/^(?:utf-?(?:16|32|7)|ucs-?2|hex|base64|binary|internal)/.test(encoding)) return undefined;
  return iconv.encodingExists(encoding) ? encoding : undefined;
}

/** How many characters beyond ASCII the bytes have as UTF-8, and how many places are none. */
function utf8Share(bytes: Buffer): { characters: number; broken: number } {
  const text = bytes.toString('utf8');
  const broken = isUtf8(bytes) ? 0 : countOf(/\ufffd/g, text);
  return { characters: countOf(/[^\0-\x7f\ufffd]/gu, text), broken };
}

function countOf(pattern: RegExp, text: string): number {
  let count = 0;
  while (count < 1_000_000 && pattern.exec(text) !== null) count++;
  return count;
}

/** Whether bytes can be text in an encoding: a stray one is damage, more are a lie. */
function fits(bytes: Buffer, encoding: string): boolean {
  const sample = sampleOf(bytes);
  const text = decoded(sample, encoding).text;
  // C1 controls are what no text has, and what a wrong label gives.
  const bad = countOf(/[\ufffd\x80-\x84\x86-\x9f]/g, text);
  return bad * 20 <= countOf(/[^\0-\x7f]/gu, text);
}

/** From the first byte beyond ASCII on. */
function sampleOf(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte > 0x7f);
  return first === -1 ? bytes.subarray(0, 0) : bytes.subarray(first, first + SAMPLE_BYTES * 4);
}

/** Words without markup tell an encoding better; few say nothing. */
function guessed(bytes: Buffer): string {
  const sample = sampleOf(bytes).subarray(0, SAMPLE_BYTES);
  if (sample.filter((byte) => byte > 0x7f).length < ENOUGH_TO_GUESS) return 'windows-1252';
  for (const { name } of chardet.analyse(sample)) {
    const encoding = known(name);
    if (encoding !== undefined && encoding !== 'utf-8' && fits(bytes, encoding)) return encoding;
  }
  return 'windows-1252';
}
