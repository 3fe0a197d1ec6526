import { linkTo, type RawEntry, type RawFeed, type RawLink, type RawText } from './raw-feed.js';

type Json = Record<string, unknown>;

/**
 * JSON Feed 1.0 and 1.1 (jsonfeed.org): null when it is none. A field of another type than it should have is
 * passed over, but numbers for words are read.
 */
export function fromJson(json: unknown, base: string): RawFeed | null {
  if (!isObject(json) || !Array.isArray(json.items)) return null;
  if (!/jsonfeed/i.test(words(json.version) ?? '') && words(json.title) === undefined) return null;
  const url = (value: unknown): RawLink[] => linkTo(words(value), base);
  const text = (value: unknown, kind: RawText['kind']): RawText | undefined => {
    const found = words(value);
    return found === undefined ? undefined : { value: found, kind, base };
  };
  const authors = namesOf(json);
  return {
    format: 'json',
    title: text(json.title, 'text'),
    links: url(json.home_page_url),
    description: text(json.description, 'text'),
    language: words(json.language),
    authors,
    updated: [],
    icons: [...url(json.favicon), ...url(json.icon)],
    images: [...url(json.icon)],
    skipHours: [],
    entries: json.items.filter(isObject).map((item): RawEntry => {
      const own = namesOf(item);
      const content = text(item.content_html, 'html') ?? text(item.content_text, 'text');
      const summary = text(item.summary, 'text');
      const attachments = listOf(item.attachments).filter(isObject);
      return {
        id: words(item.id) ?? words(item.guid),
        title: text(item.title, 'text'),
        links: [...url(item.url), ...url(item.external_url)],
        authors: own.length > 0 ? own : authors,
        published: [words(item.date_published)],
        updated: [words(item.date_modified)],
        content: content ?? summary,
        summary: content && summary,
        images: [...url(item.image), ...url(item.banner_image)],
        categories: listOf(item.tags).flatMap((tag) => words(tag) ?? []),
        enclosures: attachments.flatMap((file) =>
          url(file.url).map((found) => ({
            url: found,
            type: words(file.mime_type),
            bytes: Number(file.size_in_bytes ?? NaN),
            duration: words(file.duration_in_seconds),
          })),
        ),
        comments: [],
        chapters: [],
        transcripts: [],
      };
    }),
  };
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function words(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** `authors` of version 1.1, else `author` of 1.0. */
const namesOf = (holder: Json): string[] =>
  [...listOf(holder.authors), holder.author].flatMap((author) =>
    isObject(author) ? (words(author.name) ?? words(author.url) ?? []) : (words(author) ?? []),
  );
