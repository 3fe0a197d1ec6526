import { monthOf } from './month-names.js';

/**
 * Minutes from UTC. Names that two zones share in feeds (IST of India, Ireland and Israel) are left out: no time is
 * better than a wrong one. The others are what RFC 822 and feedparser take them for.
 */
const ZONES: Record<string, number> = {
  Z: 0, UT: 0, UTC: 0, GMT: 0, WET: 0, WEST: 60, BST: 60, CET: 60, MEZ: 60, MET: 60, CEST: 120, MESZ: 120, MEST: 120,
  EET: 120, EEST: 180, MSK: 180, MSD: 240, AST: -240, ADT: -180, NST: -210, NDT: -150, ET: -300, EST: -300, EDT: -240,
  CT: -360, CST: -360, CDT: -300, MT: -420, MST: -420, MDT: -360, PT: -480, PST: -480, PDT: -420, AKST: -540,
  AKDT: -480, HST: -600, JST: 540, KST: 540, HKT: 480, SGT: 480, PHT: 480, WIB: 420, AWST: 480, ACST: 570, ACDT: 630,
  AEST: 600, AEDT: 660, NZST: 720, NZDT: 780, BRT: -180, ART: -180, SAST: 120, PKT: 300, NPT: 345,
}; // prettier-ignore

const TIME = String.raw`(\d{1,2})(?:[:.h](\d{1,2})(?:[:.](\d{1,2})(?:[.,](\d{1,9}))?)?)?(?:\s?([ap])\.?m\b\.?)?`;
const ZONE = String.raw`((?:[a-z]{1,5}(?:\/gmt)?)?\s?(?:[+-]\d{1,2}(?::?\d{2})?(?::?\d{2})?(?:\s[a-z]{1,5})?)?)`;
const CLOCK = `${TIME}\\s?${ZONE}`;
const MONTH = String.raw`([\p{L}\p{M}]{1,20})`;
const YEAR = String.raw`(\d{4}|\d{2})`;

