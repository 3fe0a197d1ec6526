import { createHash } from 'node:crypto';
import { line } from './clean-text.js';
import { latestDate } from './dates.js';
import type { RawEntry } from './raw-feed.js';

const MAX_ID_CHARS = 1_000;

export interface KnownEntry {
  id: string;
  raw: RawEntry;
  link: string | null;
}

/**
 * Gives each entry an id that is its own within the feed and stays the same when the feed is read again: its GUID,
 * else its link, else its enclosure's, else a hash of its title and date. What several entries of the feed share says
 * nothing of one of them and is passed over for all of them, whatever their order: a GUID that stands in each entry
 * would otherwise move to the newest. Entries with the same GUID, link and title are one; the later date stays.
 */
export function identify(entries: readonly { raw: RawEntry; link: string | null }[]): KnownEntry[] {
  const once = new Map<string, { raw: RawEntry; link: string | null }>();
  for (const entry of entries) {
    const key = sameness(entry.raw, entry.link);
    const earlier = once.get(key);
    if (!earlier || dateOf(entry.raw) > dateOf(earlier.raw)) once.set(key, entry);
  }
  const all = [...once.values()].map(({ raw, link }) => ({ raw, link, names: namesOf(raw, link) }));
  const uses = new Map<string, number>();
  for (const { names } of all) for (const name of new Set(names)) uses.set(name, (uses.get(name) ?? 0) + 1);
  const taken = new Set<string>();
  return all.map(({ raw, link, names }) => {
    const own =
      names.find((name) => uses.get(name) === 1) ?? hashOf(raw.title?.value, dateOf(raw), link, raw.id);
    const id = taken.has(own) ? hashOf(own, raw.content?.value, taken.size) : own;
    taken.add(id);
    return { id, raw, link };
  });
}

function namesOf(raw: RawEntry, link: string | null): string[] {
  const names = [raw.id, link, link === null ? raw.enclosures[0]?.url.href : undefined];
  return names.flatMap((name) => {
    const id = line(name ?? '', MAX_ID_CHARS + 1);
    // One too long to be kept is still the same the next time.
    return id === '' ? [] : [id.length > MAX_ID_CHARS ? hashOf(name) : id];
  });
}

function sameness(raw: RawEntry, link: string | null): string {
  const title = raw.title?.value.trim() || raw.content?.value;
  const nameless = raw.id === undefined && link === null;
  return nameless
    ? hashOf(title, dateOf(raw), raw.content?.value, raw.enclosures[0]?.url.href)
    : hashOf(raw.id, link, title);
}

const dateOf = (raw: RawEntry): string => latestDate([...raw.updated, ...raw.published]) ?? '';

const hashOf = (...parts: unknown[]): string =>
  `sha256:${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;
