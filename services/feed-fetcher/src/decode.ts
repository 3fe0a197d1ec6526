import iconv from 'iconv-lite';

/** Byte order marks, the longer before those that they begin with. */
const MARKS: [bytes: number[], encoding: string][] = [
  [[0xff, 0xfe, 0x00, 0x00], 'utf-32le'],
  [[0x00, 0x00, 0xfe, 0xff], 'utf-32be'],
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/** `<` and `?` as they stand at the start of XML in UTF-16 without a mark. */
const UNMARKED: [bytes: number[], encoding: string][] = [
  [[0x3c, 0x00, 0x3f, 0x00], 'utf-16le'],
  [[0x00, 0x3c, 0x00, 0x3f], 'utf-16be'],
];

/** Labels that mean more on the web than they say. Source: Encoding standard, "names and labels". */
const WEB_LABELS: Record<string, string> = {
  'iso-8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'us-ascii': 'windows-1252',
  ascii: 'windows-1252',
  'iso-8859-9': 'windows-1254',
  'iso-8859-11': 'windows-874',
  gb2312: 'gbk',
  'x-sjis': 'shift_jis',
  'ks_c_5601-1987': 'euc-kr',
  // Without a mark, and in the order that the web uses.
  'utf-16': 'utf-16le',
};

/**
 * The text of a feed. Its encoding is told by the byte order mark, else by the HTTP charset, else by the XML
 * declaration (RFC 7303, section 3); a label that is not known is passed over. Without any of them it is
 * UTF-8, or windows-1252 if the bytes are not UTF-8.
 */
export function decodeFeed(bytes: Buffer, contentType: string | undefined): string {
  const marked = MARKS.find(([mark]) => startsWith(bytes, mark));
  if (marked) return iconv.decode(bytes.subarray(marked[0].length), marked[1], { stripBOM: false });
  const encoding =
    UNMARKED.find(([start]) => startsWith(bytes, start))?.[1] ??
    known(httpCharset(contentType)) ??
    known(xmlEncoding(bytes));
  return iconv.decode(bytes, encoding ?? (isUtf8(bytes) ? 'utf-8' : 'windows-1252'));
}

const startsWith = (bytes: Buffer, start: number[]): boolean => start.every((byte, i) => bytes[i] === byte);

const httpCharset = (contentType = ''): string | undefined =>
  /;\s*charset\s*=\s*["']?([^\s"';]+)/i.exec(contentType)?.[1];

const xmlEncoding = (bytes: Buffer): string | undefined =>
  /^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']+)["']/i.exec(bytes.toString('latin1', 0, 1024))?.[1];

function known(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  const name = label.trim().toLowerCase();
  const encoding = Object.hasOwn(WEB_LABELS, name) ? WEB_LABELS[name]! : name;
  // iconv-lite also knows codings of bytes as text, which no feed is in.
  return /^(hex|base64|binary|internal)/.test(encoding) || !iconv.encodingExists(encoding)
    ? undefined
    : encoding;
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
