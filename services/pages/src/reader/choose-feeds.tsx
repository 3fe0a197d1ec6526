import { ProblemError } from '@offload/client';
import { useState } from 'preact/hooks';
import { Button } from '../ui/button.js';
import { messageOf } from '../ui/error-state.js';
import { Checkbox } from '../ui/field.js';
import { useSubmit } from '../ui/use-submit.js';
import { hostOf } from './feed-address.js';
import type { Feed } from './feed-groups.js';
import { changeFeed, subscribe, unsubscribe } from './reader-api.js';
import { useView } from './view.js';

/** A page that links to several feeds: which of them to read. @param onDone with the first that was chosen */
export function ChooseFeeds({ feed, onDone }: { feed: Feed; onDone: (feed: Feed) => void }) {
  const { reader } = useView();
  const [chosen, setChosen] = useState<readonly string[]>(feed.found.slice(0, 1).map(({ url }) => url));
  const { busy, error, onSubmit } = useSubmit(async () => {
    const [first, ...others] = chosen;
    if (first === undefined) return;
    const taken = await takeFirst(feed, first);
    reader.putFeed(taken);
    if (taken.id !== feed.id) reader.dropFeed(feed.id);
    for (const url of others) reader.putFeed(await subscribe(url, feed.tags));
    onDone(taken);
  });
  return (
    <form class="stack choose-feeds" onSubmit={onSubmit}>
      <fieldset>
        <legend>
          {hostOf(feed.url)} has {feed.found.length} feeds. Which do you want to read?
        </legend>
        {feed.found.map(({ url, title }) => (
          <Checkbox
            key={url}
            label={
              <>
                <bdi>{title ?? url}</bdi> {title && <small class="soft">{url}</small>}
              </>
            }
            checked={chosen.includes(url)}
            onChange={(is) =>
              setChosen(
                feed.found.map((one) => one.url).filter((one) => (one === url ? is : chosen.includes(one))),
              )
            }
          />
        ))}
      </fieldset>
      {error !== undefined && (
        <p class="fault" role="alert">
          {messageOf(error)}
        </p>
      )}
      <p class="actions">
        <Button kind="primary" type="submit" busy={busy} disabled={chosen.length === 0}>
          {chosen.length > 1 ? `Subscribe to ${chosen.length} feeds` : 'Subscribe'}
        </Button>
      </p>
    </form>
  );
}

/** The subscription becomes one to the chosen feed; where that is there already, it is not needed. */
async function takeFirst(feed: Feed, url: string): Promise<Feed> {
  try {
    return await changeFeed(feed.id, { url });
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'feed-exists') throw error;
    const there = await subscribe(url);
    await unsubscribe(feed.id);
    return there;
  }
}
