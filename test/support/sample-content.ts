import { crc32, deflateSync } from 'node:zlib';

/** An RSS 2.0 feed with so many items. */
export function sampleFeed(items: number, site = 'https://example.org'): string {
  const item = (n: number): string => `<item>
    <title>Entry ${n}</title><link>${site}/${n}</link><guid isPermaLink="false">entry-${n}</guid>
    <pubDate>${new Date(Date.UTC(2026, 0, 1 + n)).toUTCString()}</pubDate>
    <description>&lt;p&gt;Text of &lt;b&gt;entry ${n}&lt;/b&gt;.&lt;/p&gt;</description></item>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Sample feed</title><link>${site}</link><description>For tests</description>
${Array.from({ length: items }, (_, n) => item(n + 1)).join('\n')}
</channel></rss>`;
}

/** A PNG (RFC 2083) of one colour gradient, made here so that no binary is kept. */
export function samplePng(width: number, height: number): Buffer {
  const row = Buffer.alloc(1 + width * 3);
  const rows = Array.from({ length: height }, (_, y) => {
    for (let x = 0; x < width; x++)
      row.set([(x * 255) / width, (y * 255) / height, 128].map(Math.floor), 1 + x * 3);
    return Buffer.from(row);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    PNG_SIGNATURE,
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.concat(rows))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

export const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** Length, name, data, and the CRC of the last two (RFC 2083, section 3.2). */
export function pngChunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
