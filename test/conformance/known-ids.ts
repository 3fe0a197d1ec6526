import type { FuzzedRequest } from './requests.js';
import type { Operation } from './document.js';
import { PLACEHOLDER_ID } from './schema-values.js';

/** How many of a kind are remembered: the latest, since older ones may be gone. */
const MOST = 40;

/** As a URL carries it; what is written with a percent sign already goes out as it is. */
export const encoded = (text: string): string =>
  text.startsWith('%') ? text.replaceAll(/[^!-~]/g, '') : encodeURIComponent(Buffer.from(text).toString());

const TEMPLATE_PART = /\{(\w+)\}/g;

/** The names and values of the parameters up to one of them, e.g. `{id: …, name: …}` of `/v1/tasks/{id}/files/{name}`. */
type Found = Record<string, string>;

/** Remembers which resources there are, from the links in answers, so that requests reach them. */
export class KnownIds {
  /** Beginnings of the document's paths, up to a parameter, the longest first. */
  readonly #beginnings: { template: string; pattern: RegExp; found: Found[] }[];

  constructor(operations: Operation[]) {
    const templates = new Set(
      operations.flatMap(({ path }) =>
        [...path.matchAll(TEMPLATE_PART)].map((part) => path.slice(0, part.index + part[0].length)),
      ),
    );
    this.#beginnings = [...templates]
      .sort((a, b) => b.length - a.length)
      .map((template) => ({
        template,
        pattern: new RegExp(`^${template.replaceAll(TEMPLATE_PART, '(?<$1>[^/?#]+)')}(?=[/?#]|$)`),
        found: [],
      }));
  }

  /** Looks through the JSON of an answer. */
  learn(answer: unknown): void {
    if (typeof answer === 'string') {
      if (answer.startsWith('/v1/')) this.#learnPath(answer);
    } else if (answer !== null && typeof answer === 'object')
      for (const value of Object.values(answer)) this.learn(value);
  }

  #learnPath(path: string): void {
    for (const { pattern, found } of this.#beginnings) {
      const groups = pattern.exec(path)?.groups;
      if (!groups || found.some((each) => same(each, groups))) continue;
      found.push({ ...groups });
      if (found.length > MOST) found.shift();
    }
  }

  /** The address of a request. */
  addressOf({ path, query }: FuzzedRequest, operation: Operation | undefined): string {
    const at = typeof path === 'string' ? path : this.#filled(operation?.path ?? '/', path);
    const search = query
      .map(([name, value]) => `${encoded(name)}=${encoded(this.#replaced(value))}`)
      .join('&');
    return search === '' ? at : `${at}?${search}`;
  }

  bodyOf({ body }: FuzzedRequest): Buffer | undefined {
    if (!body) return undefined;
    const text = body.toString('latin1');
    const replaced = this.#replaced(text);
    return text === replaced ? body : Buffer.from(replaced, 'latin1');
  }

  #filled(template: string, { parts, pick }: Exclude<FuzzedRequest['path'], string>): string {
    const known = this.#beginnings.find(
      (each) => template.startsWith(each.template) && each.found.length > 0,
    );
    const found = known?.found.at(-1 - (pick % known.found.length)) ?? {};
    return template.replaceAll(TEMPLATE_PART, (_all, name: string) => {
      const given = parts[name];
      if (given !== null && given !== undefined) return encoded(this.#replaced(given)) || '%20';
      return found[name] ?? 'none';
    });
  }

  /** Half of the placeholders become tasks, which most bodies name; the others anything. */
  #replaced(text: string): string {
    return text.replaceAll(PLACEHOLDER_ID, (all, digits: string) => {
      const n = Number(digits);
      const kinds = this.#beginnings.filter(({ found }) => found.some(({ id }) => id !== undefined));
      const kind =
        n % 2 === 0 ? kinds.find(({ template }) => template === '/v1/tasks/{id}') : kinds[n % kinds.length];
      const ids = kind?.found.map(({ id }) => id).filter((id) => id !== undefined) ?? [];
      return ids[n % ids.length] ?? all;
    });
  }
}

const same = (a: Found, b: Found): boolean => Object.entries(b).every(([name, value]) => a[name] === value);
