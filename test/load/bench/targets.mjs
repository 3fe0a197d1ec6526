// What is to be reached (docs/performance.md), each as one number of a round: ratios wherever there is something beside
// which it can be measured, since machines differ and a busy one differs from itself.

/** @typedef {{ name: string, of: (round: any) => number | undefined, atLeast?: number, atMost?: number, unit?: string }} Target */

/** @type {Target[]} */
export const targets = [
  {
    name: 'POST one by one ÷ the naive design',
    of: ({ oneByOne, naive }) => oneByOne.accepted / naive.accepted,
    atLeast: 2.5,
  },
  { name: 'POST one by one', of: ({ oneByOne }) => oneByOne.accepted, atLeast: 2_000, unit: '/s' },
  { name: 'POST p99 at half of that', of: ({ half }) => half.p99, atMost: 50, unit: 'ms' },
  {
    name: 'no-op end to end in batches of 500 ÷ harmonic sum of the bare parts',
    of: ({ inBatches, bare }) => inBatches.done / bare.sum,
    atLeast: 0.6,
  },
  {
    name: 'no-op end to end one by one ÷ harmonic sum of the bare parts',
    of: ({ oneByOne, bare }) => oneByOne.done / bare.sum,
    atLeast: 0.4,
  },
  {
    name: 'no-op end to end one by one ÷ the naive design',
    of: ({ oneByOne, naive }) => oneByOne.done / naive.done,
    atLeast: 1,
  },
  {
    name: 'no-op end to end one by one ÷ Express + BullMQ',
    of: ({ oneByOne, peers }) => oneByOne.done / peers.bullmq.done,
    atLeast: 0.6,
  },
  {
    name: 'no-op end to end in batches of 500 ÷ Celery',
    of: ({ inBatches, peers }) => inBatches.done / peers.celery.done,
    atLeast: 2.5,
  },
  { name: 'idle latency p50', of: ({ idle }) => idle.p50, atMost: 15, unit: 'ms' },
  { name: 'idle latency p99', of: ({ idle }) => idle.p99, atMost: 50, unit: 'ms' },
  { name: 'idle worker, resident memory', of: ({ worker }) => worker.rssMb, atMost: 130, unit: 'MB' },
  { name: 'idle worker, start to consuming', of: ({ worker }) => worker.startMs, atMost: 1_000, unit: 'ms' },
  { name: 'idle worker, stop', of: ({ worker }) => worker.stopMs, atMost: 500, unit: 'ms' },
  { name: 'idle worker, share of a core', of: ({ worker }) => worker.core, atMost: 0.5, unit: '%' },
  {
    name: 'POST p99 with a backlog ÷ empty',
    of: ({ backlog }) => backlog.full.postP99 / backlog.empty.postP99,
    atMost: 1.5,
  },
  {
    name: 'interactive task p99 with a backlog ÷ empty',
    of: ({ backlog }) => backlog.full.taskP99 / backlog.empty.taskP99,
    atMost: 1.5,
  },
  { name: 'slowest list with a backlog', of: ({ backlog }) => backlog.full.listMs, atMost: 20, unit: 'ms' },
];
