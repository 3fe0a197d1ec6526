// @ts-check

/** Lower bounds in milliseconds, largest unit first. */
const UNITS = /** @type {const} */ ([
  ['year', 365.25 * 86_400_000],
  ['month', 30.44 * 86_400_000],
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]);

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });

/**
 * `3 days ago`, `yesterday`, `in 2 hours`, `just now`.
 *
 * @param {Date} when
 * @param {Date} [now]
 */
export function relativeTime(when, now = new Date()) {
  const distance = when.getTime() - now.getTime();
  for (const [unit, size] of UNITS) {
    if (Math.abs(distance) >= size) return relative.format(Math.trunc(distance / size), unit);
  }
  return 'just now';
}

/**
 * A `<time>` with the relative time as its text and the exact one on hover. Null for what is not a date.
 *
 * @param {string | null | undefined} iso  ISO 8601, UTC
 * @param {string} [before]  text in front of it, part of the same element
 */
export function timeElement(iso, before = '') {
  const when = new Date(iso ?? Number.NaN);
  if (Number.isNaN(when.getTime())) return null;
  const made = document.createElement('time');
  made.dateTime = when.toISOString();
  made.title = exact.format(when);
  made.dataset.before = before;
  made.textContent = before + relativeTime(when);
  return made;
}

/** Keeps what `timeElement` made true while the page stays open. */
export function refreshTimes() {
  for (const made of document.querySelectorAll('time')) {
    made.textContent = (made.dataset.before ?? '') + relativeTime(new Date(made.dateTime));
  }
}

/**
 * `0.4 s`, `12.3 s`, `2 min 05 s`.
 *
 * @param {number} milliseconds
 */
export function durationText(milliseconds) {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
