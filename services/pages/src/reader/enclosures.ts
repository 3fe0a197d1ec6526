import type { EntrySummary } from './marks.js';

export type Enclosure = EntrySummary['enclosures'][number];

export interface Attachment extends Enclosure {
  kind: 'sound' | 'film' | 'image' | 'file';
  /** The last part of its address, as people name a file. */
  name: string;
  /** Can be had through the API and played here. */
  playable: boolean;
}

/** What browsers play, by the ending, for feeds that say no type or a wrong one. */
const ENDINGS: [RegExp, Attachment['kind']][] = [
  [/\.(mp3|m4a|m4b|aac|ogg|oga|opus|flac|wav)$/i, 'sound'],
  [/\.(mp4|m4v|webm|ogv|mov)$/i, 'film'],
  [/\.(jpe?g|png|gif|webp|avif)$/i, 'image'],
];
const KINDS: Partial<Record<string, Attachment['kind']>> = { audio: 'sound', video: 'film', image: 'image' };

/** What comes with an entry, each once. Addresses that are none of http or https are left out. */
export function attachmentsOf(enclosures: readonly Enclosure[]): Attachment[] {
  const known = new Set<string>();
  return enclosures.flatMap((enclosure) => {
    if (!URL.canParse(enclosure.url) || known.has(enclosure.url)) return [];
    const url = new URL(enclosure.url);
    if (!['http:', 'https:'].includes(url.protocol)) return [];
    known.add(enclosure.url);
    const top = /^(audio|video|image)\//.exec(enclosure.type?.toLowerCase() ?? '')?.[1];
    const kind = KINDS[top ?? ''] ?? ENDINGS.find(([ending]) => ending.test(url.pathname))?.[1] ?? 'file';
    return [{ ...enclosure, kind, name: nameOf(url), playable: kind === 'sound' || kind === 'film' }];
  });
}

function nameOf(url: URL): string {
  const last = url.pathname.split('/').filter(Boolean).at(-1);
  if (last === undefined) return url.host;
  try {
    return decodeURIComponent(last).slice(0, 120);
  } catch {
    // Not encoded as UTF-8: shown as it is.
    return last.slice(0, 120);
  }
}

/** `42 min`, `1 h 05 min`; null for none. */
export function lengthText(durationMs: number | null): string | null {
  if (durationMs === null || durationMs <= 0) return null;
  const minutes = Math.max(1, Math.round(durationMs / 60_000));
  return minutes < 60
    ? `${minutes} min`
    : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
