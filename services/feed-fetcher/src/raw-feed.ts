/** Text with what it is: HTML to be cleaned, plain text to be shown as it stands, or not said. */
export interface RawText {
  value: string;
  kind: 'html' | 'text' | 'unknown';
  /** What links in it are relative to. */
  base: string;
}

export interface RawLink {
  href: string;
  base: string;
}

export interface RawEnclosure {
  url: RawLink;
  type?: string;
  bytes?: number;
  /** As it is written. */
  duration?: string;
}

export interface RawTranscript {
  url: RawLink;
  type?: string;
  language?: string;
}

/** An entry as its parser found it: nothing resolved, cleaned or believed. */
export interface RawEntry {
  /** GUIDs and ids. */
  id?: string;
  title?: RawText;
  /** The first that is a URL counts; so in all lists of links here. */
  links: RawLink[];
  authors: string[];
  /** The first that can be read counts. */
  published: (string | undefined)[];
  updated: (string | undefined)[];
  content?: RawText;
  summary?: RawText;
  images: RawLink[];
  categories: string[];
  enclosures: RawEnclosure[];
  duration?: string;
  comments: RawLink[];
  commentCount?: string;
  season?: string;
  episode?: string;
  chapters: RawLink[];
  transcripts: RawTranscript[];
}

export interface RawFeed {
  format: 'rss' | 'atom' | 'rdf' | 'json' | 'cdf';
  title?: RawText;
  links: RawLink[];
  description?: RawText;
  language?: string;
  authors: string[];
  updated: (string | undefined)[];
  icons: RawLink[];
  images: RawLink[];
  /** Minutes between its changes. */
  ttlMinutes?: string;
  /** sy:updatePeriod and sy:updateFrequency. */
  updatePeriod?: string;
  updateFrequency?: string;
  skipHours: string[];
  entries: RawEntry[];
}

export const linkTo = (href: string | undefined, base: string): RawLink[] =>
  href === undefined || href.trim() === '' ? [] : [{ href, base }];
