import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { processStat } from '../process-identity.mjs';
import { CommandFailed } from '../run-command.mjs';
import { runToResults } from '../run-to-results.mjs';
import { temporaryFolder } from './temporary-folder.js';

/** Runs code in Node that finds the name of its results' file in `file` and `fs` loaded. */
function run(code: string, exitLimit?: number) {
  const resultsFile = join(temporaryFolder('results'), 'results.json');
  let pid = 0;
  const whole = `const fs = require('node:fs'); const file = process.argv[1]; ${code}`;
  const exited = runToResults(process.execPath, ['-e', whole, resultsFile], {
    resultsFile,
    ...(exitLimit !== undefined && { exitLimit }),
    onStart: (started) => (pid = started),
  });
  return { exited, resultsFile, pid: () => pid };
}

const WRITE = "fs.writeFileSync(file, 'all of it');";
const STAY = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1_000);";

test('a command that stays after it has written its results is killed with what it started', async () => {
  const child = `require('node:child_process').spawn('sleep', ['60'], { stdio: 'ignore' }).pid`;
  const { exited, resultsFile, pid } = run(`fs.writeFileSync(file, String(${child})); ${STAY}`, 0);
  expect(await exited).toBe(false);
  expect(processStat(pid())).toBeUndefined();
  const state = processStat(Number(readFileSync(resultsFile, 'utf8')))?.state ?? 'Z';
  expect(state).toBe('Z');
});

test('one that exits within its limit has exited by itself, well or not', async () => {
  expect(await run(`${WRITE} setTimeout(() => {}, 600)`).exited).toBe(true);
  const badly = run(`${WRITE} process.exitCode = 3; setTimeout(() => {}, 600)`);
  await expect(badly.exited).rejects.toThrow(CommandFailed);
  await expect(badly.exited).rejects.toMatchObject({ ending: 'exit code 3' });
});

test('the limit begins with the results, not with the command', async () => {
  expect(await run(`setTimeout(() => { ${WRITE} }, 800)`, 100_000).exited).toBe(true);
  expect(await run('setTimeout(() => {}, 800)', 0).exited).toBe(true);
});
