import { useState } from 'preact/hooks';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { messageOf } from '../ui/error-state.js';
import { Field } from '../ui/field.js';
import { RelativeTime } from '../ui/time.js';
import { say } from '../ui/toast.js';
import { useSubmit } from '../ui/use-submit.js';
import { leaveFeed } from './actions.js';
import { feedAddress } from './feed-address.js';
import { tagsOf, type Feed } from './feed-groups.js';
import { stateOf } from './feed-state.js';
import { changeFeed } from './reader-api.js';
import { safeHref } from './safe-html.js';
import { START } from './place.js';
import { useView } from './view.js';

/** What a feed is called, where it is, how it stands with it; and the way out. */
export function FeedSettings({ feed, onClose }: { feed: Feed; onClose: () => void }) {
  const view = useView();
  const own = feed.title === feed.ownTitle ? '' : (feed.title ?? '');
  const [title, setTitle] = useState(own);
  const [tags, setTags] = useState(feed.tags.join(', '));
  const [url, setUrl] = useState(feed.url);
  const [urlFault, setUrlFault] = useState<string>();
  const { busy, error, onSubmit } = useSubmit(async () => {
    const address = feedAddress(url);
    setUrlFault('fault' in address ? address.fault : undefined);
    if ('fault' in address) return;
    const name = title.trim();
    const change = {
      title: name === '' ? null : name,
      tags: tagsOf(tags),
      ...(address.url !== feed.url && { url: address.url }),
    };
    view.reader.putFeed(await changeFeed(feed.id, change));
    say('Saved.');
    onClose();
  });
  const leave = async (): Promise<void> => {
    onClose();
    if (await leaveFeed(view, feed.id)) view.goTo(START, { replace: true });
  };
  return (
    <Dialog title="Feed settings" onClose={onClose}>
      <form noValidate onSubmit={onSubmit}>
        <Field
          label="Name"
          placeholder={feed.ownTitle ?? ''}
          hint="Empty: as the feed calls itself."
          value={title}
          onInput={setTitle}
          maxLength={500}
        />
        <Field
          label="Tags"
          hint="Folders or labels, with commas between them."
          value={tags}
          onInput={setTags}
        />
        <Field label="Address" type="url" value={url} onInput={setUrl} error={urlFault} />
        <Facts feed={feed} />
        {error !== undefined && (
          <p class="fault" role="alert">
            {messageOf(error)}
          </p>
        )}
        <p class="actions">
          <Button kind="primary" type="submit" busy={busy}>
            Save
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" class="at-end" onClick={leave}>
            Unsubscribe…
          </Button>
        </p>
      </form>
    </Dialog>
  );
}

function Facts({ feed }: { feed: Feed }) {
  const { says, reason } = stateOf(feed);
  const site = safeHref(feed.link);
  return (
    <dl class="facts">
      {says && (
        <>
          <dt>State</dt>
          <dd>
            {says} {reason}
          </dd>
        </>
      )}
      {site && (
        <>
          <dt>Site</dt>
          <dd>
            <a href={site} target="_blank" rel="noopener noreferrer">
              {site}
            </a>
          </dd>
        </>
      )}
      <dt>Last asked for</dt>
      <dd>
        <RelativeTime at={feed.checkedAt} />
      </dd>
      <dt>Last change</dt>
      <dd>
        <RelativeTime at={feed.updatedAt} />
      </dd>
      <dt>Asked for again</dt>
      <dd>
        <RelativeTime at={feed.nextAt} none="not by itself" />
      </dd>
    </dl>
  );
}
