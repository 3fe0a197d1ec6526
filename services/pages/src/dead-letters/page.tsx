import { useLocation } from 'preact-iso/router';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { listen } from '../data/live.js';
import { useResource } from '../data/use-resource.js';
import { Button } from '../ui/button.js';
import { Page, Section } from '../ui/page.js';
import { EmptyState, Loaded } from '../ui/states.js';
import { announce } from '../ui/toast.js';
import { loadLetters, MOST_LOADED, type DeadLetter, type Filter } from './act.js';
import { FilterBar } from './filter-bar.js';
import { GroupCard } from './group-card.js';
import { groupLetters } from './group-letters.js';
import { Unreadable } from './unreadable.js';
import './dead-letters.css';

export default function DeadLettersPage(): JSX.Element {
  const { query } = useLocation();
  const filter = filterOf(query);
  const letters = useResource((signal) => loadLetters(filter, signal), [JSON.stringify(filter)]);
  const { data, reload, change } = letters;
  const [fresh, setFresh] = useNewFailures(data?.letters);
  const groups = useMemo(() => groupLetters(data?.letters ?? []), [data?.letters]);
  const count = data?.letters.length;
  useEffect(() => {
    if (count !== undefined) announce(`${count} dead letters in ${groups.length} groups.`);
  }, [data?.letters]);
  /** Gone from the list at once; the rest stays where it is. */
  const onGone = (ids: readonly string[]): void => {
    const gone = new Set(ids);
    change(({ letters: shown, more }) => ({ letters: shown.filter(({ id }) => !gone.has(id)), more }));
  };
  const show = async (): Promise<void> => {
    await reload();
    setFresh();
  };
  return (
    <Page
      title="Dead letters"
      lead="Tasks that failed for good, by what went wrong. They can run again, also with another input."
    >
      <FilterBar key={JSON.stringify(filter)} filter={filter} />
      <p class="fresh" aria-live="polite">
        {fresh > 0 && (
          <>
            {fresh === 1 ? '1 task has failed since.' : `${fresh} tasks have failed since.`}{' '}
            <Button small onClick={show}>
              Show {fresh === 1 ? 'it' : 'them'}
            </Button>
          </>
        )}
      </p>
      <Loaded resource={letters}>
        {({ more }) =>
          groups.length === 0 ? (
            <NoLetters filtered={Object.keys(filter).length > 0} />
          ) : (
            <Section title={`${(count ?? 0).toLocaleString('en')}${more ? ' or more' : ''} dead letters`}>
              {more && (
                <p class="notice warn">
                  The newest {MOST_LOADED.toLocaleString('en')} are shown. A filter narrows them down; what is
                  done to a group is done to those that are shown.
                </p>
              )}
              <div class="stack">
                {groups.map((group) => (
                  <GroupCard key={group.key} group={group} onGone={onGone} />
                ))}
              </div>
            </Section>
          )
        }
      </Loaded>
      <Unreadable />
    </Page>
  );
}

function filterOf(query: Record<string, string>): Filter {
  const { type, code, tag } = query;
  return { ...(type && { type }), ...(code && { code }), ...(tag && { tag }) };
}

function NoLetters({ filtered }: { filtered: boolean }): JSX.Element {
  return filtered ? (
    <EmptyState title="No dead letter fits this filter">
      <p>
        <a href="/dead-letters">Show all</a>
      </p>
    </EmptyState>
  ) : (
    <EmptyState title="No dead letters">
      <p class="soft">Nothing has failed for good. What does is shown here, with why, and can run again.</p>
    </EmptyState>
  );
}

/** Tasks that failed after the list was loaded: counted, so that nothing moves by itself. */
function useNewFailures(letters: readonly DeadLetter[] | undefined): [number, () => void] {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const known = new Set(letters?.map(({ id }) => id));
    return listen({
      onTasks: (tasks) => {
        const failed = tasks.filter(({ id, state }) => state === 'failed' && !known.has(id));
        if (failed.length > 0) setIds((before) => new Set([...before, ...failed.map(({ id }) => id)]));
      },
    });
  }, [letters]);
  return [ids.size, () => setIds(new Set())];
}
