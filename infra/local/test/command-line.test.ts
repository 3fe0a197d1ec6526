import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isInstalled } from '../dependencies.mjs';
import { choosePorts } from '../ports.mjs';
import { PrefixedOutput, wantsColours } from '../prefixed-output.mjs';
import { CommandFailed, runCommand } from '../run-command.mjs';
import { Steps, durationText } from '../steps.mjs';
import { stopSignals } from '../stop-signals.mjs';
import { parseTestArguments } from '../test-arguments.mjs';
import { readJestResults, resultsText } from '../test-results.mjs';
import { temporaryFolder } from './temporary-folder.js';

/** Something that Steps can write to. */
function sink() {
  const written: string[] = [];
  return {
    text: () => written.join(''),
    stream: { write: (text: string) => written.push(text), columns: 80 } as never,
  };
}

describe('ports', () => {
  test('a free one is kept, a taken one is replaced and named, and all differ', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const ports = await choosePorts({ taken: port, any: 0, other: 0 });
    server.close();
    expect(ports.taken.instead).toBe(port);
    expect(ports.any.instead).toBeUndefined();
    expect(new Set([port, ports.taken.port, ports.any.port, ports.other.port]).size).toBe(4);
  });
});

describe('steps', () => {
  test.each([
    [400, '0.4 s'],
    [61_300, '61.3 s'],
    [125_000, '2 min 05 s'],
  ])('%d ms are shown as %s', (milliseconds, text) => expect(durationText(milliseconds)).toBe(text));

  test('in a log, beginning and end of each are plain lines', async () => {
    const out = sink();
    const steps = new Steps(out.stream, { live: false });
    expect(await steps.run('RabbitMQ', async () => 7)).toBe(7);
    await expect(steps.run('S3', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(out.text()).toMatch(/^… RabbitMQ\n✓ RabbitMQ \(\d\.\d s\)\n… S3\n✗ S3 \(\d\.\d s\)\n$/);
  });

  test('on a terminal, lines that come in between go above the running steps', async () => {
    const out = sink();
    const steps = new Steps(out.stream, { live: true });
    await steps.run('RabbitMQ', async () => steps.print('hello'));
    const escape = String.fromCharCode(27);
    expect(out.text()).toContain('hello\n⠋ RabbitMQ 0.0 s\n');
    expect(out.text()).toContain(`${escape}[1A${escape}[0J✓ RabbitMQ`);
  });

  test('after quiet() steps that are cut short are not shown', async () => {
    const out = sink();
    const steps = new Steps(out.stream, { live: false });
    steps.quiet();
    await steps.run('RabbitMQ', async () => undefined);
    expect(out.text()).toBe('… RabbitMQ\n');
  });
});

describe('output of many processes', () => {
  test('each line begins with its process; types differ in colour, processes of a type do not', () => {
    const lines: string[] = [];
    const output = new PrefixedOutput((line) => lines.push(line), { coloured: true, width: 6 });
    for (const name of ['web.1', 'echo.1', 'echo.2']) output.line(name, 'text');
    const colours = lines.map((line) => /\[(\d+)m/.exec(line)?.[1]);
    expect(colours[0]).not.toBe(colours[1]);
    expect(colours[1]).toBe(colours[2]);
    expect(lines[0]).toMatch(/web\.1 {2}\|.* text$/);
  });

  test('no colours in a pipe, nor with NO_COLOR', () => {
    expect(wantsColours({ isTTY: true } as never, {})).toBe(true);
    expect(wantsColours({ isTTY: true } as never, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColours({} as never, {})).toBe(false);
  });
});

describe('stop signals', () => {
  test('the first stops; the same Ctrl-C that npm sends on is not a second one', () => {
    const source = new EventEmitter();
    const { stop, kill, release } = stopSignals(source);
    source.emit('SIGINT', 'SIGINT');
    source.emit('SIGINT', 'SIGINT');
    expect(stop.aborted).toBe(true);
    expect(kill.aborted).toBe(false);
    release();
    expect(source.listenerCount('SIGINT')).toBe(0);
  });
});

describe('a command', () => {
  test('that fails gives its output, both streams, to the error', async () => {
    const failure: unknown = await runCommand('sh', ['-c', 'echo out; echo err >&2; exit 3']).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(CommandFailed);
    expect(failure).toMatchObject({
      ending: 'exit code 3',
      output: expect.stringMatching(/out[^]*err|err[^]*out/),
    });
  });

  test('that does not exist is told from one that failed', async () => {
    await expect(runCommand('no-such-command-here', [])).rejects.toMatchObject({ ending: 'ENOENT' });
  });

  test('is ended with all that it started when it is no longer wanted', async () => {
    const abort = new AbortController();
    const onLine = () => abort.abort(new Error('not wanted'));
    const run = runCommand('sh', ['-c', 'sleep 300 & echo $!; wait'], { signal: abort.signal, onLine });
    await expect(run).rejects.toThrow('not wanted');
  });
});

describe('npm dependencies', () => {
  const wanted = {
    packages: {
      '': {},
      'libs/store': {},
      'node_modules/zod': { version: '4.6.7', integrity: 'x' },
      'node_modules/@img/other-platform': { version: '1.0.0', optional: true },
    },
  };
  const zod = { version: '4.6.7', integrity: 'x' };

  test.each([
    ['just what the lock file says', { 'node_modules/zod': zod }, true],
    ['another version', { 'node_modules/zod': { ...zod, version: '4.0.0' } }, false],
    ['one missing', {}, false],
    ['one too many', { 'node_modules/zod': zod, 'node_modules/left': zod }, false],
  ])('%s: installed is %s', (_name, packages, installed) => {
    expect(isInstalled(wanted, { packages })).toBe(installed);
  });
});

describe('npm test', () => {
  test('runs everything but the long tests', () => {
    const wanted = parseTestArguments([]);
    expect(wanted.projects).toEqual(['unit', 'integration', 'e2e', 'browser', 'chaos']);
    expect(wanted).toMatchObject({
      servers: true,
      build: true,
      browser: true,
      checks: expect.arrayContaining(['lint']),
    });
  });

  test('--only names parts, and needs no server for unit tests; what follows -- goes to Jest', () => {
    const wanted = parseTestArguments(['--only=unit', '--', '-t', 'hands back']);
    expect(wanted).toMatchObject({
      projects: ['unit'],
      checks: [],
      servers: false,
      build: false,
      jestArgs: ['-t', 'hands back'],
    });
    expect(parseTestArguments(['--only=long'])).toMatchObject({
      projects: ['long'],
      servers: true,
      build: true,
    });
  });

  test.each([
    ['--only=nope', 'There is no part `nope`'],
    ['--fast', '`--fast` is not an option'],
  ])('%s is refused', (arg, message) => {
    expect(() => parseTestArguments([arg])).toThrow(message);
  });

  test('its last line is the sum, alone on its line', () => {
    const results = [
      { title: 'lint', passed: 1, failed: 0, milliseconds: 1 },
      { title: 'Jest: unit', passed: 40, failed: 2, milliseconds: 1 },
    ];
    expect(
      resultsText(results, () => '1 s')
        .split('\n')
        .at(-1),
    ).toBe('41 passed, 2 failed');
  });

  test('a suite that cannot run is a failure; so is an unhappy Jest without a failed test, or without results', () => {
    const file = join(temporaryFolder('results'), 'unit.json');
    expect(readJestResults(file, false)).toEqual({ passed: 0, failed: 1 });
    const write = (numFailedTests: number, numRuntimeErrorTestSuites: number) =>
      writeFileSync(file, JSON.stringify({ numPassedTests: 5, numFailedTests, numRuntimeErrorTestSuites }));
    write(1, 2);
    expect(readJestResults(file, false)).toEqual({ passed: 5, failed: 3 });
    write(0, 0);
    expect(readJestResults(file, true)).toEqual({ passed: 5, failed: 0 });
    expect(readJestResults(file, false)).toEqual({ passed: 5, failed: 1 });
  });
});

describe('npm start', () => {
  test('with a wrong argument says what is right and ends with code 1, without starting anything', async () => {
    const root = temporaryFolder('checkout');
    mkdirSync(join(root, 'services/api'), { recursive: true });
    const child = spawn(process.execPath, [join(import.meta.dirname, '../start.mjs'), 'nope=2'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(1);
    expect(text).toContain('There is no process type `nope`');
    expect(text).toContain('feed-fetcher');
    expect(text).not.toContain('Stopping');
  });
});