const pattern = (source: string): RegExp => new RegExp(`^${source}$`, 'iu');
/** 2024-05-01T12:00:00Z, 2024/5/1 12:00, 2024-05-01, 2024-05-01T12Z */
const ISO = pattern(
  String.raw`(\d{4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})\.?(?:(?:T|\s|,\s?|\s-\s|\sat\s)${CLOCK})?`,
);
/** 20240501T120000Z, 20240501 */
const COMPACT = pattern(
  String.raw`(\d{4})(\d{2})(\d{2})(?:[T\s]?(\d{2}):?(\d{2}):?(\d{2})?(?:[.,](\d{1,9}))?\s?${ZONE})?`,
);
/** 2024-05, 2024: the beginning of it, as W3CDTF is read everywhere */
const COARSE = pattern(String.raw`(\d{4})(?:-(\d{2}))?`);
/** 2024-122 and 2024122, days of the year; 2024-W18-3 */
const ORDINAL = pattern(String.raw`(\d{4})-?(\d{3})(?:T${CLOCK})?`);
const WEEK = pattern(String.raw`(\d{4})-?W(\d{2})(?:-?([1-7]))?(?:T${CLOCK})?`);
/** 1 May 2024 12:00:00 GMT, 01-May-24 */
const DAY_FIRST = pattern(
  String.raw`(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[\s-]?(?:de\s)?${MONTH}\.?,?[\s-]?(?:de\s|del\s)?${YEAR}(?:\sг\.?|\sр\.?)?,?(?:(?:T|\s|\s-\s)(?:at\s|um\s|à\s|a las\s|kl\.?\s|в\s|о\s)?${CLOCK})?`,
);
/** May 1, 2024 12:00 PM */
const MONTH_FIRST = pattern(
  String.raw`${MONTH}\.?\s?(\d{1,2})(?:st|nd|rd|th)?(?:,\s?|\s)(\d{4}),?(?:[T\s](?:at\s|-\s|@\s)?${CLOCK})?`,
);
/** May  1 12:00:00 GMT 2024 */
const ASCTIME = pattern(String.raw`${MONTH}\s(\d{1,2})\s(\d{1,2}):(\d{2})(?::(\d{2}))?\s?${ZONE}\s(\d{4})`);
/** 2024 May 1 12:00, and Hungarian's 2004-július-13T9:15-05:00 */
const YEAR_FIRST = pattern(
  String.raw`(\d{4})[-.\s,]{1,2}${MONTH}\.?[-.\s,]{1,2}(\d{1,2})\.?,?(?:[T\s]${CLOCK})?`,
);
/** 25/12/2024: read only where one of the two cannot be a month. */
const SLASHED = pattern(String.raw`(\d{1,2})([-/.])(\d{1,2})\2(\d{4}),?(?:[T\s]${CLOCK})?`);
/** 2004년 05월 28일 오후 01:31:25 and 2004年5月28日 13:31; feedparser calls them OnBlog and Nate. */
const EAST_ASIAN = pattern(
  String.raw`(\d{4})\s?(?:년|年|-)\s?(\d{1,2})\s?(?:월|月|-)\s?(\d{1,2})\s?(?:일|日)?(?:\s?\p{L}{1,3}曜日?|\s?星期\p{L})?\s?(오전|오후|午前|午後|上午|下午)?\s?(\d{1,2})\s?[:시時时点]\s?(\d{1,2})(?:\s?[:분分]\s?(\d{1,2}))?\s?[분분分초秒]?`,
);
const EAST_ASIAN_DAY = pattern(String.raw`(\d{4})\s?[년年]\s?(\d{1,2})\s?[월月]\s?(\d{1,2})\s?[일日]?`);
const KOREA_AND_JAPAN_MS = 9 * 60 * 60_000;
const WEEKDAY = /^[\p{L}\p{M}]{2,20}(?:\.?,\s?|\.?\s)(?=\d|\p{L})/u;
/** A time with its place: 12:30 Europe/Berlin */
const PLACE = /^(.*\d:\d\d(?::\d\d)?(?: ?[ap]m)?),? ([a-z]{2,20}\/[a-z_]{2,30}(?:\/[a-z_]{2,30})?)$/i;
const ASP_NET = /^\/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\/$/;

/**
 * Reads a date in any form that feeds are known to use, and gives it in UTC as `YYYY-MM-DDTHH:MM:SS.sssZ`.
 * Null rather than a guess: for days that do not exist, zones that are not known, orders that could be two
 * (03/04/2024), and the zero dates of programs (years before 1971). A time without a zone is taken as UTC, one in
 * Korean or Japanese as theirs; two-digit years as in RFC 5322, section 4.3.
 */
export function readDate(input: string | undefined): string | null {
  const asp = ASP_NET.exec((input ?? '').slice(0, 50).trim())?.[1];
  if (asp !== undefined) return plausible(new Date(Number(asp)));
  const given = (input ?? '')
    .slice(0, 300)
    .replace(/[\s\u200b-\u200f\ufeff]+/g, ' ')
    .replaceAll('\u2212', '-')
    .trim();
  // In brackets is the zone, or a name for one that stands before.
  const inBrackets = /[()]/.test(given)
    ? readPlain(given.replace(/[()]/g, ' ').replace(/ +/g, ' ').trim())
    : null;
  return inBrackets ?? readPlain(given.replace(/ ?\([^()]{0,100}\) ?/g, ' ').trim());
}

function readPlain(text: string): string | null {
  if (text === '' || text.length > 100) return null;
  const epoch = /^(\d{10})(\d{3})?(?:\.(\d{1,9}))?$/.exec(text);
  if (epoch)
    return plausible(
      new Date(Number(epoch[1]) * 1000 + Number(epoch[2] ?? (epoch[3] ?? '').slice(0, 3).padEnd(3, '0'))),
    );
  const place = PLACE.exec(text);
  if (place) return inZone(readPlain(place[1]!), place[2]!);
  const found = read(text);
  if (found !== null || !WEEKDAY.test(text)) return found;
  const day = text.replace(WEEKDAY, '');
  // `May 2024` has no weekday, and a year alone has none either.
  return /^\d{4}(?:-\d{2})?$/.test(day) ? null : read(day);
}

