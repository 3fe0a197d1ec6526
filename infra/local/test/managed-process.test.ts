import { once } from 'node:events';
import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ManagedProcess } from '../managed-process.mjs';
import { isRunning, processStat } from '../process-identity.mjs';
import { runningRecords } from '../process-record.mjs';
import { Supervisor } from '../supervisor.mjs';
import { temporaryFolder } from './temporary-folder.js';

const base = temporaryFolder('managed');
mkdirSync(join(base, 'log'));

const started: ManagedProcess[] = [];
afterEach(async () => {
  for (const one of started.splice(0)) {
    one.kill();
    await one.stop();
  }
});

/** A process that runs `code`; its lines and what is said of it arrive as events. */
function manage(code: string, patience?: number) {
  const events = new EventEmitter<{ line: [string]; say: [string] }>();
  const said: string[] = [];
  const managed = new ManagedProcess({
    name: 'sample',
    file: process.execPath,
    args: ['-e', code],
    env: process.env,
    cwd: base,
    base,
    patience,
    onLine: (line) => events.emit('line', line),
    say: (text) => {
      said.push(text);
      events.emit('say', text);
    },
  });
  started.push(managed);
  return { managed, events, said };
}

const FOREVER = 'console.log("up"); setInterval(() => {}, 1000);';

describe('a managed process', () => {
  test('that crashes is restarted, and that is said', async () => {
    const { managed, events } = manage(FOREVER);
    const up = once(events, 'line');
    managed.start();
    await up;
    const first = managed.pid ?? 0;
    const said = once(events, 'say');
    const again = once(events, 'line');
    process.kill(first, 'SIGKILL');
    expect(await said).toEqual(['ended by SIGKILL; restarting in 0.5 s']);
    expect(await again).toEqual(['up']);
    expect(managed.pid).not.toBe(first);
  });

  test('that cannot be started at all is said to be so', async () => {
    const events = new EventEmitter<{ say: [string] }>();
    const said = once(events, 'say');
    const managed = new ManagedProcess({
      name: 'absent',
      file: join(base, 'no-such-program'),
      args: [],
      env: {},
      cwd: base,
      base,
      say: (text) => events.emit('say', text),
    });
    started.push(managed);
    managed.start();
    expect((await said)[0]).toMatch(/ENOENT; restarting/);
  });

  test('is in a session of its own, so that Ctrl-C at the terminal does not reach it', async () => {
    const { managed, events } = manage(FOREVER);
    const up = once(events, 'line');
    managed.start();
    await up;
    expect(processStat(managed.pid ?? 0)?.session).toBe(managed.pid);
  });

  test('has a pid file while it runs, and none after', async () => {
    const { managed, events } = manage(FOREVER);
    const up = once(events, 'line');
    managed.start();
    await up;
    expect(runningRecords(base)).toMatchObject([{ name: 'sample', pid: managed.pid }]);
    await managed.stop();
    expect(runningRecords(base)).toEqual([]);
  });

  test('that ignores SIGTERM is killed when its patience is over, and that is said', async () => {
    const { managed, events, said } = manage(`process.on("SIGTERM", () => {}); ${FOREVER}`, 200);
    const up = once(events, 'line');
    managed.start();
    await up;
    const pid = managed.pid ?? 0;
    const startTime = processStat(pid)?.startTime ?? '';
    await managed.stop();
    expect(said).toEqual(['did not stop within 0.2 s: KILLED (SIGKILL)']);
    expect(isRunning(pid, startTime)).toBe(false);
  });

  test('that is stopped in the pause before a restart stays stopped', async () => {
    const { managed, events } = manage('process.exit(3)');
    const said = once(events, 'say');
    managed.start();
    expect(await said).toEqual(['ended with code 3; restarting in 0.5 s']);
    await managed.stop();
    expect(managed.pid).toBeUndefined();
    expect(runningRecords(base)).toEqual([]);
  });
});

describe('the supervisor', () => {
  test('stops workers before web and clock', async () => {
    const order: string[] = [];
    const lines = new EventEmitter<{ up: []; done: [] }>();
    const supervisor = new Supervisor({
      root: import.meta.dirname,
      base,
      output: (name, line) => {
        if (line === 'done') order.push(name);
        if (line === 'up') lines.emit('up');
      },
      say: () => undefined,
    });
    const type = (name: string) => ({ name, script: 'supervised-process.mjs', args: [], needs: [], env: {} });
    for (const [name, count] of [
      ['web', 1],
      ['clock', 1],
      ['echo', 2],
    ] as const) {
      for (let n = 0; n < count; n++) {
        const up = once(lines, 'up');
        supervisor.start(type(name), 1, process.env);
        await up;
      }
    }
    await supervisor.stop();
    expect(order.slice(0, 2).sort()).toEqual(['echo.1', 'echo.2']);
    expect(order.slice(2).sort()).toEqual(['clock.1', 'web.1']);
  });
});
