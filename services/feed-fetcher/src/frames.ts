import type { Attributes } from 'sanitize-html';

/** Players of sound, film and code that articles embed. A host, and where its embeddable pages are. */
const PLAYERS: [host: RegExp, path: RegExp][] = [
  [/^(?:www\.|m\.)?youtube(?:-nocookie)?\.com$/, /^\/embed\/[\w-]+/],
  [/^player\.vimeo\.com$/, /^\/video\//],
  [/^w\.soundcloud\.com$/, /^\/player\//],
  [/^open\.spotify\.com$/, /^\/embed(?:-podcast)?\//],
  [/^(?:www\.|geo\.)?dailymotion\.com$/, /^\/(?:embed|player)/],
  [/^bandcamp\.com$/, /^\/EmbeddedPlayer\//],
  [/^embed\.podcasts\.apple\.com$/, /^\//],
  [/^embed\.music\.apple\.com$/, /^\//],
  [/^embed\.ted\.com$/, /^\/talks\//],
  [/^archive\.org$/, /^\/embed\//],
  [/^player\.twitch\.tv$/, /^\//],
  [/^player\.bilibili\.com$/, /^\//],
  [/^www\.mixcloud\.com$/, /^\/widget\//],
  [/^codepen\.io$/, /^\/[\w-]+\/embed\//],
  [/^media\.ccc\.de$/, /^\/v\/[^/]+\/oembed/],
];

/** Scripts of the player run as its own origin; it can neither turn the page elsewhere nor send forms. */
const SANDBOX = 'allow-scripts allow-same-origin allow-popups allow-presentation';

/** The attributes of a frame whose `src` is absolute; none for what is no known player over https. */
export function frameOf(attributes: Attributes): Attributes {
  const { src, width, height, title } = attributes;
  if (src === undefined) return {};
  const url = new URL(src);
  url.protocol = 'https:';
  if (url.port !== '' || !PLAYERS.some(([host, path]) => host.test(url.hostname) && path.test(url.pathname)))
    return {};
  if (/youtube/.test(url.hostname)) url.hostname = 'www.youtube-nocookie.com';
  const size = (side: string | undefined): string | undefined =>
    /^\s*(\d{1,4})(?:px)?\s*$/.exec(side ?? '')?.[1];
  const kept = { src: url.href, width: size(width), height: size(height), title };
  const given = Object.entries(kept).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return {
    ...Object.fromEntries(given),
    sandbox: SANDBOX,
    loading: 'lazy',
    // Players ask which page shows them; the page's address they need not know.
    referrerpolicy: 'strict-origin-when-cross-origin',
    allowfullscreen: '',
  };
}
