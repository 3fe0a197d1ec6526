/** No cluster runs on the build machine; what can be said of infra/kubernetes without one is said here. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { contracts } from '@offload/contracts/registry';
import { queuesOf } from '@offload/contracts/queues';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parseAllDocuments } from 'yaml';
import { root } from './support/compose.js';

interface Container {
  env: { name: string; value?: string }[];
  livenessProbe: { httpGet: { path: string } };
  readinessProbe: { httpGet: { path: string } };
  resources: unknown;
  securityContext: unknown;
}

/** As far as it is looked at beside the schemas. */
interface Spec {
  template: {
    metadata: { labels: Record<string, string> };
    spec: { terminationGracePeriodSeconds: number; containers: [Container] };
  };
  triggers: { metadata: Record<string, string> }[];
  egress: [{ to: [{ ipBlock: { except: string[] } }] }];
}

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: Spec;
  data?: Record<string, string>;
}

const folder = new URL('infra/kubernetes/', root);
const read = (path: string): string => readFileSync(new URL(path, folder), 'utf8');
const manifestsOf = (path: string): Manifest[] =>
  parseAllDocuments(read(path)).map((document) => document.toJS() as Manifest);
const filesOf = (path: string): string[] =>
  readdirSync(new URL(path, folder))
    .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
    .map((name) => path + name);

const files = ['base/', 'overlays/operators/', 'overlays/own-servers/'].flatMap(filesOf);
const base = filesOf('base/').flatMap(manifestsOf);
const ofKind = (kind: string): Manifest[] => base.filter((each) => each.kind === kind);
const deployments = ofKind('Deployment');
const config = base.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'offload')?.data;

const processTypes = readFileSync(new URL('Procfile', root), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => line.split(':')[0] ?? '');
const consumers = processTypes.filter((name) => !['web', 'clock'].includes(name));

const compiled = new Map<string, ValidateFunction>();

/** Vendored by infra/kubernetes/vendor-schemas.mjs. */
function validatorOf({ apiVersion, kind }: Manifest): ValidateFunction {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const name = `schemas/${kind.toLowerCase()}-${group}-${version}.json`;
  const known = compiled.get(name);
  if (known) return known;
  const schema = JSON.parse(read(name)) as object;
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  compiled.set(name, validate);
  return validate;
}

const faultsOf = (manifest: unknown): unknown => {
  const validate = validatorOf(manifest as Manifest);
  return validate(manifest) ? null : validate.errors;
};

test.each(files)('%s is valid by the schemas of Kubernetes and the operators', (file) => {
  const manifests = manifestsOf(file);
  expect(manifests.length).toBeGreaterThan(0);
  for (const manifest of manifests)
    expect([manifest.metadata.name, faultsOf(manifest)]).toEqual([manifest.metadata.name, null]);
});

test('a field that does not exist is found', () => {
  const [web] = manifestsOf('base/web.yaml');
  expect(faultsOf({ ...web!, spec: { ...web!.spec, replica: 2 } })).not.toBeNull();
});

test('every process type of the Procfile is a Deployment, and nothing else is', () => {
  expect(deployments.map(({ metadata }) => metadata.name).sort()).toEqual([...processTypes].sort());
});

describe.each(deployments.map((each) => [each.metadata.name, each] as const))('%s', (name, { spec }) => {
  const pod = spec.template.spec;
  const [container] = pod.containers;

  test('runs without rights', () => {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.resources).toMatchObject({
      requests: { cpu: expect.any(String) },
      limits: { memory: expect.any(String) },
    });
  });

  test('has its secrets by reference, the two that an overlay replaces first', () => {
    expect(container.env.slice(0, 2).map((each) => each.name)).toEqual(['AMQP_URL', 'MONGODB_URI']);
    for (const { name: variable, value } of container.env)
      expect([variable, value ?? '']).not.toEqual([variable, expect.stringMatching(/:\/\//)]);
  });

  test('is asked whether it lives and whether it is ready', () => {
    expect(container.livenessProbe.httpGet.path).toBe('/healthz');
    expect(container.readinessProbe.httpGet.path).toBe('/readyz');
  });

  if (consumers.includes(name))
    test('may take as long to stop as its drain takes', () => {
      const drain = Number(config?.['DRAIN_MS']) / 1_000;
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(drain + 20);
    });
});

test('every queue of every contract is looked at by exactly one ScaledObject, busy workers included', () => {
  const triggers = ofKind('ScaledObject').flatMap(({ spec }) => spec.triggers);
  expect(triggers.map(({ metadata }) => metadata['queueName']).sort()).toEqual(
    contracts.flatMap(queuesOf).sort(),
  );
  for (const { metadata } of triggers)
    expect(metadata).toMatchObject({
      protocol: 'http',
      mode: 'QueueLength',
      value: expect.stringMatching(/^[1-9]\d*$/),
    });
  expect(triggers.filter(({ metadata }) => 'excludeUnacknowledged' in metadata)).toEqual([]);
});

test('whatever runs more than once may lose a pod, never all', () => {
  const budgets = ofKind('PodDisruptionBudget').map(({ metadata }) => metadata.name);
  expect(budgets.sort()).toEqual([...processTypes].sort());
});

test('only what fetches goes to the internet, and never to private or metadata addresses', () => {
  const out = deployments.filter(
    ({ spec }) => spec.template.metadata.labels['offload/egress'] === 'internet',
  );
  expect(out.map(({ metadata }) => metadata.name).sort()).toEqual(
    consumers.filter((name) => name !== 'echo').sort(),
  );
  const internet = ofKind('NetworkPolicy').find(({ metadata }) => metadata.name === 'internet');
  const except = internet?.spec.egress[0].to[0].ipBlock.except;
  for (const range of [
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '169.254.0.0/16',
    '100.64.0.0/10',
    '127.0.0.0/8',
  ])
    expect(except).toContain(range);
});

test('every variable of the ConfigMap is one of docs/operating.md', () => {
  const documented = readFileSync(new URL('docs/operating.md', root), 'utf8');
  for (const name of Object.keys(config ?? {})) expect(documented).toContain(`\`${name}\``);
});
