/** docker-compose.yml cannot be run on the build machine; what can be said about it without Docker is said here. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { outboundEnv } from '@offload/outbound/outbound-env';
import { processEnv, readEnv, serverEnv, webhookEnv, type EnvShape } from '@offload/runtime/env';
import { workerEnv } from '@offload/worker/worker-env';
import { httpEnv } from '../services/http-fetcher/src/http-env.js';
import { imageEnv } from '../services/image-resizer/src/image-env.js';
import { s3Env } from '../services/s3-uploader/src/s3-env.js';
import { composeText, durationMs, loadCompose, root, type ComposeService } from './support/compose.js';

const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const secrets = {
  RABBITMQ_PASSWORD: 'aa11',
  MONGODB_ROOT_PASSWORD: 'bb22',
  MONGODB_PASSWORD: 'cc33',
  S3_SECRET_KEY: 'dd44',
};
const file = loadCompose(secrets);
const services = Object.entries(file.services);
/** Services that run once and end before others start. */
const oneShots = services.filter(([, { restart }]) => restart === 'no').map(([name]) => name);
const lasting = services.filter(([name]) => !oneShots.includes(name));
const ours = services.filter(([, { image }]) => image === 'offload:local');

const processTypes = read('Procfile')
  .split('\n')
  .filter(Boolean)
  .map((line) => {
    const [name = '', ...command] = line.split(/:? +/);
    return { name, command, folder: command[1]!.split('/dist/')[0]! };
  });

/** The variables that a process reads: the shapes that its main.ts names, and those it lists itself. */
function envOf(folder: string): { shape: EnvShape; own: string[] } {
  const shapes: Record<string, EnvShape> = {
    processEnv,
    serverEnv,
    webhookEnv,
    workerEnv,
    outboundEnv,
    httpEnv,
    imageEnv,
    s3Env,
  };
  const main = read(`${folder}/src/main.ts`);
  const used = Object.keys(shapes).filter((name) => new RegExp(`\\b${name}\\b`).test(main));
  const own = [...main.matchAll(/^ +([A-Z][A-Z0-9_]+): /gm)].map(([, name]) => name!);
  return { shape: Object.assign({}, ...used.map((name) => shapes[name])) as EnvShape, own };
}

test('it is valid by the JSON schema of the Compose specification', () => {
  const schema = JSON.parse(read('test/support/compose-spec.json')) as object;
  const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
  validate(file);
  expect(validate.errors).toBeNull();
});

describe('secrets', () => {
  test('every one is asked for by name, with the command that makes it', () => {
    const asked = (() => {
      try {
        loadCompose({});
      } catch (error) {
        return (error as Error).message.split('\n');
      }
      return [];
    })();
    expect(asked.map((line) => line.split(':')[0])).toEqual(Object.keys(secrets).sort());
    for (const line of asked) expect(line).toMatch(/^(\w+): set \1 in \.env .*openssl rand -hex 24/);
  });

  test('none has a default or stands in the file', () => {
    for (const [, { environment = {} }] of services)
      for (const [name, value] of Object.entries(environment).filter(([key]) => /PASS|SECRET/.test(key)))
        expect({ name, known: Object.values(secrets).includes(value) }).toEqual({ name, known: true });
    expect(composeText()).not.toMatch(/\$\{[A-Z_]*(PASSWORD|SECRET)[A-Z_]*:?-/);
  });
});

describe.each(processTypes)('process type $name of the Procfile', ({ name, command, folder }) => {
  const service = file.services[name] ?? {};
  const { shape, own } = envOf(folder);
  const environment = service.environment ?? {};

  test('has a service with the same command', () => {
    expect(service.command).toEqual(command);
    expect(ours.map(([each]) => each)).toContain(name);
  });

  test('accepts its environment', () => {
    expect(readEnv(environment, shape)).toMatchObject({ NODE_ENV: 'production' });
  });

  test('reads every variable that it is given', () => {
    // Read by the AWS SDK and by the dynamic linker.
    const others = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'LD_PRELOAD'];
    const known = [...Object.keys(shape), ...own, ...others];
    expect(Object.keys(environment).filter((each) => !known.includes(each))).toEqual([]);
  });

  test('tells the healthcheck where to ask', () => {
    expect(environment['HEALTH_PORT'] ?? environment['PORT']).toMatch(/^\d+$/);
    expect(service.healthcheck?.test).toEqual(['CMD', 'node', 'infra/docker/healthcheck.mjs']);
  });

  test('can run many times at once', () => {
    expect(service.container_name).toBeUndefined();
    expect(service.hostname).toBeUndefined();
    if (name !== 'web') expect(service.ports).toBeUndefined();
  });

  test('has more time to stop than it takes', () => {
    // What run-worker adds to DRAIN_MS, and what web and clock give themselves at most.
    const stopMs = 'DRAIN_MS' in environment ? Number(environment['DRAIN_MS']) + 20_000 : 30_000;
    expect(durationMs(service.stop_grace_period ?? '10s')).toBeGreaterThanOrEqual(stopMs);
    expect(service.init).toBe(true);
  });
});

