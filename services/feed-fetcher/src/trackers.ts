import type { Attributes } from 'sanitize-html';
import { readUrl } from '@offload/outbound/read-url';

/** Hosts, and beginnings of paths on them, whose images only count readers. */
const COUNTERS = [
  'ad.doubleclick.net', 'api.flattr.com', 'b.scorecardresearch.com', 'sb.scorecardresearch.com', 'counter.yadro.ru',
  'facebook.com/tr', 'feedads.g.doubleclick.net', 'feedproxy.google.com/~r/', 'feeds.feedburner.com/~ff/',
  'feeds.feedburner.com/~r/', 'feeds.wordpress.com/1.0/', 'feedsportal.com', 'google-analytics.com', 'ssl.google-analytics.com',
  'googleads.g.doubleclick.net', 'googletagmanager.com', 'hits.dip.jp', 'mc.yandex.ru', 'pagead2.googlesyndication.com',
  'pi.feedsportal.com', 'pixel.quantserve.com', 'pixel.wp.com', 'px.ads.linkedin.com', 'rss.buysellads.com', 'analytics.twitter.com',
  'secure-us.imrworldwide.com', 'stats.wordpress.com', 'stats.wp.com', 't.co/i/', 'track.adform.net', 'vg08.met.vgwort.de',
  'bat.bing.com', 'hitcounter.pl', 'statcounter.com', 'c.statcounter.com', 'da.feedsportal.com', 'res.feedsportal.com',
  'eu-images.contentstack.com/pixel', 'px.a8.net', 'ping.feedburner.google.com',
]; // prettier-ignore
const VG_WORT = /^(?:ssl-)?vg\d+\.met\.vgwort\.de$/;
const HIDDEN =
  /display\s*:\s*none|visibility\s*:\s*hidden|(?:^|;)\s*(?:max-)?(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)/i;

/** Whether an image is there to count readers: of a counting host, hidden, or at most a pixel in size. */
export function isTracker(src: string, { width, height, style = '' }: Attributes): boolean {
  const tiny = [width, height].filter(
    (side) => side !== undefined && /^\s*[01](?:\.0+)?(?:px)?\s*$/i.test(side),
  );
  // A line of one pixel is a rule; a square of one is not seen.
  if (tiny.length === 2 || HIDDEN.test(style.slice(0, 1_000))) return true;
  const url = readUrl(src);
  if (!url) return false;
  const { hostname, pathname } = url;
  const place = hostname.replace(/^www\./, '') + pathname;
  return (
    VG_WORT.test(hostname) ||
    COUNTERS.some(
      (counter) => place === counter || place.startsWith(counter.includes('/') ? counter : `${counter}/`),
    )
  );
}
