import { withoutControls } from './clean-text.js';
import { tooComplex } from './refuse.js';

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
      const url = next === undefined || !URL.canParse(next, base) ? base : new URL(next, base).href;
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

  /** As `resolve`, and `mailto:` links. */
  resolveAnchor(link: string | undefined, base: string): string | null {
    return this.#absolute(link, base, /^(?:https?|mailto):/);
  }

  #absolute(link: string | undefined, base: string, schemes: RegExp): string | null {
    const text = withoutControls(link ?? '').trim();
    if (text === '' || text.length > MAX_LINK_CHARS || !URL.canParse(text, base)) return null;
    const { href } = new URL(text, base);
    if (!schemes.test(href) || href.length > MAX_LINK_CHARS) return null;
    this.#left -= href.length;
    if (this.#left < 0) throw tooComplex('its links add up to too much text.');
    return href;
  }
}
