import { expect, test } from '@jest/globals';
import { sampleFeed } from '../../../test/support/sample-content.js';
import { readFeed } from './read-feed.js';
import { parseEntries } from './refresh-entries.js';

const jsonOf = (xml: string): Uint8Array =>
  readFeed({ bytes: Buffer.from(xml), contentType: 'text/xml', url: 'https://e.org/' }).entriesJson;

test.each([
  ['many', sampleFeed(300)],
  ['none', sampleFeed(0)],
  ['one', sampleFeed(1)],
  [
    'commas, brackets and line ends in their texts',
    sampleFeed(3).replaceAll('Text of', 'a],\n[\u2028"\\,\n{"b":1},'),
  ],
])('entries as they were read are parsed portion by portion: %s', async (_name, xml) => {
  const json = jsonOf(xml);
  expect(await parseEntries(json)).toEqual(JSON.parse(Buffer.from(json).toString()));
});
