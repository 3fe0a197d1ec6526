import { Transform } from 'node:stream';

export interface Redactor {
  /** False when there is nothing to look for: the bytes need not pass through it. */
  active: boolean;
  text: (text: string) => string;
  /** The same for bytes as they pass, across their chunks, too. */
  stream: () => Transform;
}

/** What stands in the place of a secret. */
export const markOf = (name: string): string => `[secret:${name}]`;

/**
 * Replaces secrets by `[secret:name]`: as they are, and as a server that echoes a request may spell them: escaped as
 * in JSON, percent-encoded, in base64. Other encodings of an echo (compressed inside a file, UTF-16) are not found.
 * @param secrets their values are ASCII
 */
export function redactor(secrets: readonly { name: string; values: readonly string[] }[]): Redactor {
  const marks = new Map<string, string>();
  for (const { name, values } of secrets)
    for (const form of values.flatMap(spellings)) if (!marks.has(form)) marks.set(form, markOf(name));
  // The longest first: a shorter one may be a part of it.
  const forms = [...marks.keys()].sort((a, b) => b.length - a.length);
  // One pass however often a form stands in a text, so that an answer made of nothing else costs no more than others.
  const any = new RegExp(forms.map(literally).join('|'), 'g');
  const replaced = (text: string, onEnd: (end: number) => void = () => undefined): string =>
    text.replace(any, (form, at: number) => {
      onEnd(at + form.length);
      return marks.get(form)!;
    });
  return {
    active: forms.length > 0,
    text: (text) => (forms.length > 0 ? replaced(text) : text),
    stream: () => redacting(replaced, Math.max(0, (forms[0]?.length ?? 0) - 1)),
  };
}

function spellings(value: string): string[] {
  const base64 = Buffer.from(value).toString('base64');
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    new URLSearchParams({ '': value }).toString().slice(1),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(value).toString('base64url'),
  ];
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** @param kept a form may begin in the last bytes of a chunk: so many are kept back */
function redacting(
  replaced: (text: string, onEnd: (end: number) => void) => string,
  kept: number,
): Transform {
  // As Latin-1 each byte is one character and comes back as it was.
  let rest = '';
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = rest + chunk.toString('latin1');
      let from = Math.max(0, text.length - kept);
      const clean = replaced(text, (end) => (from = Math.max(from, end)));
      rest = text.slice(from);
      done(null, Buffer.from(clean.slice(0, clean.length - rest.length), 'latin1'));
    },
    flush(done) {
      done(null, Buffer.from(rest, 'latin1'));
    },
  });
}
