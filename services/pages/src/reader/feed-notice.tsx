import { Button } from '../ui/button.js';
import { say } from '../ui/toast.js';
import { RelativeTime } from '../ui/time.js';
import { leaveFeed } from './actions.js';
import { ChooseFeeds } from './choose-feeds.js';
import { stateOf } from './feed-state.js';
import { START } from './place.js';
import { useView } from './view.js';

/** Above the entries of a feed with which something is the matter: what, why, and what can be done. */
export function FeedNotice({ id }: { id: string }) {
  const view = useView();
  const { reader, goTo, openDialog, left } = view;
  const feeds = reader.feeds.value;
  const feed = feeds?.get(id);
  if (feeds && !feed)
    return (
      <div class="notice">
        <p>You do not subscribe to this feed (any more).</p>
        <a href="/reader">All entries</a>
      </div>
    );
  if (!feed) return null;
  const state = stateOf(feed);
  if (state.kind === 'well') return null;
  if (state.kind === 'choose')
    return (
      <div class="notice">
        <h3>Several feeds</h3>
        <ChooseFeeds
          feed={feed}
          onDone={(chosen) => goTo({ ...START, scope: { kind: 'feed', id: chosen.id } }, { replace: true })}
        />
      </div>
    );
  const again = async (): Promise<void> => {
    const now = await reader.refresh(id, left);
    if (now && stateOf(now).kind === 'failing')
      say(`Still not: ${now.failure?.message ?? ''}`, { kind: 'error' });
    else say('It is well again.');
  };
  const leave = async (): Promise<void> => {
    if (await leaveFeed(view, id)) goTo(START, { replace: true });
  };
  if (state.kind === 'waiting')
    return (
      <p class="notice" role="status">
        {state.says}
      </p>
    );
  return (
    <div class="notice warn" role="status" aria-label="The feed's state">
      <p>
        <strong>{state.says}</strong> {state.reason}
      </p>
      {state.since && (
        <p class="soft">
          Failing since <RelativeTime at={state.since} />.{' '}
          {state.again ? (
            <>
              Tried again <RelativeTime at={state.again} />.
            </>
          ) : (
            'Not tried again by itself.'
          )}
        </p>
      )}
      <p class="actions">
        <Button small busy={reader.refreshing.value.has(id)} onClick={again}>
          Try now
        </Button>
        <Button small kind="quiet" onClick={() => openDialog('feed')}>
          Change its address
        </Button>
        <Button small kind="quiet" onClick={leave}>
          Unsubscribe
        </Button>
      </p>
    </div>
  );
}
