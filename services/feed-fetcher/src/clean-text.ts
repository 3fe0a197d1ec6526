// eslint-disable-next-line no-control-regex -- these are the characters that must not come through
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u2028\u2029\ufeff\ufffe\uffff]/g;
/** Characters that make text read in another order than it stands. */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/g;

/** Text without control characters, lone surrogates and direction overrides; line ends and tabs stay. */
export const withoutControls = (text: string): string =>
  wellFormed(text).replace(CONTROL, '').replace(DIRECTION, '');

/** Halves of characters, as cutting and bad escapes leave them, become U+FFFD: UTF-8 cannot carry them. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

/** One line of plain text, at most `maxChars` long. */
export function line(text: string, maxChars: number): string {
  const clean = withoutControls(text.slice(0, maxChars * 4))
    .replace(/\s+/g, ' ')
    .trim();
  return clean.length <= maxChars ? clean : `${wellFormed(clean.slice(0, maxChars - 1))}…`;
}

/** Text as HTML that shows it: escaped, its line ends kept. */
export function htmlOfText(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<p>${escaped.trim().replace(/\r\n?|\n/g, '<br />')}</p>`;
}
