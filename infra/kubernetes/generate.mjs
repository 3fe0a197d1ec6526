// Writes base/workers.yaml: a Deployment, a ScaledObject and a PodDisruptionBudget for each consumer of the Procfile, from
// the contracts that its main.ts works on. Part of `npm run gen`; with --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shareOf } from '@offload/contracts/queues';
import { lanes, queueName } from '@offload/contracts/task';
import { contracts } from '@offload/contracts/registry';
import { stringify } from 'yaml';
import { readProcessTypes } from '../local/procfile.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = new URL('base/workers.yaml', import.meta.url);

const SERVERS = ['web', 'clock'];
/** DRAIN_MS of config.yaml, and twice 10 s for a worker's last words (libs/worker/src/run-worker.ts), in seconds. */
const GRACE = 45;
const MOST_REPLICAS = 20;
/** Of what a worker can do at once, so much may be in hand or wait for it before another one is started. */
const FULL = 0.75;

/** What a process of a type needs, measured (docs/performance.md); images live in child processes. */
const RESOURCES = {
  'image-resizer': {
    requests: { cpu: '1', memory: '512Mi' },
    limits: { memory: '2560Mi' },
  },
  's3-uploader': { requests: { cpu: '250m', memory: '256Mi' }, limits: { memory: '640Mi' } },
};
const USUAL = { requests: { cpu: '100m', memory: '192Mi' }, limits: { memory: '512Mi' } };

/** Variables and files of single types, beside those of all. */
const OWN = {
  'image-resizer': { env: [{ name: 'LD_PRELOAD', value: 'libjemalloc.so.2' }] },
  's3-uploader': {
    envFrom: [{ configMapRef: { name: 'offload-s3' } }, { secretRef: { name: 'offload-s3' } }],
  },
  'webhook-sender': {
    env: [
      {
        name: 'WEBHOOK_KEY',
        valueFrom: { secretKeyRef: { name: 'offload-webhooks', key: 'WEBHOOK_KEY', optional: true } },
      },
    ],
  },
};

const read = (file) => readFileSync(join(root, file), 'utf8');

/** The contracts whose modules a service's main.ts imports. */
function contractsOf(folder) {
  const modules = [...read(`${folder}/src/main.ts`).matchAll(/@offload\/contracts\/([a-z0-9-]+)'/g)];
  const names = modules.map(([, module]) => module.replaceAll('-', '.'));
  const found = contracts.filter(({ type }) => names.includes(type));
  if (found.length === 0) throw new Error(`${folder}/src/main.ts works on no contract of the registry.`);
  return found;
}

const triggersOf = (contract) =>
  lanes.map((lane) => {
    const atOnce = shareOf(lane, contract.concurrency);
    return {
      type: 'rabbitmq',
      metadata: {
        queueName: queueName(contract.queue, lane),
        // Over HTTP, ready and unacknowledged messages count: a worker that is busy is not taken for one without work.
        protocol: 'http',
        mode: 'QueueLength',
        value: String(Math.max(1, Math.round(atOnce * FULL))),
      },
      authenticationRef: { name: 'offload-rabbitmq' },
    };
  });

function manifestsOf({ name, script }) {
  const folder = script.split('/').slice(0, 2).join('/');
  const fetches = '@offload/outbound' in JSON.parse(read(`${folder}/package.json`)).dependencies;
  const { env = [], envFrom = [] } = OWN[name] ?? {};
  const app = { 'app.kubernetes.io/name': name };
  const metadata = { name, labels: app };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        // `replicas` is KEDA's.
        revisionHistoryLimit: 3,
        strategy: { rollingUpdate: { maxUnavailable: '25%', maxSurge: 1 } },
        selector: { matchLabels: app },
        template: {
          metadata: {
            labels: {
              ...app,
              'offload/role': 'worker',
              'offload/egress': fetches || name === 's3-uploader' ? 'internet' : 'none',
            },
          },
          spec: {
            serviceAccountName: 'offload',
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: GRACE,
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 1000,
              runAsGroup: 1000,
              fsGroup: 1000,
              seccompProfile: { type: 'RuntimeDefault' },
            },
            containers: [
              {
                name: 'worker',
                image: 'offload',
                command: ['node', script],
                envFrom: [{ configMapRef: { name: 'offload' } }, ...envFrom],
                env: [...servers, ...env],
                ports: [{ name: 'health', containerPort: 8080 }],
                ...probes,
                resources: RESOURCES[name] ?? USUAL,
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'] },
                },
                volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
              },
            ],
            volumes: [{ name: 'tmp', emptyDir: {} }],
          },
        },
      },
    },
    {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata,
      spec: {
        scaleTargetRef: { name },
        minReplicaCount: 1,
        maxReplicaCount: MOST_REPLICAS,
        pollingInterval: 10,
        cooldownPeriod: 300,
        // When the broker's management API does not answer.
        fallback: { failureThreshold: 6, replicas: 2, behavior: 'currentReplicasIfHigher' },
        advanced: {
          horizontalPodAutoscalerConfig: {
            behavior: {
              scaleDown: {
                stabilizationWindowSeconds: 300,
                policies: [{ type: 'Percent', value: 25, periodSeconds: 60 }],
              },
            },
          },
        },
        triggers: contractsOf(folder).flatMap(triggersOf),
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { maxUnavailable: '50%', selector: { matchLabels: app } },
    },
  ];
}

/** By reference: the Secret `offload-servers` is made by an overlay, or by you. */
const servers = ['AMQP_URL', 'MONGODB_URI'].map((name) => ({
  name,
  valueFrom: { secretKeyRef: { name: 'offload-servers', key: name } },
}));

const probes = {
  // Alive: its event loop turns. Ready: broker and database are there; it stops no traffic, it shows in `kubectl get pods`.
  startupProbe: { httpGet: { path: '/healthz', port: 'health' }, periodSeconds: 2, failureThreshold: 30 },
  livenessProbe: { httpGet: { path: '/healthz', port: 'health' }, periodSeconds: 15, timeoutSeconds: 5 },
  readinessProbe: { httpGet: { path: '/readyz', port: 'health' }, periodSeconds: 10, timeoutSeconds: 5 },
};

const workers = readProcessTypes(root).filter(({ name }) => !SERVERS.includes(name));
const text = [
  '# Generated by infra/kubernetes/generate.mjs (npm run gen) from the Procfile and the contracts. Do not edit.\n',
  ...workers
    .flatMap(manifestsOf)
    .map((each) => stringify(each, { aliasDuplicateObjects: false, lineWidth: 110 })),
].join('---\n');

if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  process.stderr.write('Out of date: infra/kubernetes/base/workers.yaml. Run: npm run gen\n');
  process.exitCode = 1;
}
