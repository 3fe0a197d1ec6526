import { decodeHTML, decodeHTMLAttribute } from 'entities';
import { Tokenizer } from 'htmlparser2';

/** A start tag: its name as `tag`, and those of its attributes that are wanted, trimmed. */
export type Tag = Record<string, string>;

export interface WantedTags {
  /** Names in lower case; only those with a `href` count. */
  elements: readonly string[];
  attributes: readonly string[];
  /** So many at most. */
  most: number;
}

/** The start tags of a web page that say something, and the text of its title. Linear in time. */
export function tagsOf(
  html: string,
  { elements, attributes, most }: WantedTags,
): { tags: Tag[]; title: string } {
  const tags: Tag[] = [];
  let tag: Tag = {};
  let [name, value] = ['', ''];
  let title: string | null = null;
  let inTitle = false;
  const end = (): void => {
    if (elements.includes(tag.tag!) && tag.href !== undefined && tags.length < most) tags.push(tag);
    inTitle = tag.tag === 'title' && title === null;
  };
  const ignored = (): void => {};
  const tokenizer = new Tokenizer(
    { xmlMode: false, decodeEntities: false },
    {
      onopentagname: (from, to) => (tag = { tag: html.slice(from, to).toLowerCase() }),
      onattribname(from, to) {
        [name, value] = [html.slice(from, to).toLowerCase(), ''];
      },
      onattribdata: (from, to) => (value += html.slice(from, to)),
      onattribend() {
        if (attributes.includes(name)) tag[name] ??= decodeHTMLAttribute(value).trim();
      },
      onopentagend: end,
      onselfclosingtag: end,
      ontext(from, to) {
        if (inTitle) title = (title ?? '') + html.slice(from, to);
      },
      onclosetag: () => (inTitle = false),
      oncdata: ignored,
      oncomment: ignored,
      ondeclaration: ignored,
      onprocessinginstruction: ignored,
      onattribentity: ignored,
      ontextentity: ignored,
      onend: ignored,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  return { tags, title: decodeHTML(title ?? '') };
}
