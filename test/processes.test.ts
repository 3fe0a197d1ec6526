import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { Inbox } from './support/signals.js';

/** Modules as built: these tests are about whole processes. */
const built = (file: string): string => pathToFileURL(`libs/runtime/dist/${file}.js`).href;

/** A Node process that runs this program; its output line by line, and how it ended. */
function run(program: string) {
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH },
  });
  const lines = new Inbox<string>();
  for (const stream of [child.stdout, child.stderr])
    if (stream) createInterface({ input: stream }).on('line', lines.add);
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as string,
  }));
  return { child, lines, ended };
}

const lifecycle = (body: string): string => `
import { createLifecycle } from '${built('lifecycle')}';
import { createLogger } from '${built('logger')}';
const log = createLogger({ service: 'test', level: 'info', format: 'text' });
const lifecycle = createLifecycle({ log, graceMs: 2000 });
const alive = setInterval(() => {}, 1000);
lifecycle.onStop('timer', () => clearInterval(alive));
${body}
console.log('up');`;

describe('a process', () => {
  test('stops its parts in order at SIGTERM, last come first, and ends with 0', async () => {
    const { child, lines, ended } = run(
      lifecycle(`lifecycle.onStop('store', () => console.log('store down'));
        lifecycle.onStop('consumer', async () => { await null; console.log('consumer down'); });`),
    );
    await lines.find((line) => line === 'up', 'the process to be up');
    child.kill('SIGTERM');
    await expect(ended).resolves.toEqual({ code: 0, signal: null });
    expect(lines.received.filter((line) => line.endsWith('down'))).toEqual(['consumer down', 'store down']);
  });

  test('ends at once with 1 at a second signal', async () => {
    const { child, lines, ended } = run(lifecycle(`lifecycle.onStop('slow', () => new Promise(() => {}));`));
    await lines.find((line) => line === 'up', 'the process to be up');
    child.kill('SIGTERM');
    await lines.find((line) => line.includes('stopping'), 'the stop to begin');
    child.kill('SIGTERM');
    await expect(ended).resolves.toEqual({ code: 1, signal: null });
  });

  test('ends with 1 when its stop takes longer than its grace', async () => {
    const { child, lines, ended } = run(lifecycle(`lifecycle.onStop('stuck', () => new Promise(() => {}));`));
    await lines.find((line) => line === 'up', 'the process to be up');
    child.kill('SIGTERM');
    await expect(ended).resolves.toEqual({ code: 1, signal: null });
    expect(lines.received.join('\n')).toContain('the stop took too long');
  });

  test('goes on with its stop when a step fails, and ends with 1', async () => {
    const { child, lines, ended } = run(
      lifecycle(`lifecycle.onStop('last', () => console.log('last down'));
        lifecycle.onStop('broken', () => { throw new Error('cannot'); });`),
    );
    await lines.find((line) => line === 'up', 'the process to be up');
    child.kill('SIGTERM');
    await expect(ended).resolves.toEqual({ code: 1, signal: null });
    expect(lines.received).toContain('last down');
  });

  test('stops in order with 1 after an error that nobody caught', async () => {
    const { lines, ended } = run(
      lifecycle(`lifecycle.onStop('store', () => console.log('store down'));
        setTimeout(() => { throw new Error('unforeseen'); }, 50);`),
    );
    await expect(ended).resolves.toEqual({ code: 1, signal: null });
    expect(lines.received.join('\n')).toMatch(/uncaughtException.*unforeseen[\s\S]*store down/);
  });

  test('whose event loop stands still is ended by its watchdog (rule 10)', async () => {
    const { lines, ended } = run(`
      import { startWatchdog } from '${built('watchdog')}';
      startWatchdog({ limitMs: 1000 });
      setTimeout(() => { for (;;); }, 300);`);
    await expect(ended).resolves.toEqual({ code: null, signal: 'SIGKILL' });
    expect(lines.received.join('\n')).toContain('the event loop stood still for 1000 ms');
  });

  test('that was frozen and goes on is not ended by its watchdog: it did not stand still by itself', async () => {
    const { child, lines, ended } = run(`
      import { startWatchdog } from '${built('watchdog')}';
      const watchdog = startWatchdog({ limitMs: 1000 });
      setInterval(() => console.log('turn'), 100);
      process.on('SIGTERM', async () => { await watchdog.stop(); process.exit(0); });
      console.log('up');`);
    await lines.find((line) => line === 'up', 'the process to be up');
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const before = lines.received.length;
    child.kill('SIGCONT');
    await lines.first(before + 8);
    child.kill('SIGTERM');
    await expect(ended).resolves.toEqual({ code: 0, signal: null });
  });
});
