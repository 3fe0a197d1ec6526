import type { Task } from '../data/client.js';
import { hasEnded } from '../data/use-task.js';
import { Section } from '../ui/page.js';
import { durationText, now, RelativeTime } from '../ui/time.js';
import { stepsOf, stretchesOf, type Stretch } from './timeline.js';

/** What happened to the task: a strip of its waits and attempts to scale, and each move with its time. */
export function Timeline({ task }: { task: Task }) {
  const stretches = stretchesOf(task, now.value);
  const next = nextOf(task);
  return (
    <Section title="Timeline">
      <Strip stretches={stretches} />
      <ol class="timeline">
        {stepsOf(task).map(({ at, text, more, tone }, index) => (
          <li key={index} class={tone}>
            <span>
              {text}
              {more && <span class="soft"> ({more})</span>}
            </span>
            <span class="soft">
              <RelativeTime at={at} />
            </span>
          </li>
        ))}
        {next && (
          <li class="soft">
            <span>{next}</span>
          </li>
        )}
      </ol>
    </Section>
  );
}

function nextOf(task: Task) {
  if (hasEnded(task)) return null;
  if (task.state === 'running') return 'Running …';
  if (task.state === 'queued') return 'Waits for a worker …';
  if (task.state === 'blocked') return 'Waits for other tasks …';
  return (
    <>
      Next: <RelativeTime at={task.dueAt} />
    </>
  );
}

const tell = ({ kind, ms, tone }: Stretch): string =>
  `${kind === 'wait' ? 'waited' : tone === 'bad' ? 'failed attempt of' : 'attempt of'} ${durationText(ms)}`;

function Strip({ stretches }: { stretches: Stretch[] }) {
  if (stretches.length === 0) return null;
  return (
    <div>
      <div class="tasks-strip" role="img" aria-label={`In order: ${stretches.map(tell).join(', ')}`}>
        {stretches.map((stretch, index) => (
          <span
            key={index}
            class={`${stretch.kind} ${stretch.tone}`}
            style={{ flexGrow: Math.max(1, stretch.ms) }}
            title={tell(stretch)}
          />
        ))}
      </div>
      <small class="soft">
        waited {durationText(sum(stretches, 'wait'))}, worked {durationText(sum(stretches, 'run'))}
      </small>
    </div>
  );
}

const sum = (stretches: Stretch[], kind: Stretch['kind']): number =>
  stretches.reduce((ms, each) => (each.kind === kind ? ms + each.ms : ms), 0);
