import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What a process costs and how promptly it answers, over the time since the reading before. */
export interface ProcessLoad {
  /** Resident memory. */
  rssBytes: number;
  /** By how much timers came late, in milliseconds. */
  eventLoopDelayMs: { p99: number; max: number };
}

/** Milliseconds between two looks at the event loop; the histogram counts them as delay. */
const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;

/** Measures this process until it is stopped. */
export function measureProcess(): { read(): ProcessLoad; stop(): void } {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const delayMs = (ns: number): number => Math.max(0, Math.round(ns / NS_PER_MS - RESOLUTION_MS));
  return {
    read() {
      const eventLoopDelayMs = { p99: delayMs(delays.percentile(99)), max: delayMs(delays.max) };
      delays.reset();
      return { rssBytes: process.memoryUsage.rss(), eventLoopDelayMs };
    },
    stop: () => void delays.disable(),
  };
}
