import type { Outbound } from '@offload/outbound/outbound';
import { statusError } from '@offload/outbound/status-error';
import { decodeFeed } from './decode.js';
import { tagsOf, type Tag } from './html-tags.js';
import { Links } from './links.js';

/** A page says in its head what its icon is; one that is larger is not read for it. */
const MAX_PAGE_BYTES = 2 * 1024 * 1024;
const DEADLINE_MS = 8_000;

const WANTED = { elements: ['link', 'base'], attributes: ['rel', 'type', 'sizes', 'href'], most: 1_000 };

/**
 * The URL of a site's icon by its page, null when it names none that can be made small. Errors: those of
 * `createOutbound`, `http-<status>`.
 */
export async function findIcon(
  outbound: Pick<Outbound, 'fetch'>,
  page: string,
  signal: AbortSignal,
): Promise<string | null> {
  const response = await outbound.fetch(page, {
    headers: { accept: 'text/html, application/xhtml+xml;q=0.9' },
    signal,
    deadlineMs: DEADLINE_MS,
    maxBytes: MAX_PAGE_BYTES,
  });
  if (response.status < 200 || response.status > 299) throw statusError(response);
  const { text } = decodeFeed(await response.bytes(), response.headers['content-type']);
  return iconOf(text, response.url);
}

/** The best icon that a page names: the one for home screens, which is large and opaque, else the largest. */
export function iconOf(html: string, pageUrl: string): string | null {
  const { tags } = tagsOf(html, WANTED);
  const links = new Links();
  const base = Links.base(pageUrl, tags.find(({ tag }) => tag === 'base')?.href);
  const icons = tags
    .filter(({ tag }) => tag === 'link')
    .map((tag) => ({ rank: rankOf(tag), url: links.resolve(tag.href, base) }))
    .filter(({ rank, url }) => rank > 0 && url !== null)
    .sort((a, b) => b.rank - a.rank);
  return icons[0]?.url ?? null;
}

/** 0: none, or in a form that image.resize does not read. */
function rankOf({ rel = '', type = '', sizes = '', href = '' }: Tag): number {
  const words = rel.toLowerCase().split(/\s+/);
  const path = href.split(/[?#]/, 1)[0] ?? '';
  if (/svg|x-icon|vnd\.microsoft/i.test(type) || /\.(?:ico|svg)$/i.test(path)) return 0;
  if (words.includes('apple-touch-icon') || words.includes('apple-touch-icon-precomposed')) return 10_000;
  if (!words.includes('icon')) return 0;
  return 1 + Math.min(Number(/^(\d+)x\d+/i.exec(sizes.trim())?.[1] ?? 0), 1_000);
}
