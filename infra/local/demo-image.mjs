// @ts-check
// A picture made from nothing: a sky at dusk over hills, as a PNG written by hand.

import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Colours of the sky from top to bottom, then of the hills from far to near; red, green, blue. */
const SKY = [
  [24, 42, 84],
  [96, 92, 148],
  [232, 146, 118],
  [250, 206, 142],
];
const HILLS = [
  [86, 96, 128],
  [52, 70, 92],
  [22, 40, 50],
];

/**
 * @param {number} width   pixels
 * @param {number} height
 * @returns {Buffer} a PNG of 8 bits a channel, red, green and blue (PNG Specification, third edition, section 11)
 */
export function demoImage(width, height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8); // bit depth, colour type RGB, then the only methods there are
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels(width, height))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * Each row begins with its filter type; 0 is none.
 * @param {number} width
 * @param {number} height
 */
function pixels(width, height) {
  const rows = Buffer.alloc(height * (1 + width * 3));
  let at = 0;
  for (let y = 0; y < height; y++) {
    at++;
    for (let x = 0; x < width; x++) {
      const [red = 0, green = 0, blue = 0] = colourAt(x / width, y / height);
      rows[at++] = red;
      rows[at++] = green;
      rows[at++] = blue;
    }
  }
  return rows;
}

/**
 * @param {number} x  0 to 1, from the left
 * @param {number} y  0 to 1, from the top
 * @returns {readonly number[]}
 */
function colourAt(x, y) {
  for (let hill = HILLS.length - 1; hill >= 0; hill--) {
    const ridge =
      0.62 + hill * 0.12 + 0.05 * Math.sin(x * (5 + hill * 3) + hill * 2) + 0.015 * Math.sin(x * 31 + hill);
    if (y > ridge) return HILLS[hill] ?? [];
  }
  const distance = Math.hypot((x - 0.7) * 4, (y - 0.52) * 3);
  if (distance < 0.2) return [255, 240, 200];
  const place = Math.min(0.999, y / 0.7) * (SKY.length - 1);
  const above = SKY[Math.floor(place)] ?? [];
  const below = SKY[Math.ceil(place)] ?? above;
  return above.map((value, channel) => value + ((below[channel] ?? value) - value) * (place % 1));
}

/**
 * Length, type, data, and the CRC of the last two (section 5.3).
 * @param {string} type
 * @param {Buffer} data
 */
function chunk(type, data) {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const made = Buffer.alloc(typed.length + 8);
  made.writeUInt32BE(data.length, 0);
  made.set(typed, 4);
  made.writeUInt32BE(crc32(typed), typed.length + 4);
  return made;
}
