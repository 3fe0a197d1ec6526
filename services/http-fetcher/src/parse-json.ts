import { HTTP_LIMITS } from '@offload/contracts/http-fetch';
import { unstorable } from '@offload/contracts/storable-json';
import { refused } from './refused.js';

export interface JsonDocument {
  value: unknown;
  /** Numbers that were made strings. */
  bigNumbers: number;
}

/**
 * Parses JSON (RFC 8259) of an origin that nobody knows. Numbers that a double does not hold (integers beyond 2^53,
 * what would be infinite) become strings with their digits, since a wrong id is worse than one of another type. Of
 * a key that stands there twice the last one counts. Throws TaskError (permanent): `not-json`, `json-too-deep`,
 * `json-not-storable` (a key with a NUL character, or named `_bsontype`).
 */
export function parseJson(text: string): JsonDocument {
  if (text.trim() === '') throw refused('not-json', 'The answer is empty where JSON was expected.');
  const { text: safe, count } = readied(text);
  let value: unknown;
  try {
    value = JSON.parse(safe);
  } catch (error) {
    // The parser's own message differs from one version of Node.js to the next.
    const at = /position (\d+)/.exec((error as Error).message)?.[1];
    throw refused(
      'not-json',
      `The answer is not JSON${at === undefined ? '' : ` (at character ${at})`}: ${startOf(text)}`,
    );
  }
  checkKeys(text, value);
  return { value, bigNumbers: count };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * One pass over the text: refuses what is nested too deep before the parser sees it, and puts the numbers that would
 * lose digits into quotes. What is no JSON passes and is refused by the parser.
 */
function readied(text: string): { text: string; count: number } {
  const parts: string[] = [];
  let depth = 0;
  let copied = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === QUOTE) at = endOfString(text, at);
    else if (c === 0x5b || c === 0x7b) {
      if (++depth > HTTP_LIMITS.depth)
        throw refused(
          'json-too-deep',
          `The JSON is nested deeper than the ${HTTP_LIMITS.depth} levels that are taken.`,
        );
    } else if (c === 0x5d || c === 0x7d) depth--;
    else if (c === 0x2d || (c >= 0x30 && c <= 0x39)) {
      const end = endOfNumber(text, at);
      if (end - at >= 4 && losesDigits(text.slice(at, end))) {
        parts.push(text.slice(copied, at), '"', text.slice(at, end), '"');
        copied = end;
      }
      at = end - 1;
    }
  }
  const count = parts.length / 4;
  return { text: count === 0 ? text : parts.join('') + text.slice(copied), count };
}

/** Index of the closing quote, or the text's end. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at);
    // Digits, + - . E e
    if (!((c >= 0x30 && c <= 0x39) || c === 0x2b || c === 0x2d || c === 0x2e || c === 0x45 || c === 0x65))
      break;
  }
  return at;
}

/** RFC 8259, section 6: the grammar. Only whole ones are quoted: `1-2` stays for the parser to refuse. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

function losesDigits(number: string): boolean {
  if (number.length < 16 && !/[eE]/.test(number)) return false;
  if (!NUMBER.test(number)) return false;
  const value = Number(number);
  if (!Number.isFinite(value)) return true;
  // Also one that a double happens to hold: it would be written as other digits.
  return /^-?\d+$/.test(number) && !Number.isSafeInteger(value);
}

/** Walks only through JSON that could have such names: it takes as long as the parser. */
function checkKeys(text: string, value: unknown): void {
  // An escape can spell any letter of it.
  if (!/_bsontype|\\u00/i.test(text)) return;
  const fault = unstorable(value, HTTP_LIMITS.depth);
  if (fault !== undefined)
    throw refused('json-not-storable', `The JSON ${fault}. Take the answer as a file.`);
}

/** The beginning, for people: a page of HTML is recognised by it. */
const startOf = (text: string): string => JSON.stringify(text.trimStart().slice(0, 60));
