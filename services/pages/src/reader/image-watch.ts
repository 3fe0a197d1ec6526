import type { EntryImage } from './reader-api.js';

export interface ImageWatch {
  /** Has them fetched, and says how far they are. */
  ask: (signal: AbortSignal) => Promise<EntryImage[]>;
  /** Each image once, when it is known how it ended: where it is, or why it cannot be had. */
  on: { ready: (path: string, src: string) => void; unavailable: (path: string, reason: string) => void };
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
}

/** Pauses between looks, milliseconds; the last one is repeated. An image may take its task half a minute. */
const PAUSES_MS = [400, 600, 1_000, 1_500, 2_000, 3_000];
const MOST_LOOKS = 40;

/** An address without the proof that a link carries, which changes each hour. */
export const pathOf = (src: string): string => src.split('?', 1)[0] ?? src;

/** Follows the images of an entry until each is there or cannot be had. Rejects with what the API said. */
export async function watchImages({ ask, on, pause, signal }: ImageWatch): Promise<void> {
  const told = new Set<string>();
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    let open = false;
    for (const { src, state, reason } of await ask(signal)) {
      const path = pathOf(src);
      if (told.has(path)) continue;
      if (state === 'underway') open = true;
      else {
        told.add(path);
        if (state === 'ready') on.ready(path, src);
        else on.unavailable(path, reason ?? 'It was not fetched.');
      }
    }
    if (!open) return;
    await pause(PAUSES_MS[Math.min(looks, PAUSES_MS.length - 1)] ?? 0, signal);
  }
}
