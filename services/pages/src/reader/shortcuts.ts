/** What a key does in the reader. */
export const SHORTCUTS = [
  { keys: ['j'], command: 'next', says: 'Next entry' },
  { keys: ['k'], command: 'previous', says: 'Previous entry' },
  { keys: ['o'], command: 'open', says: 'Open the entry, or close it' },
  { keys: ['v'], command: 'original', says: 'Open the original in a new tab' },
  { keys: ['m'], command: 'read', says: 'Mark as read or unread' },
  { keys: ['s'], command: 'star', says: 'Star, or take the star away' },
  { keys: ['r'], command: 'refresh', says: 'Refresh the feed now' },
  { keys: ['A'], command: 'all-read', says: 'Mark all as read' },
  { keys: ['/'], command: 'search', says: 'Search' },
  { keys: ['?'], command: 'help', says: 'This list' },
] as const;

export type Command = (typeof SHORTCUTS)[number]['command'] | 'close';

/** A key event as far as shortcuts go. */
export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  defaultPrevented: boolean;
}

const COMMANDS = new Map<string, Command>(
  SHORTCUTS.flatMap(({ keys, command }) => keys.map((key) => [key, command] as const)),
);

/**
 * The command of a key; null for none. Single keys are for those who want them (WCAG 2.2, 2.1.4): turned off, Escape
 * and what browsers do by themselves are left.
 * @param where whether the key goes into a field, or a dialog is open
 */
export function commandOf(
  { key, ctrlKey, metaKey, altKey, isComposing, defaultPrevented }: Pressed,
  where: { typing: boolean; dialog: boolean; singleKeys: boolean },
): Command | null {
  if (ctrlKey || metaKey || altKey || isComposing || defaultPrevented || where.dialog) return null;
  if (key === 'Escape') return where.typing ? null : 'close';
  if (where.typing || !where.singleKeys) return null;
  return COMMANDS.get(key) ?? null;
}
