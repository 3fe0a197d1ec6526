import { shownCount } from './feed-groups.js';

/** How many entries are unread; nothing where none is. */
export function UnreadCount({ of }: { of: number }) {
  if (of === 0) return null;
  return (
    <span class="count">
      {shownCount(of)}
      <span class="unseen"> unread</span>
    </span>
  );
}
