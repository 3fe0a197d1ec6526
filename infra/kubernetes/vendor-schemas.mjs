// Writes infra/kubernetes/schemas: what the manifests are checked against, from the sources of Kubernetes and of the
// operators as the Go module proxy has them. To be run by hand when a version goes up:  node infra/kubernetes/vendor-schemas.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

const KUBERNETES = 'k8s.io/kubernetes@v1.36.3';
/** Kind by kind: the group's OpenAPI document, and the schema's name in it. */
const KINDS = {
  'deployment-apps-v1': ['apis__apps__v1', 'io.k8s.api.apps.v1.Deployment'],
  'service--v1': ['api__v1', 'io.k8s.api.core.v1.Service'],
  'configmap--v1': ['api__v1', 'io.k8s.api.core.v1.ConfigMap'],
  'serviceaccount--v1': ['api__v1', 'io.k8s.api.core.v1.ServiceAccount'],
  'horizontalpodautoscaler-autoscaling-v2': [
    'apis__autoscaling__v2',
    'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  ],
  'poddisruptionbudget-policy-v1': ['apis__policy__v1', 'io.k8s.api.policy.v1.PodDisruptionBudget'],
  'networkpolicy-networking.k8s.io-v1': [
    'apis__networking.k8s.io__v1',
    'io.k8s.api.networking.v1.NetworkPolicy',
  ],
};
/** Custom resources: the operator's module, the file of the definition in it, and the version that we use. */
const CUSTOM = [
  ['github.com/kedacore/keda/v2@v2.21.0', 'config/crd/bases/keda.sh_scaledobjects.yaml', 'v1alpha1'],
  ['github.com/kedacore/keda/v2@v2.21.0', 'config/crd/bases/keda.sh_triggerauthentications.yaml', 'v1alpha1'],
  [
    'github.com/rabbitmq/cluster-operator/v2@v2.16.0',
    'config/crd/bases/rabbitmq.com_rabbitmqclusters.yaml',
    'v1beta1',
  ],
  [
    'github.com/mongodb/mongodb-kubernetes-operator@v0.9.0',
    'config/crd/bases/mongodbcommunity.mongodb.com_mongodbcommunity.yaml',
    'v1',
  ],
];

const folder = mkdtempSync(join(tmpdir(), 'offload-schemas-'));
const go = (...args) => execFileSync('go', args, { cwd: folder, encoding: 'utf8' });
go('mod', 'init', 'schemas');
const sourceOf = (module) => JSON.parse(go('mod', 'download', '-json', module)).Dir;

/** Without texts; unknown fields are errors, as with `kubectl apply --validate=strict`. */
function strict(schema) {
  if (Array.isArray(schema)) return schema.map(strict);
  if (schema === null || typeof schema !== 'object') return schema;
  const out = Object.fromEntries(
    Object.entries(schema)
      // One that is no text is the schema of a property of that name.
      .filter(([key, value]) => key !== 'description' || typeof value !== 'string')
      .map(([key, value]) => [key, strict(value)]),
  );
  const open = out['x-kubernetes-preserve-unknown-fields'] || out.additionalProperties !== undefined;
  if (out.type === 'object' && out.properties && !open) out.additionalProperties = false;
  if (out['x-kubernetes-int-or-string']) delete out.type;
  if (typeof out.$ref === 'string') out.$ref = out.$ref.replace('#/components/schemas/', '#/definitions/');
  return out;
}

/** The schema with those that it refers to. */
function standalone(all, name) {
  const definitions = {};
  const take = (key) => {
    if (definitions[key]) return;
    definitions[key] = strict(all[key]);
    for (const [, other] of JSON.stringify(definitions[key]).matchAll(/"#\/definitions\/([^"]+)"/g))
      take(other);
  };
  take(name);
  return { $ref: `#/definitions/${name}`, definitions };
}

/** What every object has, and custom definitions leave to the server. */
const OBJECT = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: { type: 'object' },
};

const write = (name, schema) =>
  writeFileSync(new URL(`schemas/${name}.json`, import.meta.url), `${JSON.stringify(schema)}\n`);

try {
  const kubernetes = sourceOf(KUBERNETES);
  for (const [name, [document, kind]] of Object.entries(KINDS)) {
    const file = join(kubernetes, 'api/openapi-spec/v3', `${document}_openapi.json`);
    write(name, standalone(JSON.parse(readFileSync(file, 'utf8')).components.schemas, kind));
  }
  for (const [module, file, version] of CUSTOM) {
    const { spec } = parse(readFileSync(join(sourceOf(module), file), 'utf8'));
    const { schema } = spec.versions.find(({ name }) => name === version);
    const { properties, ...rest } = schema.openAPIV3Schema;
    const whole = strict({ ...rest, properties: { ...properties, ...OBJECT } });
    write(`${spec.names.kind.toLowerCase()}-${spec.group}-${version}`, whole);
  }
} finally {
  rmSync(folder, { recursive: true });
}
