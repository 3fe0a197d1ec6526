/** Languages that feeds are found in; the names come from Unicode's locale data, in Node. */
const LOCALES = [
  'en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'sv', 'da', 'nb', 'fi', 'pl', 'cs', 'sk', 'hu', 'ro', 'ru', 'uk', 'be',
  'bg', 'sr', 'sr-Latn', 'hr', 'sl', 'lt', 'lv', 'et', 'el', 'tr', 'ca', 'gl', 'eu', 'id', 'ms', 'vi', 'is', 'af', 'de-AT',
]; // prettier-ignore

/** Names that feeds have and the locale data has otherwise: without accents, shortened, or of feedparser's tables. */
const OTHERS = [
  'jan januar jän ιαν ιανουαρίου',
  'feb fév fev febr φεβ φεβρ',
  'mar mär maer mrt mrz mär μάρ μαρ μαρτ',
  'apr abr avr απρ',
  'may mai maj μάϊ μαϊ μάι μαι мая май',
  'jun juin ιούν ιον ιουν',
  'jul juil ιούλ ιολ ιουλ',
  'aug aou aout août αύγ αυγ',
  'sep sept set σεπ σεπτ',
  'oct okt out ott οκτ',
  'nov νοέ νοε νοεμ',
  'dec dez dic déc δεκ',
];

/** What nearly all feeds have; the others' names are looked up when one does. */
const ENGLISH = new Map(
  'january february march april may june july august september october november december'
    .split(' ')
    .flatMap((name, index): [string, string][] => [
      [name, String(index + 1)],
      [name.slice(0, 3), String(index + 1)],
    ]),
);

let byName: ReadonlyMap<string, number> | undefined;

/** The number of a month, `1` to `12`, from its name or an abbreviation of it in any of these languages. */
export function monthOf(name: string): string | undefined {
  const english = ENGLISH.get(name.toLowerCase());
  if (english !== undefined) return english;
  byName ??= namesOfMonths();
  const found = byName.get(keyOf(name));
  return found === undefined || found === 0 ? undefined : String(found);
}

/** As people type it: case, accents and dots do not matter. */
const keyOf = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\p{M}.]/gu, '')
    .replaceAll('ς', 'σ');

/** 0 for a name that is one month here and another there (`lis` of Croats and Poles): it is nobody's. */
function namesOfMonths(): Map<string, number> {
  const names = new Map<string, number>();
  const add = (name: string, month: number): void => {
    const key = keyOf(name);
    // One letter is no name, and numbers are none.
    if (!/^\p{L}{2,}$/u.test(key)) return;
    names.set(key, (names.get(key) ?? month) === month ? month : 0);
  };
  for (const locale of LOCALES) {
    for (let month = 1; month <= 12; month++) {
      for (const name of localNames(locale, month)) add(name, month);
    }
  }
  // English is what RFC 822 has, and the others here are beyond doubt.
  for (const [index, others] of OTHERS.entries()) {
    for (const name of others.split(' ')) names.set(keyOf(name), index + 1);
  }
  return names;
}

/** Long and short, alone and as they stand in a date. */
function localNames(locale: string, month: number): string[] {
  const date = new Date(Date.UTC(2024, month - 1, 1));
  return (['long', 'short'] as const).flatMap((length) =>
    [{}, { day: 'numeric', year: 'numeric' } as const].flatMap((others) =>
      new Intl.DateTimeFormat(locale, { month: length, timeZone: 'UTC', ...others })
        .formatToParts(date)
        .filter(({ type }) => type === 'month')
        .map(({ value }) => value),
    ),
  );
}
