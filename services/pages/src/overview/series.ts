import type { Schemas } from '@offload/client';

type Stats = Schemas['Stats'];

/** One step of the charts: what happened in it, of all types and lanes together. */
export interface Point {
  at: string;
  succeeded: number;
  failed: number;
  /** Mean of the attempts that began in it; null without any. */
  queueMeanMs: number | null;
  /** Of the type and lane that waited longest: 95 of 100 waited no longer. */
  queueP95Ms: number | null;
  /** How many ran on average: time that attempts took, by the length of the step (Little's law). */
  running: number;
  /** How many were accepted and had not ended at its end, as far as it can be reckoned back from now. */
  open: number;
}

export const RANGES = {
  hour: { label: 'Last hour', step: '1m', ms: 3_600_000 },
  day: { label: 'Last day', step: '1h', ms: 86_400_000 },
} as const;
export type Range = keyof typeof RANGES;

/** All steps of the answer, those in which nothing happened too. */
export function pointsOf(stats: Stats): Point[] {
  const { stepMs } = stats;
  const starts: number[] = [];
  for (let at = Date.parse(stats.from); at < Date.parse(stats.to); at += stepMs) starts.push(at);
  const byStart = new Map<number, Stats['series'][number]['points']>();
  for (const { points } of stats.series)
    for (const point of points) {
      const at = Date.parse(point.at);
      byStart.set(at, [...(byStart.get(at) ?? []), point]);
    }
  let openAtEnd = openNow(stats);
  return starts
    .map((at) => {
      const parts = byStart.get(at) ?? [];
      return { at: new Date(at).toISOString(), ...together(parts, stepMs), accepted: sum(parts, 'accepted') };
    })
    .reverse()
    .map(({ accepted, cancelled, ...point }) => {
      const open = Math.max(0, openAtEnd);
      openAtEnd -= accepted - point.succeeded - point.failed - cancelled;
      return { ...point, open };
    })
    .reverse();
}

type Part = Stats['series'][number]['points'][number];

const sum = (parts: Part[], name: 'accepted' | 'succeeded' | 'failed' | 'cancelled'): number =>
  parts.reduce((total, part) => total + part[name], 0);

function together(parts: Part[], stepMs: number) {
  const waits = parts.map(({ timeInQueue }) => timeInQueue);
  const count = waits.reduce((total, wait) => total + wait.count, 0);
  const waited = waits.reduce((total, wait) => total + wait.count * (wait.meanMs ?? 0), 0);
  const worked = parts.reduce((total, { runTime }) => total + runTime.count * (runTime.meanMs ?? 0), 0);
  const longest = waits.flatMap(({ p95Ms }) => (p95Ms === null ? [] : [p95Ms]));
  return {
    succeeded: sum(parts, 'succeeded'),
    failed: sum(parts, 'failed'),
    cancelled: sum(parts, 'cancelled'),
    queueMeanMs: count === 0 ? null : Math.round(waited / count),
    queueP95Ms: longest.length === 0 ? null : Math.max(...longest),
    running: worked / stepMs,
  };
}

export interface OpenNow {
  waiting: number;
  running: number;
}

/** As they are now. Waiting: for a worker, for their time, or for others. */
export function openOf(stats: Stats, type?: string): OpenNow {
  const items = stats.open.items.filter((each) => type === undefined || each.type === type);
  return {
    waiting: items.reduce((total, each) => total + each.queued + each.scheduled + each.blocked, 0),
    running: items.reduce((total, each) => total + each.running, 0),
  };
}

function openNow(stats: Stats): number {
  const { waiting, running } = openOf(stats);
  return waiting + running;
}

/** Failed ones of those that ended by themselves, 0 to 1; null when none has. */
export const failureRate = ({ succeeded, failed }: { succeeded: number; failed: number }): number | null =>
  succeeded + failed === 0 ? null : failed / (succeeded + failed);

export interface TypeRow {
  type: string;
  succeeded: number;
  failed: number;
  queueP95Ms: number | null;
  runP95Ms: number | null;
  waiting: number;
  running: number;
}

const most = (values: (number | null)[]): number | null => {
  const known = values.flatMap((value) => (value === null ? [] : [value]));
  return known.length === 0 ? null : Math.max(...known);
};

/** One row a type, both lanes together (the longer of their waits), busiest first. */
export function typesOf(stats: Stats): TypeRow[] {
  const types = new Set([
    ...stats.series.map(({ type }) => type),
    ...stats.open.items.map(({ type }) => type),
  ]);
  return [...types]
    .map((type) => {
      const totals = stats.series.filter((each) => each.type === type).map((each) => each.totals);
      return {
        type,
        succeeded: totals.reduce((count, each) => count + each.succeeded, 0),
        failed: totals.reduce((count, each) => count + each.failed, 0),
        queueP95Ms: most(totals.map(({ timeInQueue }) => timeInQueue.p95Ms)),
        runP95Ms: most(totals.map(({ runTime }) => runTime.p95Ms)),
        ...openOf(stats, type),
      };
    })
    .sort((a, b) => b.succeeded + b.failed - (a.succeeded + a.failed) || (a.type < b.type ? -1 : 1));
}
