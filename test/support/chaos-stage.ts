import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { overLinks, startLinks, type Links } from './chaos-links.js';
import { report } from './chaos-report.js';
import { SETTLINGS, settledLedger } from './ledger.js';
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
  /** A recovery time for the report, in milliseconds; it has to be below `limitMs`. */
  recovered: (what: string, ms: number, limitMs: number) => void;
  /** Something else that has to hold. Judged after the ledger, as recovery times are: first of all, nothing is lost. */
  demand: (what: string, holds: boolean) => void;
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
  /** After the fault: milliseconds without any end after which what is open counts as lost. */
  settleMs?: number;
  /** Milliseconds that the fault itself may take. */
  faultMs?: number;
}

export const EVERYTHING = {
  web: 1,
  clock: 1,
  'feed-fetcher': 2,
  'http-fetcher': 1,
  'image-resizer': 1,
  's3-uploader': 1,
  echo: 1,
};

/** One test: fault under load, then the ledger: accepted = succeeded + failed + cancelled, none lost, none twice. */
export function prove(scenario: Scenario): void {
  test(promiseOf(scenario), () => play(scenario), limitOf(scenario));
}

/**
 * The same for one that mostly waits, and others that are played one after the other meanwhile, each in a system of its
 * own. None of them may end a server. Nothing else may stand in the same file: Jest would run it at the same time.
 */
export function proveBeside(slow: Scenario, others: Scenario[]): void {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (scenario: Scenario): Promise<void> => {
    const played = last.then(() => play(scenario));
    last = played.catch(() => undefined);
    return played;
  };
  const limit = limitOf(slow) + others.reduce((sum, each) => sum + limitOf(each), 0);
  test.concurrent(promiseOf(slow), () => play(slow), limit);
  for (const each of others) test.concurrent(promiseOf(each), () => inTurn(each), limit);
}

const promiseOf = ({ title }: Scenario): string =>
  `while ${title}, every accepted task ends, and its result is stored once (P1, P3)`;

const SETTLE_MS = 90_000;

const limitOf = ({ settleMs = SETTLE_MS, faultMs = 120_000 }: Scenario): number =>
  60_000 + faultMs + SETTLINGS * settleMs;

async function play(scenario: Scenario): Promise<void> {
  const began = performance.now();
  const origin = await startOrigin();
  const links = await startLinks(origin);
  try {
    await playOn(scenario, origin, links, began);
  } finally {
    await origin.close();
    await Promise.all(Object.values(links).map((link) => link.close()));
  }
}

async function playOn(scenario: Scenario, origin: Origin, links: Links, began: number): Promise<void> {
  const system = await startSystem({
    label: 'chaos',
    env: { LOG_LEVEL: 'debug', ...scenario.env },
    envOf: overLinks(links),
    processes: scenario.processes ?? EVERYTHING,
  });
  const stage = setStage(scenario, system, origin, links);
  try {
    await scenario.fault(stage);
    await stage.load.stop();
    await closeBooks(scenario, stage, began);
  } catch (error) {
    keepLogs(scenario.title, system, stage.findings);
    throw error;
  } finally {
    await stage.load.stop();
    await system.stop();
  }
}

/** What was found and what every process printed, below OFFLOAD_BASE, so that a failure can be understood afterwards. */
function keepLogs(title: string, { processes }: System, findings: string[]): void {
  const folder = join(
    process.env.OFFLOAD_BASE ?? '.local/test',
    'log',
    title.replace(/\W+/g, '-').slice(0, 60),
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'findings.txt'), findings.join('\n'));
  for (const { type, pid, lines } of processes)
    writeFileSync(join(folder, `${type}-${pid}.log`), lines.received.join('\n'));
}

type Books = Stage & { own: Accepted[]; findings: string[]; broken: string[] };

function setStage(scenario: Scenario, system: System, origin: Origin, links: Links): Books {
  const originUrl = `http://127.0.0.1:${links['worker-origin'].port}`;
  const own: Accepted[] = [];
  const findings: string[] = [];
  const broken: string[] = [];
  const demand: Stage['demand'] = (what, holds) => {
    if (!holds) broken.push(what);
  };
  return {
    system,
    origin,
    links,
    load: startLoad(system, origin, { originUrl, ...scenario.load }),
    own,
    findings,
    broken,
    demand,
    account: (task) => void own.push(task),
    note: (text) => void findings.push(text),
    recovered(what, ms, limitMs) {
      findings.push(`${what}: ${(ms / 1000).toFixed(1)} s`);
      demand(`${what}: ${Math.round(ms)} ms, less than ${limitMs}`, ms < limitMs);
    },
    running(type) {
      return system.processes.filter((each) => each.type === type && !each.ended);
    },
  };
}

async function closeBooks(scenario: Scenario, stage: Books, began: number): Promise<void> {
  const accepted = [...stage.load.accepted.received, ...stage.own];
  const ledger = await settledLedger(stage.system, accepted, scenario.settleMs ?? SETTLE_MS, stage.origin);
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
  expect(stage.broken).toEqual([]);
}
