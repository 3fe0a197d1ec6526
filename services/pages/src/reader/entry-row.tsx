import { classes } from '../ui/classes.js';
import { RelativeTime } from '../ui/time.js';
import { ApiImage } from './api-image.js';
import { Icon } from './icons.js';
import { urlOf } from './place.js';
import { PATH, useView } from './view.js';

export const UNTITLED = 'Without a title';

/** One entry in the list: a link that opens it, and its star. */
export function EntryRow({ id, selected, showFeed }: { id: string; selected: boolean; showFeed: boolean }) {
  const { reader, place, goTo } = useView();
  const entry = reader.marks.get(id)?.value;
  if (!entry) return null;
  const { title, read, starred, excerpt, published, seenAt, author, links } = entry;
  const feed = showFeed ? reader.feedName(entry.feed) : author;
  const open = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
    // From one entry to another Back leads to the list, not through all that was read.
    if (place.entry === null) return;
    event.preventDefault();
    event.stopPropagation();
    goTo({ ...place, entry: id }, { replace: true });
  };
  return (
    <li class={classes('entry-row', read && 'read', selected && 'selected')} data-entry={id}>
      <a
        href={urlOf(PATH, { ...place, entry: id, feeds: false })}
        aria-current={selected ? 'true' : undefined}
        onClick={open}
      >
        {!read && <span class="unseen">Unread: </span>}
        <span class="entry-title" dir="auto">
          {title || UNTITLED}
        </span>
        <span class="entry-meta">
          {feed && (
            <>
              <bdi class="entry-feed">{feed}</bdi>
              <span aria-hidden="true"> · </span>
            </>
          )}
          <RelativeTime at={published ?? seenAt} />
        </span>
        <span class="entry-excerpt" dir="auto">
          {excerpt}
        </span>
        {links.thumbnail && <ApiImage class="entry-thumbnail" src={links.thumbnail} fallback={null} />}
      </a>
      <button
        type="button"
        class={classes('star', starred && 'on')}
        aria-pressed={starred}
        aria-label={`Star “${title || UNTITLED}”`}
        title={starred ? 'Take the star away (s)' : 'Star (s)'}
        onClick={() => void reader.marks.mark(id, { starred: !starred })}
      >
        <Icon name="star" filled={starred} />
      </button>
    </li>
  );
}
