import { expect, test } from '@jest/globals';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { testDatabase } from '../../../test/support/database.js';
import { connectStore } from './connect.js';

const connect = (uri: string, log: RecordedLog) =>
  connectStore({ uri, name: 'connect', log, prepare: async () => undefined });

const said = (log: RecordedLog, words: RegExp) =>
  log.lines.find(({ fields }) => words.test(String(fields.reason)), String(words));

test('a malformed URI stops the process before it connects', () => {
  expect(() => connect('mongodb://ann:s3/cret@h/shop', new RecordedLog())).toThrow('MONGODB_URI');
});

test('a wrong password is said in words, without it, and tried again until it is right', async () => {
  const { uri } = testDatabase('connect');
  const log = new RecordedLog();
  const wrong = new URL(uri);
  wrong.password = 'wr0ng-secret';
  const connection = connect(wrong.href, log);
  const line = await said(log, /refuses the user or password/);
  expect(line.level).toBe('warn');
  expect(connection.connected).toBe(false);
  await connection.close();
  expect(log.text).not.toMatch(/wr0ng|connection lost/);
});

test('a database that is not there yet is said once, and nothing claims that a connection was lost', async () => {
  const log = new RecordedLog();
  const connection = connect('mongodb://ann:s3cret@127.0.0.1:1/shop', log);
  await said(log, /No database listens at 127\.0\.0\.1:1\/shop/);
  await connection.close();
  expect(log.text).not.toMatch(/s3cret|connection lost/);
});
