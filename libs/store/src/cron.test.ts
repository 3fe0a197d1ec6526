import { describe, expect, test } from '@jest/globals';
import { BadRecurrence, dueTicks, MOST_CAUGHT_UP, nextTicks, ON_TIME_MS, type CatchUp } from './cron.js';

const at = (text: string) => new Date(text);
const texts = (dates: Date[]) => dates.map((date) => date.toISOString().replace('.000Z', 'Z'));

describe('the next ticks', () => {
  test.each([
    // Berlin, 29 March 2026: 02:00 is followed by 03:00 (01:00 UTC).
    [
      'once a day in the gap: right after it',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00:00Z',
      ['2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z'],
    ],
    [
      'once a day right after the gap',
      '0 3 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00:00Z',
      ['2026-03-29T01:00:00Z', '2026-03-30T01:00:00Z'],
    ],
    [
      'each half past over the gap: it is skipped',
      '30 * * * *',
      'Europe/Berlin',
      '2026-03-29T00:00:00Z',
      ['2026-03-29T00:30:00Z', '2026-03-29T01:30:00Z', '2026-03-29T02:30:00Z'],
    ],
    [
      'intervals within the gap alone: none that day',
      '*/30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00:00Z',
      ['2026-03-30T00:00:00Z', '2026-03-30T00:30:00Z'],
    ],
    [
      'each second over the gap',
      '* * * * * *',
      'Europe/Berlin',
      '2026-03-29T00:59:58Z',
      ['2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z', '2026-03-29T01:00:01Z'],
    ],
    // Berlin, 25 October 2026: 03:00 is followed by 02:00 (01:00 UTC).
    [
      'once a day in the repeated hour: at the first',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00:00Z',
      ['2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
    ],
    [
      'once a day, asked between its two times: not again',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-25T01:10:00Z',
      ['2026-10-26T01:30:00Z', '2026-10-27T01:30:00Z'],
    ],
    [
      'intervals in the repeated hour: in both',
      '*/30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00:00Z',
      [
        '2026-10-25T00:00:00Z',
        '2026-10-25T00:30:00Z',
        '2026-10-25T01:00:00Z',
        '2026-10-25T01:30:00Z',
        '2026-10-26T01:00:00Z',
      ],
    ],
    [
      'each hour over the repeated one',
      '0 * * * *',
      'Europe/Berlin',
      '2026-10-24T23:30:00Z',
      ['2026-10-25T00:00:00Z', '2026-10-25T01:00:00Z', '2026-10-25T02:00:00Z'],
    ],
    // New York: 8 March (07:00 UTC) and 1 November (06:00 UTC).
    [
      'once a day in the gap of New York',
      '30 2 * * *',
      'America/New_York',
      '2026-03-07T12:00:00Z',
      ['2026-03-08T07:00:00Z', '2026-03-09T06:30:00Z'],
    ],
    [
      'once a day in the repeated hour of New York',
      '30 1 * * *',
      'America/New_York',
      '2026-10-31T12:00:00Z',
      ['2026-11-01T05:30:00Z', '2026-11-02T06:30:00Z'],
    ],
    [
      'a change of half an hour',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T00:00:00Z',
      ['2026-10-03T15:30:00Z', '2026-10-04T15:15:00Z'],
    ],
    [
      'midnight that does not exist',
      '30 0 * * *',
      'America/Sao_Paulo',
      '2018-11-03T12:00:00Z',
      ['2018-11-04T03:00:00Z', '2018-11-05T02:30:00Z'],
    ],
    [
      'UTC knows no change',
      '30 2 * * *',
      'UTC',
      '2026-03-28T12:00:00Z',
      ['2026-03-29T02:30:00Z', '2026-03-30T02:30:00Z'],
    ],
    ['6 fields begin with seconds', '15 30 2 * * *', 'UTC', '2026-03-28T12:00:00Z', ['2026-03-29T02:30:15Z']],
    [
      '29 February',
      '0 0 29 2 *',
      'UTC',
      '2026-03-28T12:00:00Z',
      ['2028-02-29T00:00:00Z', '2032-02-29T00:00:00Z'],
    ],
    [
      'day of month or weekday, when both are given',
      '0 12 13 * 5',
      'UTC',
      '2026-11-01T00:00:00Z',
      ['2026-11-06T12:00:00Z', '2026-11-13T12:00:00Z'],
    ],
    ['the last day of a month', '0 0 L * *', 'UTC', '2026-02-01T00:00:00Z', ['2026-02-28T00:00:00Z']],
    ['names', '0 6 * JAN MON-FRI', 'UTC', '2026-12-31T00:00:00Z', ['2027-01-01T06:00:00Z']],
    ['a nickname', '@daily', 'Europe/Berlin', '2026-11-01T00:00:00Z', ['2026-11-01T23:00:00Z']],
  ])('%s', (_name, cron, timeZone, after, expected) => {
    expect(texts(nextTicks({ cron, timeZone }, at(after), expected.length))).toEqual(expected);
  });

  test('are strictly after, to the millisecond', () => {
    const recurrence = { cron: '* * * * * *', timeZone: 'UTC' };
    const first = (after: string) => texts(nextTicks(recurrence, at(after), 1));
    expect(first('2026-01-01T00:00:00.000Z')).toEqual(['2026-01-01T00:00:01Z']);
    expect(first('2026-01-01T00:00:00.999Z')).toEqual(['2026-01-01T00:00:01Z']);
    expect(first('2025-12-31T23:59:59.999Z')).toEqual(['2026-01-01T00:00:00Z']);
  });

  test('are none for a day that never comes', () => {
    expect(nextTicks({ cron: '0 0 30 2 *', timeZone: 'UTC' }, at('2026-01-01T00:00:00Z'), 5)).toEqual([]);
  });
});

describe('a recurrence is refused', () => {
  test.each([
    ['too few fields', '* * * *', 'UTC', 'cron', /5 fields .* or 6/],
    ['too many fields', '* * * * * * *', 'UTC', 'cron', /5 fields/],
    ['nothing', '', 'UTC', 'cron', /5 fields/],
    ['a single date', '2026-12-01T00:00:00', 'UTC', 'cron', /5 fields/],
    ['an unknown nickname', '@reboot', 'UTC', 'cron', /5 fields/],
    ['a number out of range', '60 * * * *', 'UTC', 'cron', /minute: 60/],
    ['letters', 'a b c d e', 'UTC', 'cron', /illegal characters/],
    ['a step of zero', '*/0 * * * *', 'UTC', 'cron', /stepping/],
    ['what depends on the time of parsing', '? * * * *', 'UTC', 'cron', /write \*/],
    ['a city without its region', '0 0 * * *', 'new york', 'timeZone', /did you mean America\/New_York/],
    ['an unknown zone', '0 0 * * *', 'Mars/Base', 'timeZone', /IANA name/],
    ['an offset', '0 0 * * *', '+02:00', 'timeZone', /IANA name/],
  ])('for %s', (_name, cron, timeZone, field, message) => {
    const compute = () => nextTicks({ cron, timeZone }, at('2026-01-01T00:00:00Z'), 1);
    expect(compute).toThrow(BadRecurrence);
    expect(compute).toThrow(expect.objectContaining({ field, message: expect.stringMatching(message) }));
  });
});

describe('due ticks', () => {
  const due = (catchUp: CatchUp, cron: string, nextAt: string, now: string) => {
    const found = dueTicks({ cron, timeZone: 'Europe/Berlin', catchUp, nextAt: at(nextAt) }, at(now));
    return { due: texts(found.due), next: found.next?.toISOString().replace('.000Z', 'Z') };
  };

  test.each(['none', 'latest', 'all'] as const)('on time are done whatever the catch-up (%s)', (catchUp) => {
    expect(due(catchUp, '*/10 * * * * *', '2026-01-01T00:00:00Z', '2026-01-01T00:00:20.400Z')).toEqual({
      due: ['2026-01-01T00:00:00Z', '2026-01-01T00:00:10Z', '2026-01-01T00:00:20Z'],
      next: '2026-01-01T00:00:30Z',
    });
    expect(due(catchUp, '@hourly', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')).toEqual({
      due: ['2026-01-01T00:00:00Z'],
      next: '2026-01-01T01:00:00Z',
    });
  });

  test.each([
    ['none', []],
    ['latest', ['2026-01-01T04:00:00Z']],
    ['all', ['2026-01-01T01:00:00Z', '2026-01-01T02:00:00Z', '2026-01-01T03:00:00Z', '2026-01-01T04:00:00Z']],
  ] as const)('that were missed, with catch-up %s', (catchUp, expected) => {
    const next = '2026-01-01T05:00:00Z';
    const found = due(catchUp, '@hourly', '2026-01-01T01:00:00Z', '2026-01-01T04:10:00Z');
    expect(found).toEqual({ due: expected, next });
  });

  test.each([
    ['none', ['2026-01-01T04:00:00Z']],
    ['latest', ['2026-01-01T04:00:00Z']],
    ['all', ['2026-01-01T03:00:00Z', '2026-01-01T04:00:00Z']],
  ] as const)('of which one is on time, with catch-up %s', (catchUp, expected) => {
    expect(due(catchUp, '@hourly', '2026-01-01T03:00:00Z', '2026-01-01T04:00:01Z').due).toEqual(expected);
  });

  test('are at most a thousand, the last ones', () => {
    const { due: ticks } = due('all', '* * * * * *', '2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
    expect(ticks).toHaveLength(MOST_CAUGHT_UP);
    expect([ticks.at(0), ticks.at(-1)]).toEqual(['2025-12-31T23:43:21Z', '2026-01-01T00:00:00Z']);
  });

  test('of each second are those of the last half minute without a catch-up', () => {
    const { due: ticks } = due('none', '* * * * * *', '2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
    expect(ticks).toHaveLength(ON_TIME_MS / 1_000 + 1);
  });

  test('begin with the stored one even when the cron would not give it (time zone data changed)', () => {
    const found = due('all', '0 0 * * *', '2026-01-01T00:00:00Z', '2026-01-02T12:00:00Z');
    expect(found.due).toEqual(['2026-01-01T00:00:00Z', '2026-01-01T23:00:00Z']);
  });

  test('are the same seen from any time: each clock computes what the others do', () => {
    const first = at('2026-10-24T00:00:00Z');
    const end = at('2026-10-27T00:00:00Z');
    for (const cron of ['30 2 * * *', '*/20 1,2 * * *', '15 1-3 * * *', '0 30 2 * * 0']) {
      const recurrence = { cron, timeZone: 'Europe/Berlin' };
      const later = nextTicks(recurrence, first, 60);
      const all = later.filter((tick) => tick < end);
      for (const [index, tick] of all.entries()) {
        const { due: seen } = dueTicks({ ...recurrence, catchUp: 'all', nextAt: all[0] as Date }, tick);
        expect(seen).toEqual(all.slice(0, index + 1));
        const between = new Date(tick.getTime() + 7 * 60_000 + 1);
        expect(nextTicks(recurrence, between, 1)[0]).toEqual(later.find((other) => other > between));
      }
    }
  });
});
