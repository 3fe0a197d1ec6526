import type { XmlElement } from './xml-element.js';

/**
 * The name in what RSS has of a person: `mail@site.example (Name)`, `Name <mail@site.example>`, a name, or only a
 * mail address.
 */
export function nameOf(words: string): string {
  const text = words.slice(0, 1_000).replace(/\s+/g, ' ').trim();
  const inBrackets = /^\S{1,320}@\S{1,320} ?\((.{1,500})\)$/.exec(text)?.[1];
  const beforeMail = /^"?([^"<>]{1,500}?)"? ?<[^<>\s]{1,320}@[^<>\s]{1,320}>$/.exec(text)?.[1];
  return (inBrackets ?? beforeMail ?? text).trim();
}

/** Names in elements: as text, or in `name` (Atom), `itunes:name` or `email`. */
export const namesIn = (elements: readonly XmlElement[]): string[] =>
  elements
    .map((element) =>
      element.elements().length === 0
        ? nameOf(element.ownText())
        : nameOf(
            element.text(
              'name',
              'atom:name',
              'foaf:name',
              'itunes:name',
              'email',
              'atom:email',
              'itunes:email',
            ) ?? element.ownText(),
          ),
    )
    .filter((name) => name !== '');
