import { describe, expect, test } from '@jest/globals';
import { explainFailure } from '../explain-failure.mjs';
import { SetupFailure, failureText } from '../failure.mjs';
import { CommandFailed } from '../run-command.mjs';

const explained = (command: string, output: string, ending = 'exit code 100', variable = 'AMQP_URL') => {
  const error = explainFailure(new CommandFailed(command, output, ending), { step: 'Some step', variable });
  expect(error).toBeInstanceOf(SetupFailure);
  return failureText(error);
};

const noNetwork: [string, string, string][] = [
  [
    'apt without a resolver',
    'apt-get update --error-on=any',
    "Err:1 http://deb.example.org/debian trixie InRelease\n  Temporary failure resolving 'deb.example.org'\nE: Failed to fetch",
  ],
  [
    'apt behind a closed port',
    'apt-get update --error-on=any',
    'W: Failed to fetch http://deb.example.org/dists/trixie/InRelease  Could not connect to deb.example.org:80 (192.0.2.1), connection timed out\nE: Some index files failed to download.',
  ],
  [
    'go without a resolver',
    'go install example.org/x@v1.0.0',
    'go: example.org/x@v1.0.0: Get "https://proxy.example.org/x.info": dial tcp: lookup proxy.example.org on 192.0.2.53:53: dial udp 192.0.2.53:53: connect: network is unreachable',
  ],
  [
    'go without an answer',
    'go get -tool example.org/x@v1.0.0',
    'go: example.org/x@v1.0.0: Get "https://proxy.example.org/x.info": dial tcp 192.0.2.1:443: i/o timeout',
  ],
  [
    'npm without a resolver',
    'npm ci',
    'npm error code EAI_AGAIN\nnpm error syscall getaddrinfo\nnpm error request to https://registry.example.org/zod failed, reason: getaddrinfo EAI_AGAIN registry.example.org',
  ],
  [
    'npm with an unknown host',
    'npm ci',
    'npm error code ENOTFOUND\nnpm error network getaddrinfo ENOTFOUND x.example.org',
  ],
];

describe('a failed tool is explained', () => {
  test.each(noNetwork)('%s: the network cannot be reached', (_name, command, output) => {
    const text = explained(command, output);
    expect(text).toContain('Some step: the network cannot be reached');
    expect(text).toContain('check the connection');
    expect(text).toContain('set AMQP_URL');
    expect(text).toContain('docker compose up');
  });

  test('of several lines the one that says most is quoted', () => {
    const text = explained('npm ci', noNetwork[4]?.[2] ?? '');
    expect(text).toContain('request to https://registry.example.org/zod failed');
  });

  test.each([
    [
      'dpkg',
      'dpkg-deb --extract a.deb root',
      'dpkg-deb: error: tar: ./usr/lib/x: Cannot write: No space left on device',
    ],
    [
      'apt',
      'apt-get install',
      "E: You don't have enough free space in /home/ada/.cache/offload/apt/cache/archives/.",
    ],
    ['npm', 'npm ci', 'npm error code ENOSPC\nnpm error syscall write'],
    ['go', 'go install', 'write /home/ada/go/pkg/mod/cache/x.zip: no space left on device'],
  ])('%s on a full disk: says how much is needed and where else it could go', (_tool, command, output) => {
    const text = explained(command, output);
    expect(text).toContain('the disk is full');
    expect(text).toContain('2.5 GB');
    expect(text).toContain('XDG_CACHE_HOME');
  });

  test('a full disk met by ourselves is told in the same way', () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    expect(failureText(explainFailure(error, { step: 'Some step' }))).toContain(
      'Some step: the disk is full',
    );
  });

  test('a package that Debian no longer has is not taken for a network failure', () => {
    const text = explained('apt-get install', 'E: Unable to locate package postgresql-18-documentdb');
    expect(text).toContain('Debian does not have the package any more');
    expect(text).toContain('postgresql-18-documentdb');
  });

  test('unknown keys of the archive: says which package has them', () => {
    const output =
      "W: GPG error: http://deb.example.org testing InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 78DBA3BC47EF2265";
    expect(explained('apt-get update', output)).toContain('debian-archive-keyring');
  });

  test('any other failure of apt: its own errors, and another mirror as a way out', () => {
    const text = explained('apt-get update', 'Hit:1 x\nE: The repository is broken\n');
    expect(text).toContain('E: The repository is broken');
    expect(text).not.toContain('Hit:1');
    expect(text).toContain('OFFLOAD_DEBIAN_MIRROR');
  });

  test("a lock file that does not fit package.json: says to run npm install, without npm ci's usage", () => {
    const output = [
      'npm error code EUSAGE',
      'npm error',
      'npm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync.',
      'npm error Missing: zod@4.6.7 from lock file',
      'npm error',
      'npm error Clean install a project',
      'npm error Usage:',
    ].join('\n');
    const text = explained('npm ci', output);
    expect(text).toContain('do not belong together');
    expect(text).toContain('zod@4.6.7');
    expect(text).not.toContain('Usage');
  });

  test('folders of another user: says who must own them', () => {
    const output =
      "npm error code EACCES\nnpm error Error: EACCES: permission denied, mkdir '/srv/offload/node_modules'";
    expect(explained('npm ci', output)).toContain('owned by the user');
  });

  test('a tool that is not installed is named', () => {
    expect(explained('dpkg-deb --extract a.deb root', '', 'ENOENT')).toContain(
      'the program dpkg-deb was not found',
    );
  });

  test('an unknown failure shows the command and the end of its output', () => {
    const text = explained('/opt/patchelf --set-rpath x y', 'open: not an ELF executable', 'exit code 1');
    expect(text).toContain('`/opt/patchelf --set-rpath x y` ended with exit code 1');
    expect(text).toContain('not an ELF executable');
  });

  test('what is not a failed command stays as it is', () => {
    const error = new TypeError('a bug');
    expect(explainFailure(error, { step: 'Some step' })).toBe(error);
  });
});
