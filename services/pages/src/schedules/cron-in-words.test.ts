import { expect, test } from '@jest/globals';
import { cronInWords, EXAMPLES, knowsZone, timeInZone, timeZones } from './cron-in-words.js';

test.each([
  ['30 2 * * 1-5', 'At 02:30, Monday through Friday'],
  ['*/15 * * * *', 'Every 15 minutes'],
  ['*/10 * * * * *', 'Every 10 seconds'],
  ['@daily', 'At 00:00'],
  ['  @HOURLY ', 'Every hour'],
  ['0 9 * * MON', 'At 09:00, only on Monday'],
])('%j reads as %j', (cron, words) => {
  expect(cronInWords(cron)).toBe(words);
});

test.each(['', 'every day', '* * *', '99 * * * *', '* * * * * * 2027', '@reboot', '0 0 * * FOO'])(
  'what %j means is left to the API',
  (cron) => {
    expect(cronInWords(cron)).toBeNull();
  },
);

test('each example can be put in words', () => {
  for (const { cron } of EXAMPLES) expect(cronInWords(cron)).not.toBeNull();
});

test('two times that look alike in a night of a clock change are told apart', () => {
  expect(timeInZone('2026-10-25T00:30:00.000Z', 'Europe/Berlin')).toBe('Sun, 25 Oct 2026, 02:30 GMT+2');
  expect(timeInZone('2026-10-25T01:30:00.000Z', 'Europe/Berlin')).toBe('Sun, 25 Oct 2026, 02:30 GMT+1');
  expect(timeInZone('2026-10-25T01:30:10.000Z', 'UTC')).toContain('01:30:10');
});

test('zones are offered with the own one and UTC first', () => {
  expect(timeZones()).toContain('Europe/Berlin');
  expect(timeZones().slice(0, 2)).toContain('UTC');
  expect(knowsZone('Europe/Berlin')).toBe(true);
  expect(knowsZone('Mars/Olympus')).toBe(false);
});