/** The instant at which clocks of a place in the IANA time zone database show what was read as if it were UTC. */
function inZone(shown: string | null, place: string): string | null {
  if (shown === null) return null;
  try {
    const format = new Intl.DateTimeFormat('en', { timeZone: place, timeZoneName: 'longOffset' });
    const offsetAt = (at: number): number => {
      const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
      return offsetOf(name) ?? NaN;
    };
    const utcTime = Date.parse(shown);
    const first = utcTime - offsetAt(utcTime);
    // Around a change of the clocks the first guess may be an hour off.
    return plausible(new Date(utcTime - offsetAt(first)));
  } catch {
    return null; // RangeError: no such place, or a date that is none.
  }
}

/** The first that can be read. */
export function firstDate(dates: readonly (string | undefined)[]): string | null {
  for (const date of dates) {
    const found = readDate(date);
    if (found !== null) return found;
  }
  return null;
}

/** The last in time of those that can be read. */
export const latestDate = (dates: readonly (string | undefined)[]): string | null =>
  dates
    .flatMap((date) => readDate(date) ?? [])
    .sort()
    .at(-1) ?? null;

type Parts = (string | undefined)[];

function read(text: string): string | null {
  let m: Parts | null;
  if ((m = ISO.exec(text))) return utc(m[1], m[3], m[4], m.slice(5, 10), m[10]);
  if ((m = COMPACT.exec(text))) return utc(m[1], m[2], m[3], m.slice(4, 8), m[8]);
  if ((m = COARSE.exec(text))) return utc(m[1], m[2] ?? '1', '1', [], undefined);
  if ((m = ORDINAL.exec(text))) return ordinal(m[1]!, Number(m[2]), m.slice(3, 8), m[8]);
  if ((m = WEEK.exec(text))) return week(m[1]!, Number(m[2]), Number(m[3] ?? 1), m.slice(4, 9), m[9]);
  if ((m = DAY_FIRST.exec(text))) return utc(m[3], monthOf(m[2]!), m[1], m.slice(4, 9), m[9]);
  if ((m = MONTH_FIRST.exec(text))) return utc(m[3], monthOf(m[1]!), m[2], m.slice(4, 9), m[9]);
  if ((m = ASCTIME.exec(text))) return utc(m[7], monthOf(m[1]!), m[2], m.slice(3, 6), m[6]);
  if ((m = YEAR_FIRST.exec(text))) return utc(m[1], monthOf(m[2]!), m[3], m.slice(4, 9), m[9]);
  if ((m = SLASHED.exec(text))) return slashed(m);
  if ((m = EAST_ASIAN.exec(text))) return eastAsian(m);
  if ((m = EAST_ASIAN_DAY.exec(text))) return utc(m[1], m[2], m[3], [], undefined);
  return null;
}

function slashed(m: Parts): string | null {
  const [first, second] = [Number(m[1]), Number(m[3])];
  const clock = m.slice(5, 10);
  if (first > 12 || first === second) return utc(m[4], m[3], m[1], clock, m[10]);
  return second > 12 ? utc(m[4], m[1], m[3], clock, m[10]) : null;
}

function eastAsian(m: Parts): string | null {
  const half = m[4] === undefined ? undefined : /오후|午後|下午/.test(m[4]) ? 'p' : 'a';
  // 13:30 in the afternoon is what Korean programs write, too.
  const clock = [m[5], m[6], m[7], undefined, Number(m[5]) > 12 ? undefined : half];
  const date = utc(m[1], m[2], m[3], clock, undefined);
  const zoned = /[가-힣]/.test(m[0]!) || /午[前後]|曜/.test(m[0]!);
  return date && (zoned ? plausible(new Date(Date.parse(date) - KOREA_AND_JAPAN_MS)) : date);
}

