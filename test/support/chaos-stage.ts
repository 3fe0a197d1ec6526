import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { overLinks, startLinks, type Links } from './chaos-links.js';
import { report } from './chaos-report.js';
import { settledLedger } from './ledger.js';
import { startLoad, type Accepted, type Load, type LoadOptions } from './load.js';
import { startOrigin, type Origin } from './origin.js';
import type { ProcessType, ServiceProcess } from './processes.js';
import { startSystem, type System } from './system.js';

/** What a fault is let loose on: a system of its own, with all consumers under load. */
export interface Stage {
  system: System;
  origin: Origin;
  load: Load;
  links: Links;
  /** Accounts for a task that the scenario itself has made. */
  account: (task: Accepted) => void;
  /** A recovery time for the report, in milliseconds; fails when it is not below `limitMs`. */
  recovered: (what: string, ms: number, limitMs: number) => void;
  /** A finding for the report. */
  note: (text: string) => void;
  /** The running processes of a type. */
  running: (type: ProcessType) => ServiceProcess[];
}

export interface Scenario {
  title: string;
  fault: (stage: Stage) => Promise<void>;
  processes?: Partial<Record<ProcessType, number>>;
  env?: Record<string, string>;
  load?: LoadOptions;
  /** Codes with which tasks may fail because of this fault. Default: none may. */
  mayFail?: string[];
  /** Milliseconds for everything to end after the fault. */
  settleMs?: number;
  /** Milliseconds that the fault itself may take. */
  faultMs?: number;
}

export const EVERYTHING = {
  web: 1,
  clock: 1,
  'feed-fetcher': 2,
  'image-resizer': 1,
  's3-uploader': 1,
  echo: 1,
};

/** One test: fault under load, then the ledger: accepted = succeeded + failed + cancelled, none lost, none twice. */
export function prove(scenario: Scenario): void {
  const { title, fault, settleMs = 90_000, faultMs = 120_000 } = scenario;
  const timeout = 60_000 + faultMs + settleMs;
  const promise = `while ${title}, every accepted task ends, and its result is stored once (P1, P3)`;
  test(
    promise,
    async () => {
      const began = performance.now();
      const origin = await startOrigin();
      const links = await startLinks(origin);
      const system = await startSystem({
        label: 'chaos',
        env: { LOG_LEVEL: 'debug', ...scenario.env },
        envOf: overLinks(links),
        processes: scenario.processes ?? EVERYTHING,
      });
      try {
        const stage = setStage(scenario, system, origin, links);
        await fault(stage);
        await stage.load.stop();
        await closeBooks(scenario, stage, began, settleMs);
      } catch (error) {
        keepLogs(title, system);
        throw error;
      } finally {
        await system.stop();
        await origin.close();
        await Promise.all(Object.values(links).map((link) => link.close()));
      }
    },
    timeout,
  );
}

/** What every process printed, below OFFLOAD_BASE, so that a failure can be understood afterwards. */
function keepLogs(title: string, { processes }: System): void {
  const folder = join(
    process.env.OFFLOAD_BASE ?? '.local/test',
    'log',
    title.replace(/\W+/g, '-').slice(0, 60),
  );
  mkdirSync(folder, { recursive: true });
  for (const { type, pid, lines } of processes)
    writeFileSync(join(folder, `${type}-${pid}.log`), lines.received.join('\n'));
}

type Books = Stage & { own: Accepted[]; findings: string[] };

function setStage(scenario: Scenario, system: System, origin: Origin, links: Links): Books {
  const originUrl = `http://127.0.0.1:${links['worker-origin'].port}`;
  const own: Accepted[] = [];
  const findings: string[] = [];
  return {
    system,
    origin,
    links,
    load: startLoad(system, origin, { originUrl, ...scenario.load }),
    own,
    findings,
    account: (task) => void own.push(task),
    note: (text) => void findings.push(text),
    recovered(what, ms, limitMs) {
      findings.push(`${what}: ${(ms / 1000).toFixed(1)} s`);
      expect(ms).toBeLessThan(limitMs);
    },
    running(type) {
      return system.processes.filter((each) => each.type === type && !each.ended);
    },
  };
}

async function closeBooks(scenario: Scenario, stage: Books, began: number, settleMs: number): Promise<void> {
  const accepted = [...stage.load.accepted.received, ...stage.own];
  const ledger = await settledLedger(stage.system, accepted, settleMs, stage.origin);
  report({
    scenario: scenario.title,
    ledger,
    findings: stage.findings,
    seconds: (performance.now() - began) / 1000,
  });
  const { succeeded = 0, failed = 0, cancelled = 0 } = ledger.byState;
  expect(ledger).toMatchObject({
    lost: [],
    open: [],
    doneTwice: [],
    askedTooOften: [],
    objectsMissing: [],
  });
  expect(succeeded + failed + cancelled).toBe(ledger.accepted);
  expect(ledger.accepted).toBeGreaterThan(0);
  const unexplained = Object.keys(ledger.failures).filter((code) => !scenario.mayFail?.includes(code));
  expect(unexplained).toEqual([]);
}
