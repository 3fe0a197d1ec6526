import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../ui/button.js';
import { ErrorState } from '../ui/error-state.js';
import { Loading } from '../ui/states.js';
import { RelativeTime } from '../ui/time.js';
import { ArticleBody } from './article-body.js';
import { Attachments } from './attachments.js';
import { attachmentsOf } from './enclosures.js';
import { UNTITLED } from './entry-row.js';
import { hostOf } from './feed-address.js';
import { Icon } from './icons.js';
import type { Entry } from './reader-api.js';
import { safeHref } from './safe-html.js';
import { ToolButton } from './tool-button.js';
import { useView } from './view.js';

interface ArticlePaneProps {
  onClose: () => void;
  onStep: (step: 1 | -1) => void;
}

/** The entry that is open. */
export function ArticlePane({ onClose, onStep }: ArticlePaneProps) {
  const { reader } = useView();
  const article = reader.article.value;
  return (
    <section class="pane article-pane" aria-label="Article">
      {article === null ? (
        <div class="no-article">
          <p>Choose an entry to read it here.</p>
          <p class="soft">
            <kbd>j</kbd> and <kbd>k</kbd> go through the list, <kbd>o</kbd> opens, <kbd>?</kbd> shows all
            keys.
          </p>
        </div>
      ) : (
        <>
          <ArticleTools id={article.id} entry={article.entry} onClose={onClose} onStep={onStep} />
          <div
            class="pane-scroll article-scroll"
            key={article.id}
            tabIndex={0}
            role="group"
            aria-label="Text"
          >
            {article.error !== undefined && (
              <ErrorState error={article.error} onRetry={() => reader.openArticle(article.id)} />
            )}
            {article.entry ? (
              <Article entry={article.entry} />
            ) : (
              article.error === undefined && <Loading rows={8} label="Loading the article" />
            )}
          </div>
        </>
      )}
    </section>
  );
}

function ArticleTools({
  id,
  entry,
  onClose,
  onStep,
}: ArticlePaneProps & { id: string; entry: Entry | undefined }) {
  const { reader } = useView();
  const list = reader.list.value;
  // Subscribes to the list: what stands beside this entry changes with it.
  const isLast =
    !list || list.ids.value.length === 0 || (list.beside(id, 1) === undefined && !list.hasMore.value);
  const isFirst = !list || list.beside(id, -1) === undefined;
  const marks = reader.marks.get(id)?.value;
  const link = safeHref(entry?.link);
  return (
    <header class="pane-head article-tools" role="group" aria-label="The article">
      <Button kind="quiet" small class="to-list" onClick={onClose}>
        <Icon name="back" /> Entries
      </Button>
      <span class="pane-tools">
        <ToolButton
          icon="up"
          label="Previous entry"
          title="Previous (k)"
          disabled={isFirst}
          onClick={() => onStep(-1)}
        />
        <ToolButton
          icon="down"
          label="Next entry"
          title="Next (j)"
          disabled={isLast}
          onClick={() => onStep(1)}
        />
        <ToolButton
          icon="read"
          filled={marks?.read === false}
          label="Unread"
          title={marks?.read === false ? 'Mark as read (m)' : 'Mark as unread (m)'}
          aria-pressed={marks?.read === false}
          disabled={!marks}
          onClick={() => void reader.marks.mark(id, { read: !marks?.read })}
        />
        <ToolButton
          icon="star"
          filled={marks?.starred}
          label="Star"
          title={marks?.starred ? 'Take the star away (s)' : 'Star (s)'}
          aria-pressed={marks?.starred ?? false}
          class={marks?.starred ? 'on' : undefined}
          disabled={!marks}
          onClick={() => void reader.marks.mark(id, { starred: !marks?.starred })}
        />
        {link && (
          <a
            class="button quiet small"
            href={link}
            target="_blank"
            rel="noopener noreferrer"
            title="Open the original (v)"
          >
            <Icon name="out" /> <span class="out-text">Original</span>
          </a>
        )}
      </span>
    </header>
  );
}

function Article({ entry }: { entry: Entry }) {
  const { reader } = useView();
  const title = useRef<HTMLHeadingElement>(null);
  // Who opens an entry reads on in it: the keys scroll it, and a screen reader begins with its title.
  useLayoutEffect(() => title.current?.focus({ preventScroll: true }), []);
  const { published, updated, seenAt, author, categories, commentsUrl, commentCount, feed } = entry;
  const link = safeHref(entry.link);
  const comments = safeHref(commentsUrl);
  const text = entry.title || UNTITLED;
  return (
    <article class="article" aria-labelledby="article-title">
      <header>
        <p class="article-from">
          <bdi>{reader.feedName(feed)}</bdi>
        </p>
        <h2 id="article-title" ref={title} tabIndex={-1} dir="auto">
          {link ? (
            <a href={link} target="_blank" rel="noopener noreferrer">
              {text}
            </a>
          ) : (
            text
          )}
        </h2>
        <p class="byline">
          {author && (
            <>
              <bdi>{author}</bdi> ·{' '}
            </>
          )}
          <RelativeTime at={published ?? updated ?? seenAt} />
          {link && <> · {hostOf(link)}</>}
        </p>
      </header>
      <Attachments
        key={entry.id}
        attachments={attachmentsOf(entry.enclosures)}
        durationMs={entry.durationMs}
      />
      <ArticleBody entry={entry} />
      {(categories.length > 0 || comments) && (
        <footer class="article-foot">
          {categories.length > 0 && (
            <ul class="categories" aria-label="Categories">
              {categories.slice(0, 20).map((category) => (
                <li key={category}>
                  <bdi>{category}</bdi>
                </li>
              ))}
            </ul>
          )}
          {comments && (
            <a href={comments} target="_blank" rel="noopener noreferrer">
              {commentCount === null
                ? 'Comments'
                : `${commentCount} ${commentCount === 1 ? 'comment' : 'comments'}`}
            </a>
          )}
        </footer>
      )}
    </article>
  );
}
