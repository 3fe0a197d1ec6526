import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Place } from './place.js';
import type { Reader } from './reader.js';

export const PATH = '/reader';

export type DialogName = 'add' | 'feed' | 'opml' | 'keys';

/** What every part of the reader's page needs. */
export interface ReaderView {
  reader: Reader;
  place: Place;
  /** `replace`: Back does not lead here. */
  goTo: (place: Place, options?: { replace?: boolean }) => void;
  openDialog: (name: DialogName | null) => void;
  /** Ends when the page is left. */
  left: AbortSignal;
}

export const ViewContext = createContext<ReaderView | null>(null);

export function useView(): ReaderView {
  const view = useContext(ViewContext);
  if (!view) throw new Error('A part of the reader is used outside of its page.');
  return view;
}