function ordinal(year: string, day: number, clock: Parts, zone: string | undefined): string | null {
  const date = new Date(Date.UTC(Number(year), 0, day));
  if (day < 1 || date.getUTCFullYear() !== Number(year)) return null;
  return utc(year, String(date.getUTCMonth() + 1), String(date.getUTCDate()), clock, zone);
}

/** ISO 8601: week 1 has 4 January in it, weeks begin on Monday. */
function week(
  year: string,
  number: number,
  weekday: number,
  clock: Parts,
  zone: string | undefined,
): string | null {
  if (number < 1 || number > 53) return null;
  const fourth = new Date(Date.UTC(Number(year), 0, 4));
  const monday = 4 - ((fourth.getUTCDay() + 6) % 7) + (number - 1) * 7;
  const date = new Date(Date.UTC(Number(year), 0, monday + weekday - 1));
  const parts = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()].map(String);
  return utc(parts[0], parts[1], parts[2], clock, zone);
}

/** `clock` is hour, minute, second, fraction and the a or p of am and pm. */
function utc(
  yearText: string | undefined,
  monthText: string | undefined,
  dayText: string | undefined,
  clock: Parts,
  zone: string | undefined,
): string | null {
  if (yearText === undefined || monthText === undefined || dayText === undefined) return null;
  const year =
    yearText.length === 2 ? Number(yearText) + (Number(yearText) < 50 ? 2000 : 1900) : Number(yearText);
  const [monthNumber, day] = [Number(monthText), Number(dayText)];
  const date = new Date(Date.UTC(year, monthNumber - 1, day));
  if (date.getUTCMonth() !== monthNumber - 1 || date.getUTCDate() !== day) return null;
  const sinceMidnight = millisOf(clock);
  const offset = offsetOf(zone);
  if (sinceMidnight === null || offset === null) return null;
  return plausible(new Date(date.getTime() + sinceMidnight - offset));
}

function millisOf([hours = '0', minutes, seconds = '0', fraction = '0', half]: Parts): number | null {
  let hour = Number(hours);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  }
  const minute = Number(minutes ?? '0');
  // A leap second is the last of its minute: a Date has no other place for it.
  const second = Math.min(Number(seconds), Number(seconds) === 60 ? 59 : Number(seconds));
  const endOfDay = hour === 24 && minute === 0 && second === 0;
  if ((hour > 23 && !endOfDay) || minute > 59 || second > 59) return null;
  return ((hour * 60 + minute) * 60 + second) * 1000 + Math.floor(Number(`0.${fraction}`) * 1000);
}

/** Milliseconds from UTC; null for a zone that is not known. */
function offsetOf(zone = ''): number | null {
  const [, before = '', sign, hours = '0', minutes = '0', after = ''] =
    /^([a-z]*)(?:\/gmt)?\s?(?:([+-])(\d{1,2}):?(\d{2})?(?::?\d{2})?(?:\s([a-z]+))?)?$/i.exec(zone.trim()) ??
    [];
  const name = before || after;
  // What stands beside a number only explains it; alone it has to be known.
  const base =
    name === '' || /^etc$/i.test(name) ? 0 : (ZONES[name.toUpperCase()] ?? (after ? 0 : undefined));
  if (base === undefined) return null;
  const ahead = Number(hours) * 60 + Number(minutes);
  if (ahead > 14 * 60 || Number(minutes) > 59) return null;
  const offset = sign === '-' ? -ahead : ahead;
  // `GMT+2` counts from it, `CEST +0200` says it twice; anything else contradicts itself.
  if (sign !== undefined && base !== 0 && base !== offset) return null;
  if (/^(?:gmt|utc?|z)$/i.test(after) && offset !== 0) return null;
  return (sign === undefined ? base : offset) * 60_000;
}

function plausible(date: Date): string | null {
  const year = date.getUTCFullYear();
  return year >= 1971 && year <= 2100 ? date.toISOString() : null;
}
