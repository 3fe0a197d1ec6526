import { describe, expect, test } from '@jest/globals';
import iconv from 'iconv-lite';
import { decodeFeed as decode } from './decode.js';

const decodeFeed = (bytes: Buffer, contentType: string | undefined): string =>
  decode(bytes, contentType).text;

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

  test.each([
    ['koi8-r', 'Сегодня в городе прошёл дождь, и все остались дома читать новости о погоде.'],
    ['windows-1251', 'Сегодня в городе прошёл дождь, и все остались дома читать новости о погоде.'],
    ['shift_jis', '今日は天気がとても良いので、みんなで公園に行きました。楽しかったです。'],
    ['euc-jp', '今日は天気がとても良いので、みんなで公園に行きました。楽しかったです。'],
    ['gbk', '今天天气很好，我们都去公园散步了。大家都很高兴，晚上一起吃饭。'],
    ['big5', '今天天氣很好，我們都去公園散步了。大家都很高興，晚上一起吃飯。'],
    ['euc-kr', '오늘은 날씨가 좋아서 모두 함께 공원에 갔습니다. 정말 즐거웠습니다.'],
    ['windows-1252', 'À Noël, où un zéphyr haï me vêt de glaçons würmiens, je dîne d’exquis rôtis de bœuf.'],
    ['iso-8859-7', 'Σήμερα ο καιρός είναι πολύ καλός και όλοι πήγαν στο πάρκο για περίπατο'],
  ])('by what they look like when nobody says or all lie: %s', (encoding, text) => {
    const bytes = iconv.encode(`<rss><title>${text}</title></rss>`, encoding);
    expect(decodeFeed(bytes, 'text/xml')).toContain(text);
    const lying = iconv.encode(`<?xml version="1.0" encoding="utf-8"?><rss>${text}</rss>`, encoding);
    expect(decodeFeed(lying, 'text/xml; charset=UTF-8')).toContain(text);
  });

  test.each(['iso-8859-1', 'us-ascii', 'windows-1251', 'gbk', 'shift_jis'])(
    'that are UTF-8 are read as it, whatever the labels say: %s',
    (label) => {
      const text = `<?xml version="1.0" encoding="${label}"?><a>Grüße, Привет и всем добра 日本語</a>`;
      expect(decodeFeed(Buffer.from(text), `text/xml; charset=${label}`)).toBe(text);
    },
  );

  test('by the declaration when the HTTP charset is only what servers send by default', () => {
    const sent = 'text/xml; charset=ISO-8859-1';
    expect(decodeFeed(declared('windows-1251', 'Привет'), sent)).toContain('Привет');
    expect(decodeFeed(declared('shift_jis', '日本語'), sent)).toContain('日本語');
    // Short pairs that are UTF-8 by chance are what the label says.
    expect(decodeFeed(declared('gbk', '联通'), sent)).toContain('联通');
  });

  test.each(['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'])(
    'in %s without a mark, whatever the labels say',
    (encoding) => {
      const bytes = iconv.encode('<rss>Привет</rss>', encoding, { addBOM: false });
      expect(decodeFeed(bytes, 'text/xml; charset=utf-8')).toBe('<rss>Привет</rss>');
      expect(decodeFeed(bytes, 'text/xml; charset=utf-16')).toBe('<rss>Привет</rss>');
    },
  );

  test('in ASCII that says UTF-16 as what they are', () => {
    const text = '<?xml version="1.0" encoding="utf-16"?><a>x é</a>';
    expect(decodeFeed(Buffer.from(text), undefined)).toBe(text);
  });

  test('in ISO-2022-JP by its label', () => {
    const bytes = Buffer.from(
      '<?xml version="1.0" encoding="ISO-2022-JP"?><a>\x1b$BF|K\\\x1b(B</a>',
      'latin1',
    );
    expect(decodeFeed(bytes, undefined)).toContain('<a>日本</a>');
  });

  test('of a web page by its meta element', () => {
    const bytes = iconv.encode('<html><head><meta charset="koi8-r"><title>Привет</title>', 'koi8-r');
    expect(decodeFeed(bytes, 'text/html')).toContain('Привет');
  });

  test('with a few broken bytes in UTF-8 are UTF-8 with damage', () => {
    const bytes = Buffer.concat([
      Buffer.from('日本語のテキスト'),
      Buffer.from([0xff, 0xc0]),
      Buffer.from('です'),
    ]);
    expect(decode(bytes, undefined)).toEqual({ text: '日本語のテキスト\ufffd\ufffdです', damaged: true });
    expect(decode(Buffer.from('already \ufffd'), undefined).damaged).toBe(false);
  });
});
