import { withoutControls } from './clean-text.js';
import type { RawLink } from './raw-feed.js';
import { tooComplex } from './refuse.js';
import { readUrl } from '@offload/outbound/read-url';

/** Longer links are kept by no browser and only swell results. */
const MAX_LINK_CHARS = 4_096;

/** Characters that all resolved links of one feed may have: a short link and a long base make much of little. */
const MAX_CHARS_OF_ALL = 32_000_000;

/** Resolves the links of one feed. */
export class Links {
  #left = MAX_CHARS_OF_ALL;

  /** The base for what lies inside an element: xml:base values from the outside in, on top of the feed's URL. */
  static base(feedUrl: string, ...bases: (string | undefined)[]): string {
    return bases.reduce<string>((base, next) => {
      const url = next === undefined ? base : (readUrl(next, base)?.href ?? base);
      return /^https?:/.test(url) && url.length <= MAX_LINK_CHARS ? url : base;
    }, feedUrl);
  }

  /**
   * An absolute http or https URL, null for everything else. Throws TaskError `too-complex` (permanent) when a
   * feed's links add up to more than any real feed's.
   */
  resolve(link: string | undefined, base: string): string | null {
    return this.#absolute(link, base, /^https?:/);
  }

  /** The first of them that is one. */
  first(links: readonly RawLink[]): string | null {
    for (const { href, base } of links) {
      const url = this.resolve(href, base);
      if (url !== null) return url;
    }
    return null;
  }

  /** As `resolve`, and `mailto:` links. */
  resolveAnchor(link: string | undefined, base: string): string | null {
    return this.#absolute(link, base, /^(?:https?|mailto):/);
  }

  #absolute(link: string | undefined, base: string, schemes: RegExp): string | null {
    const given = withoutControls(link ?? '').trim();
    // As people write addresses; no path begins like this.
    const text = /^www\.[\w-]{1,63}\.\w/i.test(given) ? `http://${given}` : given;
    const url = text === '' || text.length > MAX_LINK_CHARS ? undefined : readUrl(text, base);
    if (!url) return null;
    const { href } = url;
    if (!schemes.test(href) || href.length > MAX_LINK_CHARS) return null;
    this.#left -= href.length;
    if (this.#left < 0) throw tooComplex('its links add up to too much text.');
    return href;
  }
}
