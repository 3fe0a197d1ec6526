import type { Schemas } from '@offload/client';
import type { Task } from '../data/client.js';

export interface Step {
  at: string;
  text: string;
  /** What there is to know besides: the worker, the error's code. */
  more: string | null;
  tone: 'plain' | 'run' | 'good' | 'bad';
}

/** A stretch of the task's life, for the strip above the timeline. */
export interface Stretch {
  kind: 'wait' | 'run';
  ms: number;
  tone: 'plain' | 'good' | 'bad';
}

type Move = Schemas['Move'];

const TEXTS: Record<string, [text: string, tone: Step['tone']]> = {
  claim: ['An attempt began', 'run'],
  'take-over': ['Another worker took over: the one before had died', 'run'],
  'lease-sweep': ['Its worker died; it waits for another', 'bad'],
  retry: ['The attempt failed; it is tried again', 'bad'],
  snooze: ['Put off by its handler', 'plain'],
  'put-off': ['Put off; no attempt is counted', 'plain'],
  'hand-back': ['Handed back by a stopping worker; no attempt is counted', 'plain'],
  release: ['What it waited for has ended', 'plain'],
  'publish-again': ['Its message was lost and sent again', 'plain'],
  requeue: ['Run again by a person', 'plain'],
  finish: ['Succeeded', 'good'],
  fail: ['Failed for good', 'bad'],
  cancel: ['Cancelled', 'bad'],
};

const stepOf = ({ move, at, worker, code }: Move): Step => {
  const [text, tone] = TEXTS[move] ?? [move, 'plain'];
  return { at, text, more: [worker, code].filter(Boolean).join(' · ') || null, tone };
};

/** Everything that happened to a task, oldest first, and what comes next while it has not ended. */
export function stepsOf(task: Task): Step[] {
  const created: Step = { at: task.createdAt, text: 'Accepted', more: null, tone: 'plain' };
  return [created, ...task.history.map(stepOf)];
}

const BEGINS = ['claim', 'take-over'];
const ENDS_BADLY = ['retry', 'take-over', 'lease-sweep', 'fail', 'cancel'];

/** Its life so far as waits and attempts. @param nowMs  for the stretch that has not ended */
export function stretchesOf(task: Task, nowMs: number): Stretch[] {
  const stretches: Stretch[] = [];
  let since = Date.parse(task.createdAt);
  let kind: Stretch['kind'] = 'wait';
  const end = (at: number, tone: Stretch['tone']): void => {
    stretches.push({ kind, ms: Math.max(0, at - since), tone });
    since = at;
  };
  for (const { move, at } of task.history) {
    if (kind === 'run')
      end(Date.parse(at), move === 'finish' ? 'good' : ENDS_BADLY.includes(move) ? 'bad' : 'plain');
    else if (BEGINS.includes(move) || ['cancel', 'fail', 'requeue'].includes(move))
      end(Date.parse(at), 'plain');
    if (move === 'requeue' || BEGINS.includes(move)) kind = move === 'requeue' ? 'wait' : 'run';
    else if (kind === 'run') kind = 'wait';
  }
  if (task.endedAt === null) end(nowMs, 'plain');
  return stretches.filter(({ ms }) => ms > 0);
}
