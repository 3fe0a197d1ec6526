import { rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { mirrorsFrom, privateConfiguration, upstreamVersion } from '../debian-packages.mjs';
import { findMongod } from '../mongod.mjs';
import { socketFolder } from '../postgresql.mjs';
import { encodeBson, isOk } from '../probe-mongodb.mjs';
import { passwordHash, rabbitmqEnvironment } from '../rabbitmq.mjs';
import { readyBanner } from '../ready-banner.mjs';
import { loadSecrets } from '../secrets.mjs';
import { processEnvironment, serverSettings } from '../server-settings.mjs';
import { temporaryFolder } from './temporary-folder.js';

describe("servers of the user's own", () => {
  test('are used in place of ours, each by its variable', () => {
    expect(serverSettings({})).toEqual({ startRabbitmq: true, startDatabase: true, startS3: true });
    const env = {
      AMQP_URL: 'amqp://x',
      MONGODB_URI: '',
      S3_ENDPOINT: 'http://x',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    };
    expect(serverSettings(env)).toEqual({ startRabbitmq: false, startDatabase: true, startS3: false });
  });

  test('mongod is found on PATH', () => {
    const folder = temporaryFolder('mongod');
    expect(findMongod(`/nowhere:${folder}`)).toBeUndefined();
    writeFileSync(join(folder, 'mongod'), '');
    expect(findMongod(`/nowhere:${folder}`)).toBe(join(folder, 'mongod'));
  });
});

describe('the environment of the processes', () => {
  const servers = {
    S3_ENDPOINT: 'http://127.0.0.1:9000',
    AWS_ACCESS_KEY_ID: 'ours',
    AWS_SECRET_ACCESS_KEY: 'ours',
  };

  test('what the user has set wins, an empty variable does not', () => {
    const env = processEnvironment({ S3_BUCKETS: 'mine', NODE_ENV: '', EXTRA: '1' }, servers);
    expect(env).toMatchObject({
      S3_BUCKETS: 'mine',
      NODE_ENV: 'development',
      EXTRA: '1',
      OUTBOUND_ALLOW: 'loopback',
    });
  });

  test("keys to Amazon's S3 that the user has at hand are not sent to ours", () => {
    const env = processEnvironment({ AWS_ACCESS_KEY_ID: 'amazon', AWS_SECRET_ACCESS_KEY: 'amazon' }, servers);
    expect(env).toMatchObject({ AWS_ACCESS_KEY_ID: 'ours', AWS_SECRET_ACCESS_KEY: 'ours' });
  });
});

describe('passwords', () => {
  test('are made once, kept, and readable by their owner only', () => {
    const base = join(temporaryFolder('secrets'), 'base');
    const first = loadSecrets(base);
    expect(loadSecrets(base)).toEqual(first);
    expect(new Set(Object.values(first)).size).toBe(4);
    expect(statSync(join(base, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  test('those that are missing are added to those that are there', () => {
    const base = temporaryFolder('secrets-some');
    writeFileSync(join(base, 'secrets.json'), '{"rabbitmq":"kept"}');
    expect(loadSecrets(base)).toMatchObject({
      rabbitmq: 'kept',
      database: expect.stringMatching(/^[0-9a-f]{36}$/),
    });
  });

  test('RabbitMQ\'s hash is that of the example in its guide "Passwords"', () => {
    expect(passwordHash('test12', Buffer.from('908DC60A', 'hex'))).toBe(
      'kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR',
    );
  });
});

describe('RabbitMQ', () => {
  test("names every place and address itself, so that nothing of the system's own broker is touched", () => {
    const ports = { amqp: 1, management: 2, prometheus: 3, dist: 4, epmd: 5 };
    const env = rabbitmqEnvironment('/cache/rabbitmq', '/base/rabbitmq', ports);
    expect(env).toMatchObject({ HOME: '/base/rabbitmq', ERL_EPMD_PORT: '5', ERL_EPMD_ADDRESS: '127.0.0.1' });
    const places = Object.entries(env).filter(([name]) => /(FILE|FILES|BASE)$/.test(name));
    expect(places).toHaveLength(8);
    for (const [, place] of places) expect(place).toMatch(/^\/base\/rabbitmq\//);
  });
});

describe("PostgreSQL's socket", () => {
  test('lies beside the data when its path is short enough for a socket', () => {
    const folder = temporaryFolder('sock');
    expect(socketFolder(folder)).toBe(join(folder, 'socket'));
    expect(statSync(join(folder, 'socket')).mode & 0o777).toBe(0o700);
  });

  test("lies in a private folder of its own when the checkout's path is long", () => {
    const path = socketFolder(`/home/ada/${'long-folder-name/'.repeat(8)}.local/postgresql`);
    expect(`${path}/.s.PGSQL.5432`.length).toBeLessThan(108);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    rmdirSync(path);
  });
});

describe('the MongoDB probe', () => {
  test("encodes as the BSON specification's example", () => {
    expect(encodeBson({ hello: 'world' }).toString('latin1')).toBe(
      '\x16\0\0\0\x02hello\0\x06\0\0\0world\0\0',
    );
  });

  test('encodes arrays as documents with numbered keys', () => {
    const array = encodeBson({ roles: [{ role: 'root' }] });
    expect(array.includes(Buffer.from('\x04roles\0', 'latin1'))).toBe(true);
    expect(array.includes(Buffer.from('\x030\0', 'latin1'))).toBe(true);
    expect(array.readInt32LE(0)).toBe(array.length);
  });

  test('takes only ok: 1 for an answer that is well', () => {
    const answer = (ok: number) => {
      const value = Buffer.alloc(8);
      value.writeDoubleLE(ok);
      return Buffer.concat([Buffer.from('\0\0\0\0\x01ok\0', 'latin1'), value, Buffer.from([0])]);
    };
    expect(isOk(answer(1))).toBe(true);
    expect(isOk(answer(0))).toBe(false);
    expect(isOk(Buffer.from([5, 0, 0, 0, 0]))).toBe(false);
  });
});

describe("Debian's packages", () => {
  const targets =
    'http://a.example.org/ bookworm-updates\nhttp://b.example.org/debian/ bookworm\nhttp://c.example.org/sec/ bookworm-security\n';

  test('come from the mirrors that the system itself uses', () => {
    expect(mirrorsFrom(targets, 'bookworm')).toEqual({
      main: 'http://b.example.org/debian/',
      security: 'http://c.example.org/sec/',
    });
    expect(mirrorsFrom(targets, 'trixie')).toEqual({ main: undefined, security: undefined });
  });

  test("keep the system's proxy, and nothing else of its settings", () => {
    const system =
      'Acquire::http::Proxy "http://proxy:3128";\nDPkg::Post-Invoke "rm -f *";\nDir::State "/var/lib/apt";\n';
    const text = privateConfiguration('/work', system);
    expect(text).toContain('Acquire::http::Proxy "http://proxy:3128";');
    expect(text).not.toContain('Post-Invoke');
    expect(text).not.toContain('/var/lib/apt');
  });

  test.each([
    ['/x/rabbitmq-server_4.0.5-6+deb13u2_all.deb', 'rabbitmq-server', '4.0.5'],
    ['/x/erlang-base_1%3a27.3.4.1+dfsg-1+deb13u4_amd64.deb', 'erlang-base', '27.3.4.1'],
    ['/x/postgresql-18-documentdb_1.0-0-1_amd64.deb', 'postgresql-18-documentdb', '1.0'],
    ['/x/postgresql-18_18.6-3_amd64.deb', 'postgresql-18-documentdb', ''],
  ])('%s: the upstream version of %s is `%s`', (deb, name, version) => {
    expect(upstreamVersion([deb], name)).toBe(version);
  });
});

describe('the ready banner', () => {
  const env = {
    API_URL: 'http://127.0.0.1:3000',
    RABBITMQ_MANAGEMENT_URL: 'http://offload:pass%2Fword@127.0.0.1:15672',
    S3_ENDPOINT: 'http://127.0.0.1:9000',
    S3_BUCKETS: 'offload',
    OUTBOUND_ALLOW: 'loopback',
  };
  const facts = { base: '/srv/x/.local', milliseconds: 4_200, waitingForS3: [] as string[] };

  test('names the pages, the management login, S3, logs, how to stop, and that loopback is open here', () => {
    const text = readyBanner(env, facts);
    expect(text).toContain('ready (4.2 s). Ctrl-C stops');
    expect(text).toContain('http://127.0.0.1:3000/docs');
    expect(text).toContain('http://127.0.0.1:15672/ (user offload, password pass/word)');
    expect(text).toContain('http://127.0.0.1:9000');
    expect(text).toContain('OUTBOUND_ALLOW=loopback');
    expect(text).toContain('in production they may not');
  });

  test('says which processes still wait for the S3 server', () => {
    expect(readyBanner(env, { ...facts, waitingForS3: ['s3-uploader'] })).toContain(
      's3-uploader will start when',
    );
  });

  test("leaves out what is not known: the management URL of a broker of one's own, an API that is not run", () => {
    const text = readyBanner({ S3_ENDPOINT: 'http://s3' }, facts);
    expect(text).not.toContain('management');
    expect(text).not.toContain('/docs');
  });
});
