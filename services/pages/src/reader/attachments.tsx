import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../ui/button.js';
import { bytesText } from '../ui/bytes.js';
import { messageOf } from '../ui/error-state.js';
import { Progress } from '../ui/progress.js';
import { lengthText, type Attachment } from './enclosures.js';
import { hostOf } from './feed-address.js';
import { followTask } from './follow-task.js';
import { fetchFile, fileOf } from './reader-api.js';

const KINDS = { sound: 'Sound', film: 'Film', image: 'Image', file: 'File' };

/** What comes with an entry: to be played here, once a task has fetched it, or to be opened at its origin. */
export function Attachments({
  attachments,
  durationMs,
}: {
  attachments: Attachment[];
  durationMs: number | null;
}) {
  if (attachments.length === 0) return null;
  return (
    <ul class="attachments" aria-label="Attachments">
      {attachments.slice(0, 30).map((attachment, index) => (
        <li key={attachment.url}>
          <OneAttachment attachment={attachment} length={index === 0 ? lengthText(durationMs) : null} />
        </li>
      ))}
    </ul>
  );
}

type Playing =
  | { kind: 'not' }
  | { kind: 'fetching'; done: number; total: number | null }
  | { kind: 'ready'; src: string }
  | { kind: 'failed'; error: unknown };

function OneAttachment({ attachment, length }: { attachment: Attachment; length: string | null }) {
  const { kind, name, url, bytes, playable } = attachment;
  const [playing, setPlaying] = useState<Playing>({ kind: 'not' });
  const left = useRef(new AbortController());
  useEffect(() => () => left.current.abort(), []);
  const fetchIt = async (): Promise<void> => {
    const { signal } = left.current;
    setPlaying({ kind: 'fetching', done: 0, total: bytes });
    try {
      const task = await fetchFile(url);
      for await (const { progress } of followTask(task, signal))
        setPlaying({ kind: 'fetching', done: progress?.done ?? 0, total: progress?.total ?? bytes });
      setPlaying({ kind: 'ready', src: await fileOf(task) });
    } catch (error) {
      if (!signal.aborted) setPlaying({ kind: 'failed', error });
    }
  };
  const facts = [KINDS[kind], length, bytes && bytes > 1_000 ? bytesText(bytes) : null, hostOf(url)];
  const Player = kind === 'film' ? 'video' : 'audio';
  return (
    <div class="attachment">
      <div class="attachment-head">
        <span>
          <bdi class="attachment-name">{name}</bdi>
          <small class="soft">{facts.filter(Boolean).join(' · ')}</small>
        </span>
        <span class="actions">
          {playable && playing.kind !== 'ready' && (
            <Button small busy={playing.kind === 'fetching'} onClick={() => void fetchIt()}>
              {playing.kind === 'failed' ? 'Try again' : 'Play here'}
            </Button>
          )}
          <a class="button quiet small" href={url} target="_blank" rel="noopener noreferrer">
            Open at its site
          </a>
        </span>
      </div>
      {playing.kind === 'fetching' && (
        <Progress
          label={`Fetching ${name}`}
          done={playing.done}
          total={playing.total}
          note="A task fetches it, so that its site does not see you."
        />
      )}
      {playing.kind === 'failed' && (
        <p class="fault" role="alert">
          {messageOf(playing.error)}
        </p>
      )}
      {playing.kind === 'ready' && <Player controls autoPlay src={playing.src} aria-label={name} />}
    </div>
  );
}
