import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { curlCommand, shellQuoted } from './curl-command.js';

/** What a shell hands to curl, one argument an item. */
function argumentsOf(command: string): string[] {
  const show = `curl() { for each in "$@"; do printf '%s\\0' "$each"; done; }\n${command}`;
  return execFileSync('/bin/sh', ['-c', show], { encoding: 'utf8', env: { OFFLOAD_KEY: 'ofl_from-env' } })
    .split('\0')
    .slice(0, -1);
}

const hostile = {
  message: `it's "quoted", $HOME \`id\` $(id) \\ ! * ~ & | ; < > # %s \n\t ü 🎉 '; rm -rf / #`,
};

test('a shell hands the body to curl as it is, whatever characters it has', () => {
  const body = { type: 'system.echo', input: hostile };
  const args = argumentsOf(
    curlCommand({ origin: 'http://localhost:3000', path: '/v1/tasks', body, withKey: false }),
  );
  expect(args.slice(0, 5)).toEqual([
    '-sS',
    'http://localhost:3000/v1/tasks',
    '-H',
    'Content-Type: application/json',
    '--data-raw',
  ]);
  expect(JSON.parse(args[5] ?? '')).toEqual(body);
});

test('the key comes from the environment of the terminal', () => {
  const command = curlCommand({
    origin: 'https://offload.example',
    path: '/v1/tasks',
    body: {},
    withKey: true,
  });
  expect(command).not.toContain('ofl_');
  expect(argumentsOf(command)).toContain('Authorization: Bearer ofl_from-env');
});

test('a word that needs no quotes has none', () => {
  expect(shellQuoted('http://localhost:3000/v1/tasks')).toBe('http://localhost:3000/v1/tasks');
  expect(shellQuoted('')).toBe("''");
  expect(shellQuoted("it's")).toBe(String.raw`'it'\''s'`);
});
