import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/states.js';
import { AddFeed } from './add-feed.js';
import { stateOf } from './feed-state.js';
import { START, urlOf } from './place.js';
import { PATH, useView } from './view.js';

/** In place of entries: why there are none, and what to do about it. */
export function EmptyList() {
  const { reader, place, goTo, openDialog } = useView();
  const all = urlOf(PATH, { ...place, view: 'all', q: '', entry: null });
  if (place.q)
    return (
      <EmptyState title={`Nothing with “${place.q}”`}>
        <p>Words are looked for in titles, authors, categories and the beginnings of texts.</p>
        <a href={all}>Show all entries</a>
      </EmptyState>
    );
  if (place.view === 'starred')
    return (
      <EmptyState title="Nothing starred here">
        <p>
          Star an entry with its star or the key <kbd>s</kbd>. Starred entries are kept for ever.
        </p>
        <a href={all}>Show all entries</a>
      </EmptyState>
    );
  const feeds = reader.inScope(place.scope);
  const [feed] = feeds;
  // What is the matter with it stands above already.
  if (place.scope.kind === 'feed' && feed && stateOf(feed).kind !== 'well') return null;
  if (place.view === 'unread')
    return (
      <EmptyState title="All is read">
        <p>New entries come by themselves.</p>
        <a href={all}>Show read ones, too</a>
      </EmptyState>
    );
  return (
    <EmptyState title="No entries yet">
      <p>What comes is shown here by itself.</p>
      {feeds.length === 0 && (
        <Button onClick={() => (place.scope.kind === 'all' ? openDialog('add') : goTo(START))}>
          {place.scope.kind === 'all' ? 'Add a feed' : 'All entries'}
        </Button>
      )}
    </EmptyState>
  );
}

/** Nobody reads anything yet; stays while the first feed is being added. */
export function FirstRun() {
  const { reader, goTo, openDialog } = useView();
  return (
    <div class="first-run">
      <h3>Nothing to read yet</h3>
      <p>
        Enter the address of a blog, a newspaper or a podcast: its feed is found, and what is new comes here
        by itself. A slow site holds up nobody.
      </p>
      <AddFeed
        onBusy={(is) => (reader.addingFirst.value = is)}
        onDone={({ id }) => goTo({ ...START, scope: { kind: 'feed', id } })}
      />
      <p class="soft">
        Coming from another reader?{' '}
        <button type="button" class="link" onClick={() => openDialog('opml')}>
          Import its OPML file
        </button>
        .
      </p>
    </div>
  );
}
