import { signal } from '@preact/signals';

/** Lower bounds in milliseconds, largest unit first. */
const UNITS = [
  ['year', 365.25 * 86_400_000],
  ['month', 30.44 * 86_400_000],
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

/** Milliseconds since 1970 of a few seconds ago at most; one clock for all times that are shown. */
export const now = signal(Date.now());
setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 5_000);

/** `3 days ago`, `yesterday`, `in 2 hours`, `just now`. */
export function relativeTime(when: number, from: number): string {
  const distance = when - from;
  for (const [unit, size] of UNITS)
    if (Math.abs(distance) >= size) return relative.format(Math.trunc(distance / size), unit);
  if (distance < -9_500) return `${Math.round(-distance / 10_000) * 10} seconds ago`;
  return distance > 9_500 ? 'in less than a minute' : 'just now';
}

/** A time as people say it, the exact one on hover. @param at RFC 3339 */
export function RelativeTime({ at, none = 'never' }: { at: string | null | undefined; none?: string }) {
  const when = Date.parse(at ?? '');
  if (Number.isNaN(when)) return <span class="soft">{none}</span>;
  return (
    <time dateTime={new Date(when).toISOString()} title={exact.format(when)}>
      {relativeTime(when, now.value)}
    </time>
  );
}

/** `340 ms`, `12.3 s`, `2 min 05 s`, `3 h 20 min`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  if (minutes < 60) return `${minutes} min ${String(Math.round(seconds) % 60).padStart(2, '0')} s`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1_440)} days`;
}
