/** Months by their first letters in the languages that feeds are found in; none means two months. */
const MONTHS = [
  'jan|ene|gen|janv',
  'feb|fev|fév|febr|févr',
  'mar|mär|maer|mrt|mars|marz',
  'apr|avr|abr',
  'may|mai|mei|mag|maj',
  'jun|giu|juin',
  'jul|lug|juil',
  'aug|ago|aoû|aou',
  'sep|set|sept',
  'oct|okt|ott|out',
  'nov',
  'dec|dez|dic|déc',
].map((names) => names.split('|'));

/** Hours from UTC. Names that two zones share (IST, BST, CST of China) are left out where feeds use both. */
const ZONES: Record<string, number> = {
  Z: 0, UT: 0, UTC: 0, GMT: 0, WET: 0, WEST: 1, CET: 1, MEZ: 1, CEST: 2, MESZ: 2, EET: 2, EEST: 3, MSK: 3,
  EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7, AKST: -9, AKDT: -8, HST: -10,
  JST: 9, KST: 9, HKT: 8, SGT: 8, AWST: 8, AEST: 10, AEDT: 11, NZST: 12, NZDT: 13, BRT: -3,
}; // prettier-ignore

const TIME = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:\s*([ap])\.?m\b\.?)?`;
const ZONE = String.raw`((?:[a-z]{1,5})?\s*(?:[+-]\d{1,2}(?::?\d{2})?)?)`;
const CLOCK = `(?:${TIME}\\s*${ZONE})?`;
const MONTH = String.raw`([^\W\d_]+|\p{L}+)`;

const pattern = (source: string): RegExp => new RegExp(`^${source}$`, 'iu');
/** 2024-05-01T12:00:00Z, 2024/5/1 12:00, 2024-05-01 */
const ISO = pattern(String.raw`(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T\s,]+${CLOCK})?`);
/** 20240501T120000Z */
const COMPACT = pattern(String.raw`(\d{4})(\d{2})(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2})?\s*${ZONE})?`);
/** 1 May 2024 12:00:00 GMT, 01-May-24 */
const DAY_FIRST = pattern(
  String.raw`(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+(?:de\s+)?${MONTH}\.?,?[\s-]+(?:de\s+)?(\d{4}|\d{2}),?(?:[T\s]+(?:at\s+)?${CLOCK})?`,
);
/** May 1, 2024 12:00 PM */
const MONTH_FIRST = pattern(
  String.raw`${MONTH}\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4}),?(?:[T\s]+(?:at\s+)?${CLOCK})?`,
);
/** May  1 12:00:00 GMT 2024 */
const ASCTIME = pattern(String.raw`${MONTH}\s+(\d{1,2})\s+${TIME}\s*${ZONE}\s+(\d{4})`);
const WEEKDAY = /^\p{L}{2,}(?:\.?,\s*|\.?\s+)(?=\d|\p{L})/u;

/**
 * Reads a date in any form that feeds are known to use, and gives it in UTC as `YYYY-MM-DDTHH:MM:SS.sssZ`.
 * Null rather than a guess: for days that do not exist, zones that are not known, orders that could be two
 * (03/04/2024), less than a day's precision, and the zero dates of programs (years before 1971). A time
 * without a zone is taken as UTC; two-digit years as in RFC 5322, section 4.3.
 */
export function readDate(input: string | undefined): string | null {
  const text = (input ?? '')
    .replace(/\([^()]*\)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (text === '' || text.length > 100) return null;
  if (/^\d{10}$|^\d{13}$/.test(text)) return plausible(new Date(Number(text.padEnd(13, '0'))));
  return read(text) ?? (WEEKDAY.test(text) ? read(text.replace(WEEKDAY, '')) : null);
}

function read(text: string): string | null {
  let m: (string | undefined)[] | null;
  if ((m = ISO.exec(text))) return utc(m[1], m[3], m[4], m.slice(5, 10), m[10]);
  if ((m = COMPACT.exec(text))) return utc(m[1], m[2], m[3], m.slice(4, 7), m[7]);
  if ((m = DAY_FIRST.exec(text))) return utc(m[3], month(m[2]), m[1], m.slice(4, 9), m[9]);
  if ((m = MONTH_FIRST.exec(text))) return utc(m[3], month(m[1]), m[2], m.slice(4, 9), m[9]);
  if ((m = ASCTIME.exec(text))) return utc(m[9], month(m[1]), m[2], m.slice(3, 8), m[8]);
  return null;
}

function month(name = ''): string | undefined {
  const lower = name.toLowerCase();
  const found = MONTHS.findIndex((names) => names.some((short) => lower.startsWith(short)));
  return found === -1 ? undefined : String(found + 1);
}

/** `clock` is hour, minute, second, fraction and the a or p of am and pm. */
function utc(
  yearText: string | undefined,
  monthText: string | undefined,
  dayText: string | undefined,
  clock: (string | undefined)[],
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

function millisOf([hours = '0', minutes = '0', seconds = '0', fraction = '0', half]: (string | undefined)[]):
  number | null {
  let hour = Number(hours);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  }
  const minute = Number(minutes);
  // A leap second is the last of its minute: a Date has no other place for it.
  const second = Math.min(Number(seconds), Number(seconds) === 60 ? 59 : Number(seconds));
  const endOfDay = hour === 24 && minute === 0 && second === 0;
  if ((hour > 23 && !endOfDay) || minute > 59 || second > 59) return null;
  return ((hour * 60 + minute) * 60 + second) * 1000 + Math.floor(Number(`0.${fraction}`) * 1000);
}

/** Milliseconds from UTC; null for a zone that is not known. */
function offsetOf(zone = ''): number | null {
  const [, name = '', sign, hours = '0', minutes = '0'] =
    /^([a-z]*)\s*(?:([+-])(\d{1,2}):?(\d{2})?)?$/i.exec(zone.trim()) ?? [];
  const base = name === '' ? 0 : ZONES[name.toUpperCase()];
  if (base === undefined || (sign !== undefined && base !== 0)) return null;
  const ahead = Number(hours) * 60 + Number(minutes);
  if (ahead > 14 * 60 || Number(minutes) > 59) return null;
  return (base * 60 + (sign === '-' ? -ahead : ahead)) * 60_000;
}

function plausible(date: Date): string | null {
  const year = date.getUTCFullYear();
  return year >= 1971 && year <= 2100 ? date.toISOString() : null;
}
