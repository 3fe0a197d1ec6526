import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Button } from '../ui/button.js';
import { messageOf } from '../ui/error-state.js';
import { Field } from '../ui/field.js';
import { Progress } from '../ui/progress.js';
import { RelativeTime } from '../ui/time.js';
import { say } from '../ui/toast.js';
import { leaveFeed } from './actions.js';
import { ChooseFeeds } from './choose-feeds.js';
import { feedAddress, hostOf } from './feed-address.js';
import { nameOf, shownCount, tagsOf, type Feed } from './feed-groups.js';
import { followTask } from './follow-task.js';
import { loadFeed, refreshFeed, subscribe } from './reader-api.js';
import { subscribing, type Step } from './subscribing.js';
import { useView } from './view.js';

interface AddFeedProps {
  /** With the feed, once its entries are there. */
  onDone: (feed: Feed) => void;
  /** Whether something is under way that the page must not take away. */
  onBusy?: (is: boolean) => void;
}

/** Adds a feed by the address of the feed or of its site. */
export function AddFeed({ onDone, onBusy }: AddFeedProps) {
  const view = useView();
  const { reader } = view;
  const [typed, setTyped] = useState('');
  const [tags, setTags] = useState('');
  const [fault, setFault] = useState<string>();
  const [step, setStep] = useState<Step | null>(null);
  const running = useRef<AbortController | undefined>(undefined);
  const tagList = useId();
  useEffect(() => {
    onBusy?.(step !== null);
  }, [step !== null]);
  useEffect(
    () => () => {
      running.current?.abort();
      onBusy?.(false);
    },
    [],
  );

  const add = async (): Promise<void> => {
    const address = feedAddress(typed);
    if ('fault' in address) return setFault(address.fault);
    await follow(() => subscribe(address.url, tagsOf(tags)), hostOf(address.url));
  };
  /** At once: to subscribe again is content with the check that has just failed. */
  const again = (feed: Feed): Promise<void> =>
    follow(async () => ({ ...feed, task: await refreshFeed(feed.id) }), hostOf(feed.url));
  const follow = async (begin: () => Promise<Feed>, site: string): Promise<void> => {
    setFault(undefined);
    running.current?.abort();
    const { signal } = (running.current = new AbortController());
    const api = { begin, follow: followTask, feed: loadFeed };
    try {
      for await (const now of subscribing(api, site, signal)) {
        setStep(now);
        if ('feed' in now) reader.putFeed(now.feed);
        if (now.kind === 'added') finish(now.feed, now.existing);
      }
    } catch (error) {
      if (signal.aborted) return;
      setStep(null);
      setFault(messageOf(error));
    }
  };
  const finish = (feed: Feed, existing: boolean): void => {
    const what = existing ? 'is in your list' : 'was added';
    say(`${nameOf(feed)} ${what}: ${shownCount(feed.unread)} unread.`);
    onDone(feed);
  };

  if (step?.kind === 'choose') return <ChooseFeeds feed={step.feed} onDone={(feed) => onDone(feed)} />;
  if (step?.kind === 'failing')
    return (
      <Failing
        feed={step.feed}
        onAgain={() => void again(step.feed)}
        onKeep={() => onDone(step.feed)}
        onLeave={async () => (await leaveFeed(view, step.feed.id)) && setStep(null)}
      />
    );
  const isBusy = step !== null && step.kind !== 'added';
  return (
    <form
      class="stack add-feed"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void add();
      }}
    >
      <Field
        label="Address of a feed or a site"
        type="url"
        inputMode="url"
        autocomplete="url"
        placeholder="https://example.com"
        value={typed}
        onInput={setTyped}
        error={fault}
      />
      <Field
        label="Tags (optional)"
        hint="Folders or labels, with commas between them."
        list={tagList}
        value={tags}
        onInput={setTags}
      />
      <datalist id={tagList}>
        {[...new Set([...(reader.feeds.value?.values() ?? [])].flatMap((feed) => feed.tags))].map((tag) => (
          <option key={tag} value={tag} />
        ))}
      </datalist>
      <div role="status" class="add-progress">
        {isBusy && (
          <Progress
            done={0}
            label="Adding the feed"
            note={
              step.kind === 'sending' ? 'Sending…' : step.kind === 'working' ? wordsWithAttempt(step) : null
            }
          />
        )}
      </div>
      <p class="actions">
        <Button kind="primary" type="submit" busy={isBusy}>
          Add the feed
        </Button>
      </p>
    </form>
  );
}

const wordsWithAttempt = ({ says, attempt }: { says: string; attempt: number }): string =>
  attempt > 1 ? `${says} (attempt ${attempt})` : says;

interface FailingProps {
  feed: Feed;
  onAgain: () => void;
  onKeep: () => void;
  onLeave: () => unknown;
}

function Failing({ feed, onAgain, onKeep, onLeave }: FailingProps) {
  return (
    <div class="stack" role="alert">
      <p>
        <strong>{hostOf(feed.url)} could not be read.</strong>{' '}
        {feed.failure?.message ?? 'The task that fetches it was lost.'}
      </p>
      <p class="soft">
        {feed.nextAt ? (
          <>
            If you keep it, it is tried again <RelativeTime at={feed.nextAt} />, then more and more rarely.
          </>
        ) : (
          'It is not tried again by itself.'
        )}
      </p>
      <p class="actions">
        <Button kind="primary" onClick={onAgain}>
          Try again
        </Button>
        <Button onClick={onKeep}>Keep it</Button>
        <Button kind="quiet" onClick={onLeave}>
          Take it out
        </Button>
      </p>
    </div>
  );
}
