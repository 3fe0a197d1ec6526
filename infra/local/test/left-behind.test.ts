import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { stopLeftovers } from '../leftovers.mjs';
import { lockHolder, tryLock, unlock, withLock } from '../lock.mjs';
import { killMarkedProcesses, markedProcesses, newMark } from '../marked-processes.mjs';
import { isRunning, processStat } from '../process-identity.mjs';
import { recordProcess, runningRecords } from '../process-record.mjs';
import { temporaryFolder } from './temporary-folder.js';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts a process that says `up`, and waits for that. */
async function startChild(
  code: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, ['-e', `${code}; console.log("up"); setInterval(() => {}, 1000)`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child as ChildProcess & { pid: number };
}

describe('processes that a kill -9 of the supervisor left behind', () => {
  test('are found by their pid files and stopped, workers and servers alike', async () => {
    const base = temporaryFolder('leftovers');
    const worker = await startChild('');
    const broker = await startChild('process.on("SIGTERM", () => {})');
    recordProcess(base, 'echo.1', worker.pid);
    recordProcess(base, 'rabbitmq', broker.pid, 'SIGINT');
    const ends = Promise.all([once(worker, 'exit'), once(broker, 'exit')]);
    const lines: string[] = [];
    await stopLeftovers(base, (line) => lines.push(line));
    expect(await ends).toEqual([
      [null, 'SIGTERM'],
      [null, 'SIGINT'],
    ]);
    expect(lines.join()).toContain('echo.1, rabbitmq');
    expect(runningRecords(base)).toEqual([]);
  });

  test('a pid that now belongs to another process is left alone', async () => {
    const base = temporaryFolder('reused');
    const other = await startChild('');
    mkdirSync(join(base, 'run'));
    const record = { name: 'echo.1', pid: other.pid, startTime: '1', stopSignal: 'SIGTERM' };
    writeFileSync(join(base, 'run/echo.1.json'), JSON.stringify(record));
    await stopLeftovers(base, () => undefined);
    expect(isRunning(other.pid, processStat(other.pid)?.startTime ?? '')).toBe(true);
    expect(existsSync(join(base, 'run/echo.1.json'))).toBe(false);
  });

  test('a half-written pid file is removed', () => {
    const base = temporaryFolder('half');
    mkdirSync(join(base, 'run'));
    writeFileSync(join(base, 'run/echo.1.json'), '{"pid": 1');
    expect(runningRecords(base)).toEqual([]);
    expect(existsSync(join(base, 'run/echo.1.json'))).toBe(false);
  });

  test('a zombie counts as dead', async () => {
    // The shell becomes a program that never asks for its child's end; the child ends only when it has.
    const script = 'cat <&3 >/dev/null & echo $!; exec sleep 60 3<&-';
    const parent = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
    children.push(parent);
    const [text] = (await once(parent.stdout as Readable, 'data')) as [Buffer];
    const pid = Number(text.toString());
    while (!readFileSync(`/proc/${parent.pid}/cmdline`, 'utf8').startsWith('sleep')) await nextTurn();
    (parent.stdio[3] as Writable).end();
    // Whatever it is in until then: running, asleep, or in a page fault (D).
    while (processStat(pid)?.state !== 'Z') await nextTurn();
    const startTime = processStat(pid)?.startTime ?? '';
    expect(startTime).not.toBe('');
    expect(isRunning(pid, startTime)).toBe(false);
  });
});

describe('a lock', () => {
  test('has one holder, and is free again after it', () => {
    const file = join(temporaryFolder('lock'), 'a.lock');
    expect(tryLock(file)).toBeUndefined();
    expect(tryLock(file)?.pid).toBe(process.pid);
    unlock(file);
    expect(lockHolder(file)).toBeUndefined();
  });

  test("of a process that died is nobody's", () => {
    const file = join(temporaryFolder('stale-lock'), 'a.lock');
    writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: '1' }));
    expect(lockHolder(file)).toBeUndefined();
    expect(tryLock(file)).toBeUndefined();
    unlock(file);
  });

  test('is waited for, and given back when the work fails', async () => {
    const file = join(temporaryFolder('with-lock'), 'a.lock');
    const { signal } = new AbortController();
    await expect(withLock(file, { signal }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock(file, { signal }, () => Promise.resolve('done'))).toBe('done');
    expect(tryLock(file)).toBeUndefined();
    const given = new AbortController();
    const onWait = () => given.abort(new Error('waited long enough'));
    await expect(withLock(file, { signal: given.signal, onWait }, () => Promise.resolve())).rejects.toThrow();
    unlock(file);
  });
});

describe('processes of a test run', () => {
  test('are found by their mark however they were started, and killed', async () => {
    const mark = newMark();
    const child = await startChild('process.title = "stray"', { ...process.env, ...mark });
    expect(markedProcesses(mark).map(({ pid }) => pid)).toEqual([child.pid]);
    const ended = once(child, 'exit');
    expect(await killMarkedProcesses(mark, new Set(), 0)).toHaveLength(1);
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(await killMarkedProcesses(newMark(), new Set(), 0)).toEqual([]);
  });

  test('are found by their session even when they were not given the mark', async () => {
    const child = await startChild('', { PATH: process.env['PATH'] });
    const session = processStat(child.pid)?.session ?? 0;
    const found = markedProcesses(newMark(), new Set([session])).map(({ pid }) => pid);
    expect(found).toContain(child.pid);
    expect(found).not.toContain(process.pid);
  });
});
