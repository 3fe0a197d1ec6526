import { useEffect, useRef } from 'preact/hooks';
import { messageOf } from '../ui/error-state.js';
import { say } from '../ui/toast.js';
import { readAll, refresh } from './actions.js';
import { singleKeys } from './keys-dialog.js';
import { safeHref } from './safe-html.js';
import { commandOf, type Command } from './shortcuts.js';
import type { ReaderView } from './view.js';

/** The entry whose row has the focus. */
export const focusedEntry = (): string | null =>
  document.activeElement?.closest<HTMLElement>('[data-entry]')?.dataset.entry ?? null;

/** The focus goes to the row of an entry; to the list's title where it has none. */
export function focusEntry(id: string): void {
  const row =
    document.querySelector<HTMLElement>(`[data-entry="${id}"] a`) ?? document.getElementById('list-title');
  row?.focus();
  row?.scrollIntoView({ block: 'nearest' });
}

interface Steps {
  close: () => void;
  step: (by: 1 | -1) => void;
}

/** The keys of the reader, while its page is open. */
export function useShortcuts(view: ReaderView, steps: Steps): void {
  const latest = useRef({ view, steps });
  latest.current = { view, steps };
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const at = event.target instanceof HTMLElement ? event.target : document.body;
      const command = commandOf(event, {
        typing:
          at.isContentEditable || (at.matches('input, textarea, select') && !at.matches('[type="checkbox"]')),
        dialog: document.querySelector('dialog[open]') !== null,
        singleKeys: singleKeys.value,
      });
      if (command === null) return;
      if (command !== 'close') event.preventDefault();
      run(command, latest.current.view, latest.current.steps);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}

function run(command: Command, view: ReaderView, { close, step }: Steps): void {
  const { reader, place, goTo, openDialog } = view;
  const id = place.entry ?? focusedEntry();
  const entry = id === null ? undefined : reader.marks.get(id)?.value;
  const told = (done: Promise<unknown>): void =>
    void done.catch((error: unknown) => say(messageOf(error), { kind: 'error' }));
  switch (command) {
    case 'next':
      return step(1);
    case 'previous':
      return step(-1);
    case 'close':
      return close();
    case 'open':
      if (place.entry !== null) return close();
      if (id !== null) goTo({ ...place, entry: id, feeds: false });
      return;
    case 'original': {
      const link = safeHref(entry?.link);
      if (link) window.open(link, '_blank', 'noopener,noreferrer');
      return;
    }
    case 'read':
      if (entry) void reader.marks.mark(entry.id, { read: !entry.read });
      return;
    case 'star':
      if (entry) void reader.marks.mark(entry.id, { starred: !entry.starred });
      return;
    case 'refresh':
      return told(refresh(view));
    case 'all-read':
      return told(readAll(view));
    case 'search':
      document.getElementById('reader-search')?.focus();
      return;
    case 'help':
      return openDialog('keys');
  }
}
