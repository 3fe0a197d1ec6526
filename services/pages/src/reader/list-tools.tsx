import { useEffect, useRef, useState } from 'preact/hooks';
import { START, urlOf, VIEWS, type View } from './place.js';
import { PATH, useView } from './view.js';

const NAMES: Record<View, string> = { unread: 'Unread', all: 'All', starred: 'Starred' };
/** After the last key, milliseconds: each search reads some thousand entries. */
const TYPING_MS = 350;

/** Which entries of the list, and a search in them. */
export function ListTools() {
  const { place, goTo } = useView();
  const [typed, setTyped] = useState(place.q);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    setTyped(place.q);
    return () => clearTimeout(timer.current);
  }, [place.q]);
  const search = (q: string): void => {
    clearTimeout(timer.current);
    // The first search can be gone back from; what is typed on replaces it. Words are looked for in all entries.
    if (q.trim() !== place.q) {
      const view = place.q === '' && place.view === START.view ? 'all' : place.view;
      goTo({ ...place, view, q: q.trim(), entry: null }, { replace: place.q !== '' });
    }
  };
  return (
    <div class="list-tools">
      <nav aria-label="Which entries">
        {VIEWS.map((view) => (
          <a
            key={view}
            href={urlOf(PATH, { ...place, view, entry: null, feeds: false })}
            aria-current={place.view === view ? 'true' : undefined}
          >
            {NAMES[view]}
          </a>
        ))}
      </nav>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          search(typed);
        }}
      >
        <label for="reader-search" class="unseen">
          Search in these entries
        </label>
        <input
          id="reader-search"
          type="search"
          placeholder="Search"
          maxLength={200}
          value={typed}
          onInput={(event) => {
            const text = event.currentTarget.value;
            setTyped(text);
            clearTimeout(timer.current);
            timer.current = setTimeout(() => search(text), TYPING_MS);
          }}
        />
      </form>
    </div>
  );
}
