import { describe, expect, test } from '@jest/globals';
import iconv from 'iconv-lite';
import { decodeFeed } from './decode.js';

const TEXT = '<?xml version="1.0"?><rss>Żółć 日本 Привет</rss>';
const declared = (encoding: string, text: string): Buffer =>
  iconv.encode(`<?xml version="1.0" encoding="${encoding}"?><a>${text}</a>`, encoding);

describe('bytes become text', () => {
  test.each(['utf-8', 'utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'])(
    'by their byte order mark: %s',
    (encoding) => {
      const bytes = iconv.encode(TEXT, encoding, { addBOM: true });
      expect(decodeFeed(bytes, 'text/xml; charset=windows-1252')).toBe(TEXT);
    },
  );

  test.each([
    ['windows-1251', 'Привет'],
    ['koi8-r', 'Привет'],
    ['shift_jis', '日本語'],
    ['euc-jp', '日本語'],
    ['gbk', '中文'],
    ['big5', '中文'],
    ['euc-kr', '한국어'],
    ['iso-8859-2', 'Żółć'],
    ['windows-1252', '“naïve” €'],
  ])('by the HTTP charset, and by the XML declaration: %s', (encoding, text) => {
    const bytes = iconv.encode(`<a>${text}</a>`, encoding);
    expect(decodeFeed(bytes, `text/xml;Charset="${encoding}"`)).toBe(`<a>${text}</a>`);
    expect(decodeFeed(declared(encoding, text), 'text/xml')).toContain(text);
  });

  test('the HTTP charset outranks the declaration, and a label that nobody knows is passed over', () => {
    expect(decodeFeed(declared('koi8-r', 'Привет'), 'text/xml; charset=koi8-r')).toContain('Привет');
    expect(decodeFeed(declared('koi8-r', 'Привет'), 'text/xml; charset=x-nonsense')).toContain('Привет');
    const wrong = Buffer.from('<?xml version="1.0" encoding="koi8-r"?><a>Привет</a>');
    expect(decodeFeed(wrong, 'text/xml; charset=utf-8')).toContain('Привет');
    expect(decodeFeed(Buffer.from('<a>é</a>'), 'text/xml; charset=base64')).toBe('<a>é</a>');
  });

  test('Latin-1 means windows-1252, as on the web', () => {
    expect(decodeFeed(Buffer.from([0x93, 0xe9, 0x94]), 'text/xml; charset=iso-8859-1')).toBe('“é”');
  });

  test('UTF-16 is seen without a mark', () => {
    expect(decodeFeed(iconv.encode(TEXT, 'utf-16le', { addBOM: false }), undefined)).toBe(TEXT);
    expect(decodeFeed(iconv.encode(TEXT, 'utf-16be', { addBOM: false }), undefined)).toBe(TEXT);
  });

  test('without any word it is UTF-8, and windows-1252 when it cannot be', () => {
    expect(decodeFeed(Buffer.from('日本'), undefined)).toBe('日本');
    expect(decodeFeed(Buffer.from([0x63, 0x61, 0x66, 0xe9]), undefined)).toBe('café');
  });
});
