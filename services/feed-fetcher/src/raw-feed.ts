/** Text with what it is: HTML to be cleaned, plain text to be shown as it stands, or not said. */
export interface RawText {
  value: string;
  kind: 'html' | 'text' | 'unknown';
}

export interface RawEnclosure {
  url?: string;
  type?: string;
  bytes?: number;
}

/** An entry as its parser found it: nothing resolved, cleaned or believed. */
export interface RawEntry {
  /** GUIDs and ids. */
  id?: string;
  title?: RawText;
  link?: string;
  author?: string;
  /** The first that can be read counts. */
  published: (string | undefined)[];
  updated: (string | undefined)[];
  content?: RawText;
  enclosures: RawEnclosure[];
  /** xml:base of the entry, and of its content within it. */
  base?: string;
  contentBase?: string;
}

export interface RawFeed {
  format: 'rss' | 'atom' | 'rdf' | 'json';
  title?: RawText;
  link?: string;
  description?: RawText;
  language?: string;
  /** xml:base of the document's root. */
  base?: string;
  entries: RawEntry[];
}
