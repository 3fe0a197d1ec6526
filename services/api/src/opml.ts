import { setImmediate as breathe } from 'node:timers/promises';
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';

/** A feed of an OPML document. */
export interface OpmlFeed {
  url: string;
  title?: string;
  /** Folders that it stands in, as a path, and its categories. */
  tags: string[];
}

export interface OpmlReading {
  /** It has an `opml` or an `outline` element. */
  isOpml: boolean;
  /** In their order; the same URL may stand several times. */
  feeds: OpmlFeed[];
}

/** Characters parsed before others get their turn; a megabyte takes about 30 ms. */
const PORTION = 64 * 1024;
/** Deeper folders count as the one that they are in. */
const DEEPEST = 20;
const NAMES = new Set(['xmlurl', 'text', 'title', 'category']);

/**
 * Reads an OPML document (1.0 to 2.0) as it comes from the wild: ill-formed ones as far as they go. In time
 * proportional to its length; entities that a DTD defines mean nothing, and nothing is fetched.
 * @param mostFeeds it stops when it has found more
 */
export async function readOpml(text: string, mostFeeds: number): Promise<OpmlReading> {
  const outlines = new Outlines(text);
  // Its Parser would keep a stack and all attributes of an element: many of them take it minutes.
  const tokenizer = new Tokenizer({ xmlMode: true, decodeEntities: true }, outlines);
  for (let at = 0; at < text.length && outlines.feeds.length <= mostFeeds; at += PORTION) {
    tokenizer.write(text.slice(at, at + PORTION));
    await breathe();
  }
  tokenizer.end();
  const { isOpml, feeds } = outlines;
  return { isOpml, feeds };
}

/** Puts the feeds of a document together from its tokens, which come as positions in its text. */
class Outlines implements TokenizerCallbacks {
  readonly feeds: OpmlFeed[] = [];
  isOpml = false;
  readonly #text: string;
  /** Names of the folders that are open, the outermost first; null for one without a name. */
  readonly #folders: (string | null)[] = [];
  /** Open outlines below the folders that are looked at, and open feeds. */
  #deeper = 0;
  #inOutline = false;
  /** Of the open tag: what is wanted of its attributes. */
  #given = new Map<string, string>();
  #name = '';

  constructor(text: string) {
    this.#text = text;
  }

  onopentagname(start: number, end: number): void {
    const element = this.#text.slice(start, end).toLowerCase();
    this.#inOutline = element === 'outline';
    this.isOpml ||= this.#inOutline || element === 'opml';
    this.#given = new Map();
  }

  onattribname(start: number, end: number): void {
    // Programs write `xmlUrl`, `xmlurl` and `xmlURL`.
    const name = this.#text.slice(start, Math.min(end, start + 20)).toLowerCase();
    this.#name = this.#inOutline && NAMES.has(name) && !this.#given.has(name) ? name : '';
    if (this.#name) this.#given.set(this.#name, '');
  }

  onattribdata(start: number, end: number): void {
    if (this.#name) this.#add(this.#text.slice(start, end));
  }

  onattribentity(codePoint: number): void {
    if (this.#name) this.#add(String.fromCodePoint(codePoint));
  }

  #add(value: string): void {
    this.#given.set(this.#name, `${this.#given.get(this.#name) ?? ''}${value}`);
  }

  onopentagend(): void {
    this.#open(false);
  }

  onselfclosingtag(): void {
    this.#open(true);
  }

  #open(closed: boolean): void {
    if (!this.#inOutline) return;
    const url = this.#given.get('xmlurl')?.trim();
    const title = this.#given.get('text')?.trim() || this.#given.get('title')?.trim();
    if (url) this.feeds.push({ url, ...(title && title !== url && { title }), tags: this.#tags() });
    if (closed) return;
    if (this.#deeper > 0 || url || this.#folders.length === DEEPEST) this.#deeper++;
    else this.#folders.push(title ?? null);
  }

  #tags(): string[] {
    const path = this.#folders.filter((folder) => folder !== null).join('/');
    const categories = this.#given.get('category')?.split(',') ?? [];
    return [path, ...categories.map((each) => each.trim().replace(/^\/+|\/+$/g, ''))].filter(Boolean);
  }

  onclosetag(start: number, end: number): void {
    if (this.#text.slice(start, end).toLowerCase() !== 'outline') return;
    if (this.#deeper > 0) this.#deeper--;
    else this.#folders.pop();
  }

  onattribend(): void {}
  oncdata(): void {}
  oncomment(): void {}
  ondeclaration(): void {}
  onend(): void {}
  onprocessinginstruction(): void {}
  ontext(): void {}
  ontextentity(): void {}
}

/** Text of an XML document from its bytes: by byte order mark, else as it declares itself, else UTF-8. */
export function decodeXml(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  const declared = /^[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(bytes.toString('latin1', 0, 200))?.[1];
  try {
    // A declaration that can be read byte by byte does not stand in UTF-16, whatever it says.
    const label = declared === undefined || /^utf-?16/i.test(declared) ? 'utf-8' : declared;
    return new TextDecoder(label).decode(bytes);
  } catch {
    // A label that nobody knows.
    return new TextDecoder().decode(bytes);
  }
}

export interface OpmlOutline {
  url: string;
  title: string;
  /** Shown when it is not the owner's own title. */
  link: string | null;
  tags: string[];
}

/** An OPML 2.0 document; a feed with several tags stands in the folder of each. */
export function writeOpml(feeds: OpmlOutline[], createdAt: Date): string {
  const folders = new Map<string, OpmlOutline[]>();
  for (const feed of feeds)
    for (const tag of feed.tags.length > 0 ? feed.tags : ['']) {
      const folder = folders.get(tag);
      if (folder) folder.push(feed);
      else folders.set(tag, [feed]);
    }
  const lines = [...folders]
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([tag, of]) =>
      tag === ''
        ? of.map((feed) => `    ${outlineOf(feed)}`)
        : [
            `    <outline text="${escaped(tag)}" title="${escaped(tag)}">`,
            ...of.map((feed) => `      ${outlineOf(feed)}`),
            '    </outline>',
          ],
    );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<opml version="2.0">',
    '  <head>',
    '    <title>Feeds</title>',
    `    <dateCreated>${createdAt.toUTCString()}</dateCreated>`,
    '  </head>',
    '  <body>',
    ...lines,
    '  </body>',
    '</opml>',
    '',
  ].join('\n');
}

const outlineOf = ({ url, title, link }: OpmlOutline): string => {
  const site = link === null ? '' : ` htmlUrl="${escaped(link)}"`;
  const name = escaped(title);
  return `<outline type="rss" text="${name}" title="${name}" xmlUrl="${escaped(url)}"${site}/>`;
};

const escaped = (text: string): string =>
  text
    // What XML 1.0 has no form for.
    // eslint-disable-next-line no-control-regex -- these are the characters that must not come through
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\r', '&#13;');
