import cronstrue from 'cronstrue';

/** What the API takes beside fields of cron. */
const NICKNAMES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** A cron in words, e.g. `At 02:30, Monday through Friday`; null when it cannot be put so: the API decides, not this. */
export function cronInWords(cron: string): string | null {
  const given = cron.trim();
  const fields = NICKNAMES[given.toLowerCase()] ?? given;
  if (![5, 6].includes(fields.split(/\s+/).length)) return null;
  try {
    const words = cronstrue.toString(fields, { use24HourTimeFormat: true, verbose: false });
    return /undefined|NaN/.test(words) ? null : words;
  } catch {
    // It throws texts of its own; what is wrong is told by the API's preview.
    return null;
  }
}

/** For the start: what people schedule most. */
export const EXAMPLES = [
  { label: 'Every 15 minutes', cron: '*/15 * * * *' },
  { label: 'Every hour', cron: '0 * * * *' },
  { label: 'Every day at 02:30', cron: '30 2 * * *' },
  { label: 'On weekdays at 09:00', cron: '0 9 * * 1-5' },
  { label: 'On the first of the month', cron: '0 0 1 * *' },
] as const;

/** An instant as people of a time zone read it, with its offset: in a night of a clock change two look alike without. */
export function timeInZone(iso: string, timeZone: string): string {
  const at = new Date(iso);
  const shown = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(at.getUTCSeconds() > 0 && { second: '2-digit' as const }),
    timeZoneName: 'shortOffset',
  });
  return shown.format(at);
}

/** Whether this browser knows the zone; the API knows them all. */
export function knowsZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** All zones for the list of suggestions, the person's own first. */
export function timeZones(): string[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const all = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];
  return [...new Set([own, 'UTC', ...all])];
}
