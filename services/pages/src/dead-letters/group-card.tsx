import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { Badge } from '../ui/state-badge.js';
import { Button } from '../ui/button.js';
import { confirm } from '../ui/dialog.js';
import { RelativeTime } from '../ui/time.js';
import { say } from '../ui/toast.js';
import { discard, requeue, type DeadLetter } from './act.js';
import { outcomeInWords, type LetterGroup } from './group-letters.js';
import { LetterItem } from './letter-item.js';

const SHOWN = 20;

interface GroupCardProps {
  group: LetterGroup<DeadLetter>;
  onGone: (ids: readonly string[]) => void;
}

/** Dead letters with the same error: all of them run again or go, or one by one. */
export function GroupCard({ group, onGone }: GroupCardProps): JSX.Element {
  const { type, code, pattern, letters, newest, oldest } = group;
  const [shown, setShown] = useState(SHOWN);
  const count = letters.length;
  const tasks = `${count.toLocaleString('en')} task${count === 1 ? '' : 's'}`;
  const ids = (): string[] => letters.map(({ id }) => id);
  const requeueAll = async (): Promise<void> => {
    const text = `${tasks} of ${type} that failed with ${code} will run again, each with as many attempts as its type has.`;
    if (count > 1 && !(await confirm({ title: `Run ${tasks} again?`, text, confirm: `Requeue ${tasks}` })))
      return;
    const asked = ids();
    const done = await requeue(asked);
    onGone(asked);
    say(outcomeInWords(done, asked.length, done === 1 ? 'runs again' : 'run again'), {
      action: { label: 'See them', run: () => location.assign(`/tasks?type=${encodeURIComponent(type)}`) },
    });
  };
  const discardAll = async (): Promise<void> => {
    const text = `${tasks} of ${type} that failed with ${code} will be deleted with their inputs. This cannot be taken back.`;
    if (!(await confirm({ title: `Discard ${tasks}?`, text, confirm: `Discard ${tasks}`, danger: true })))
      return;
    const asked = ids();
    const done = await discard(asked);
    onGone(asked);
    say(outcomeInWords(done, asked.length, done === 1 ? 'is discarded' : 'are discarded'));
  };
  return (
    <article class="card dead-group" aria-label={`${type}: ${code}, ${tasks}`}>
      <header class="dead-head">
        <div class="stack">
          <p class="row">
            <Badge tone="bad">{code || 'no code'}</Badge>
            <strong>{type}</strong>
            <span class="soft numbers">
              {tasks}, <RelativeTime at={newest} />
              {count > 1 && (
                <>
                  {' '}
                  (first <RelativeTime at={oldest} />)
                </>
              )}
            </span>
          </p>
          <p class="dead-pattern">{pattern}</p>
        </div>
        <div class="actions">
          <Button onClick={requeueAll}>
            {count === 1 ? 'Requeue' : `Requeue all ${count.toLocaleString('en')}`}
          </Button>
          <Button kind="danger" onClick={discardAll}>
            {count === 1 ? 'Discard' : 'Discard all'}
          </Button>
        </div>
      </header>
      <details class="dead-letters">
        <summary>{count === 1 ? 'The task' : `The ${tasks}`}</summary>
        <ul>
          {letters.slice(0, shown).map((letter) => (
            <LetterItem key={letter.id} letter={letter} alone={count === 1} onGone={onGone} />
          ))}
        </ul>
        {count > shown && (
          <Button small onClick={() => setShown(shown + 100)}>
            Show {Math.min(100, count - shown)} more
          </Button>
        )}
      </details>
    </article>
  );
}
