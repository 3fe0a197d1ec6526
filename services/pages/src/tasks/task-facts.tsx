import type { ComponentChildren } from 'preact';
import type { Task } from '../data/client.js';
import { Section } from '../ui/page.js';
import { durationText, RelativeTime } from '../ui/time.js';
import { addressOf } from './task-filter.js';

/** What was said about the task when it was submitted, and its times. */
export function TaskFacts({ task }: { task: Task }) {
  const facts: [string, ComponentChildren | null][] = [
    ['Id', <code key="id">{task.id}</code>],
    ['Lane', task.lane],
    ['Attempts', `${task.attempt} of ${task.attemptLimit}, of ${durationText(task.timeoutMs)} at most`],
    [
      'Tags',
      task.tags.length > 0
        ? task.tags.map((tag) => (
            <a key={tag} class="tasks-tag" href={addressOf({ tag })}>
              {tag}
            </a>
          ))
        : null,
    ],
    ['Unique key', task.unique],
    [
      'Schedule',
      task.schedule && (
        <>
          <a href={`/schedules/${task.schedule.id}`}>its schedule</a>, for{' '}
          <RelativeTime at={task.schedule.tick} />
        </>
      ),
    ],
    ['Created', <RelativeTime key="created" at={task.createdAt} />],
    ['Due', task.dueAt && <RelativeTime at={task.dueAt} />],
    ['Ended', task.endedAt && <RelativeTime at={task.endedAt} />],
    ['Expires', task.expiresAt && task.endedAt === null ? <RelativeTime at={task.expiresAt} /> : null],
    ['Kept until', task.keptUntil && <RelativeTime at={task.keptUntil} />],
    [
      'For programs',
      <a key="json" href={`/v1/tasks/${task.id}`} target="_blank" rel="noopener">
        as JSON
      </a>,
    ],
  ];
  return (
    <Section title="Facts">
      <dl class="facts">
        {facts
          .filter(([, value]) => value !== null && value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </Section>
  );
}
