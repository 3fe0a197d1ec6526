import type { TaskState } from '../data/client.js';

/** A sign of its own each: told apart without colour. */
const SIGNS: Record<TaskState, string> = {
  blocked: '◇',
  scheduled: '◷',
  queued: '…',
  running: '▸',
  succeeded: '✓',
  failed: '✕',
  cancelled: '⊘',
};

export const STATES = Object.keys(SIGNS) as TaskState[];

export function StateBadge({ state }: { state: TaskState }) {
  return (
    <span class={`badge ${state}`}>
      <span aria-hidden="true">{SIGNS[state]}</span> {state}
    </span>
  );
}

/** For anything else that has a state: alive, paused, disabled. `tone` is its colour, never its only sign. */
export function Badge({
  tone = 'plain',
  children,
}: {
  tone?: 'plain' | 'good' | 'warn' | 'bad' | 'info';
  children: string;
}) {
  return <span class={`badge ${tone}`}>{children}</span>;
}
