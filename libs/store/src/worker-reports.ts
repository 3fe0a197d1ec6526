import { hostname } from 'node:os';
import { pause } from '@offload/runtime/pause';
import { measureProcess } from '@offload/runtime/process-load';
import { answered } from './answered.js';
import type { StoreConnection, StoreLog } from './connect.js';
import type { StatsStore } from './stats-store.js';
import type { LaneLoad, WorkerRecord, WorkerStore } from './worker-records.js';

/** Milliseconds between two reports, give or take a fifth, so that many processes do not write in step. */
const REPORT_MS = 5_000;
const JITTER = 0.2;
/** Milliseconds that a stop waits for the last write. */
const LAST_MS = 3_000;

export interface Reports {
  /** Writes now: its state has changed. Never rejects. */
  now(): Promise<void>;
  /** Writes what was counted, and takes the record away. */
  stop(): Promise<void>;
}

/**
 * Shows a process to operators, and writes what it counted: two small writes every few seconds, whatever it does.
 * What fails is tried again the next time; it never disturbs the process's own work.
 * @param options.describe its state and its lanes, as they are now
 */
export function startReports(
  store: {
    connection: Pick<StoreConnection, 'clock' | 'connected'>;
    workers: WorkerStore;
    stats: Pick<StatsStore, 'flush'>;
  },
  options: {
    id: string;
    process: string;
    version: string;
    describe: () => { state: WorkerRecord['state']; lanes: LaneLoad[] };
    log: StoreLog;
    everyMs?: number;
  },
): Reports {
  const { id, process: type, version, describe, log, everyMs = REPORT_MS } = options;
  const measured = measureProcess();
  const stopped = new AbortController();
  let startedAt: Date | undefined;
  let failing = false;

  const report = async (): Promise<void> => {
    if (!store.connection.connected) return;
    try {
      startedAt ??= new Date(store.connection.clock.now().getTime() - process.uptime() * 1_000);
      await answered(
        store.workers.report({
          _id: id,
          process: type,
          host: hostname(),
          pid: process.pid,
          version,
          startedAt,
          ...describe(),
          ...measured.read(),
        }),
      );
      await store.stats.flush();
      failing = false;
    } catch (error) {
      if (!failing) log.warn('could not report; trying again', { error });
      failing = true;
    }
  };
  /** One after the other: a report that was under way must not bring back a record that was removed. */
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => (turn = turn.then(work));

  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await inTurn(report);
      await pause(everyMs * (1 - JITTER + 2 * JITTER * Math.random()), stopped.signal);
    }
  };
  const running = run();

  return {
    now: () => (stopped.signal.aborted ? Promise.resolve() : inTurn(report)),
    async stop() {
      stopped.abort();
      await running;
      await turn;
      measured.stop();
      if (!store.connection.connected) return;
      try {
        await answered(Promise.all([store.stats.flush(), store.workers.remove(id)]), LAST_MS);
      } catch (error) {
        log.warn('the last report was not written', { error });
      }
    },
  };
}
