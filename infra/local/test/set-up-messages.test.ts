import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { requireDiskSpace } from '../disk-space.mjs';
import { failureText } from '../failure.mjs';
import { goMissing, isGoNewEnough } from '../go-install.mjs';
import { requireVersion } from '../known-versions.mjs';
import { rootNotPossible } from '../ordinary-user.mjs';
import { platformOf } from '../platform.mjs';
import { portsExhausted } from '../ports.mjs';
import { postgresqlRecipe } from '../postgresql-install.mjs';
import { requireSameMajor } from '../postgresql.mjs';
import { rabbitmqRecipe } from '../rabbitmq-install.mjs';
import { serverSettings } from '../server-settings.mjs';
import { temporaryFolder } from './temporary-folder.js';

const textOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return failureText(error);
  }
  throw new Error('nothing was thrown');
};

const debian = (version: string) =>
  `PRETTY_NAME="Debian GNU/Linux ${version}"\nID=debian\nVERSION_ID="${version}"\n`;

describe('the platform', () => {
  test.each([
    ['12', 'x64', 'bookworm', 'amd64', 'x86_64-linux-gnu'],
    ['13', 'x64', 'trixie', 'amd64', 'x86_64-linux-gnu'],
    ['12', 'arm64', 'bookworm', 'arm64', 'aarch64-linux-gnu'],
    ['13', 'arm64', 'trixie', 'arm64', 'aarch64-linux-gnu'],
  ])('Debian %s on %s is supported', (version, arch, codename, architecture, triplet) => {
    expect(platformOf(debian(version), arch)).toMatchObject({ codename, architecture, triplet });
  });

  test.each([
    [
      'Ubuntu',
      'PRETTY_NAME="Ubuntu 24.04.2 LTS"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n',
      'x64',
      'Ubuntu 24.04.2 LTS',
    ],
    ['an older Debian', debian('11'), 'x64', 'Debian GNU/Linux 11'],
    ['another architecture', debian('12'), 'riscv64', 'riscv64'],
    ['a system without os-release', '', 'arm64', 'an unknown system'],
  ])(
    '%s is refused by its name, with Docker and the URL variables as ways out',
    (_name, text, arch, named) => {
      const message = textOf(() => platformOf(text, arch));
      expect(message).toContain(named);
      expect(message).toContain('Debian 12 or 13 on amd64 or arm64');
      expect(message).toContain('docker compose up');
      expect(message).toContain('MONGODB_URI');
    },
  );
});

describe('Go', () => {
  test.each([
    ['go version go1.26.8 linux/amd64', true],
    ['go version go1.21.0 linux/arm64', true],
    ['go version go1.19.8 linux/amd64', false],
    ['something else', false],
  ])('`%s` is new enough: %s', (text, enough) => {
    expect(isGoNewEnough(text)).toBe(enough);
  });

  test('its absence and its age are told apart, and both name the variable that avoids it', () => {
    const absent = failureText(goMissing('FerretDB 2.7.0', 'MONGODB_URI'));
    const old = failureText(goMissing('FerretDB 2.7.0', 'MONGODB_URI', 'go version go1.19.8 linux/amd64\n'));
    expect(absent).toContain('Go was not found');
    expect(old).toContain('too old');
    expect(old).toContain('go1.19.8');
    const local = failureText(goMissing('FerretDB 2.7.0', 'MONGODB_URI', 'go 1.24.0', '1.26.1'));
    expect(local).toContain('This is go 1.24.0; at least Go 1.26.1 is needed, or GOTOOLCHAIN=auto');
    for (const text of [absent, old, local]) {
      expect(text).toContain('FerretDB 2.7.0');
      expect(text).toContain('set MONGODB_URI');
      expect(text).toContain('docker compose up');
    }
  });
});

describe('versions', () => {
  test.each([
    ['4.0.5', true],
    ['4.3.6', true],
    ['3.10.8', true],
    ['5.0.0', false],
    ['', false],
  ])('RabbitMQ %s is known: %s', (version, known) => expect(rabbitmqRecipe({}).accepts(version)).toBe(known));

  test('of RabbitMQ are kept apart by the Debian suite that they come from; another suite is refused', () => {
    const nameOf = (suite: string) => rabbitmqRecipe({ OFFLOAD_RABBITMQ_SUITE: suite }).name;
    expect(['', 'trixie', 'bookworm', 'testing'].map(nameOf)).toEqual([
      'rabbitmq',
      'rabbitmq',
      'rabbitmq-bookworm',
      'rabbitmq-testing',
    ]);
    expect(() => nameOf('sarge')).toThrow(/OFFLOAD_RABBITMQ_SUITE is `sarge`/);
  });

  test.each([
    ['18.6-1.0', true],
    ['18.9-1.0', true],
    ['19.1-1.0', false],
    ['18.6-2.0', false],
  ])('PostgreSQL with DocumentDB %s is known: %s', (version, known) =>
    expect(postgresqlRecipe.accepts(version)).toBe(known),
  );

  test('an unknown version is named before any data is touched', () => {
    const text = textOf(() => requireVersion('RabbitMQ', '5.0.0', false, 'AMQP_URL'));
    expect(text).toContain('RabbitMQ 5.0.0 is not a version that this project knows to work');
    expect(text).toContain('set AMQP_URL');
  });

  test('data of another PostgreSQL is refused, not converted', () => {
    const data = join(temporaryFolder('pg'), 'data');
    mkdirSync(data);
    expect(textOf(() => requireSameMajor(data))).toContain('PG_VERSION is missing');
    writeFileSync(join(data, 'PG_VERSION'), '17\n');
    expect(textOf(() => requireSameMajor(data))).toContain('made by PostgreSQL 17');
    writeFileSync(join(data, 'PG_VERSION'), '18\n');
    expect(() => requireSameMajor(data)).not.toThrow();
  });
});

describe('resources', () => {
  test('too little disk space is said before anything is fetched', () => {
    const folder = temporaryFolder('disk');
    expect(() => requireDiskSpace(folder, 1, 'First start')).not.toThrow();
    const text = textOf(() => requireDiskSpace(folder, 1e18, 'First start'));
    expect(text).toContain('First start: the disk is full');
    expect(text).toContain('1000000000.0 GB are needed');
  });

  test('no free port: says how to find who has them', () => {
    expect(failureText(portsExhausted())).toContain('ss -ltnp');
  });

  test('root without user namespaces: says to use an ordinary user', () => {
    expect(failureText(rootNotPossible('/root/.cache'))).toContain('run this as an ordinary user');
  });

  test("an S3 server of one's own without its keys is refused", () => {
    const text = textOf(() =>
      serverSettings({ S3_ENDPOINT: 'http://s3.example.org', AWS_ACCESS_KEY_ID: 'key' }),
    );
    expect(text).toContain('S3_ENDPOINT is set, but not AWS_SECRET_ACCESS_KEY');
  });
});
