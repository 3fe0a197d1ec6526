/**
 * The URL that a text means, or undefined when it means none. Not URL.canParse: once Node 20 has compiled it, it
 * refuses texts with letters such as ü (its fast path takes Latin-1 for UTF-8).
 */
export function readUrl(text: string, base?: string | URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