describe.each(services)('service %s', (name, service: ComposeService) => {
  test('has no rights: read-only, not root, no capabilities, no new privileges', () => {
    expect(service).toMatchObject({
      read_only: true,
      user: expect.stringMatching(/^(node|mongodb|rabbitmq|1000:1000)$/),
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    for (const right of ['cap_add', 'privileged', 'pid', 'ipc', 'userns_mode', 'devices'])
      expect(service).not.toHaveProperty(right);
    expect(service.network_mode ?? 'none').toBe('none');
  });

  test('uses only what the file declares', () => {
    const declared = { networks: Object.keys(file.networks), volumes: Object.keys(file.volumes) };
    expect(declared.networks).toEqual(expect.arrayContaining(service.networks ?? []));
    for (const volume of service.volumes ?? []) {
      const [source = '', , mode] = volume.split(':');
      if (!source.startsWith('./')) expect(declared.volumes).toContain(source);
      else
        expect({ source, there: existsSync(new URL(source, root)), mode }).toMatchObject({
          there: true,
          mode: 'ro',
        });
    }
    for (const other of Object.keys(service.depends_on ?? {})) expect(file.services).toHaveProperty(other);
  });

  test('says when it is healthy, or ends before others start', () => {
    const waited = services.flatMap(([, { depends_on = {} }]) => depends_on[name]?.condition ?? []);
    if (oneShots.includes(name)) expect([...new Set(waited)]).toEqual(['service_completed_successfully']);
    else {
      expect(service.healthcheck?.test[0]).toMatch(/^CMD/);
      for (const condition of waited) expect(condition).toBe('service_healthy');
    }
  });
});

test('only the API and the management UI are published, on loopback', () => {
  const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));
  expect(published).toEqual(['web 127.0.0.1:3000:3000', 'rabbitmq 127.0.0.1:15672:15672']);
  expect(file.services['web']?.environment).toMatchObject({ HOST: '0.0.0.0', PORT: '3000' });
});

test('only the workers that fetch from the internet can reach it', () => {
  const on = (network: string) => services.filter(([, { networks = [] }]) => networks.includes(network));
  expect(on('egress').map(([name]) => name)).toEqual([
    'feed-fetcher',
    'http-fetcher',
    'webhook-sender',
    'image-resizer',
    's3-uploader',
  ]);
  expect(file.networks['backend']?.internal).toBe(true);
  expect(file.networks['front']?.driver_opts).toEqual({
    'com.docker.network.bridge.enable_ip_masquerade': 'false',
  });
  for (const [, service] of lasting) expect(service.networks).toContain('backend');
  for (const [, { environment = {} }] of ours) expect(environment['OUTBOUND_ALLOW'] ?? '').toBe('');
});

test('the servers are the official images, pinned', () => {
  const images = new Set(services.map(([, { image }]) => image));
  expect(images).toEqual(
    new Set(['offload:local', 'rabbitmq:4-management', 'mongo:8', 'versity/versitygw:v1.8.0']),
  );
});

test('one service builds our image, and none pulls it', () => {
  expect(ours.filter(([, { build }]) => build).map(([name]) => name)).toEqual(['web']);
  for (const [name, { pull_policy }] of ours)
    expect({ name, pull_policy }).toEqual({ name, pull_policy: 'never' });
});

test('sharp runs on jemalloc', () => {
  expect(file.services['image-resizer']?.environment).toMatchObject({ LD_PRELOAD: 'libjemalloc.so.2' });
  expect(read('infra/docker/Dockerfile')).toContain('install --yes --no-install-recommends libjemalloc2');
});

test('the name of a server is the same wherever it is used', () => {
  const { rabbitmq, mongo } = file.services;
  expect(mongo?.hostname).toBe('mongo');
  expect(rabbitmq?.hostname).toBe('rabbitmq');
  expect(read('infra/docker/mongo/be-primary.js')).toContain(
    "_id: 'rs0', members: [{ _id: 0, host: 'mongo:27017'",
  );
  expect(read('infra/docker/mongo/start-mongod.sh')).toContain('--replSet rs0');
  for (const { name } of processTypes) {
    const { AMQP_URL, MONGODB_URI } = file.services[name]?.environment ?? {};
    expect(AMQP_URL).toBe('amqp://offload:aa11@rabbitmq:5672');
    expect(MONGODB_URI).toBe('mongodb://offload:cc33@mongo:27017/offload?replicaSet=rs0');
  }
});

test('the image copies only what the build context holds, and does not run as root', () => {
  const lines = read('infra/docker/Dockerfile').split('\n');
  const sources = lines
    .filter((line) => /^COPY (?!--from)/.test(line))
    .flatMap((line) => line.split(/ +/).slice(1, -1))
    .filter((source) => source !== '.');
  const context = read('.dockerignore').split('\n');
  expect(context.filter((line) => line && !line.startsWith('#'))[0]).toBe('*');
  for (const source of sources) expect(context).toContain(`!${source}`);
  for (const line of context.filter((each) => each.startsWith('!')))
    expect({ line, there: existsSync(new URL(line.slice(1).replace(/\*.*/, ''), root)) }).toEqual({
      line,
      there: true,
    });
  expect(lines.findLast((line) => line.startsWith('USER '))).toBe('USER node');
});
