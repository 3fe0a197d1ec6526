/** The overlays as kustomize renders them, judged by kubeconform with the vendored schemas. Builds both at the first time. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { goRecipe } from '../../infra/local/go-install.mjs';
import { ensureInstalled } from '../../infra/local/server-cache.mjs';

const BUILD_MS = 600_000;
const folder = fileURLToPath(new URL('../../infra/kubernetes/', import.meta.url));
// The newest that Go 1.26 builds: where GOTOOLCHAIN is `local`, as in Go's own images, no newer one is fetched.
const programs = [
  { name: 'kustomize', version: '5.8.2', module: 'sigs.k8s.io/kustomize/kustomize/v5' },
  { name: 'kubeconform', version: '0.8.0', module: 'github.com/yannh/kubeconform/cmd/kubeconform' },
];
const paths: Record<string, string> = {};

beforeAll(async () => {
  const logFile = join(mkdtempSync(join(tmpdir(), 'offload-kubernetes-')), 'go.log');
  const context = { signal: new AbortController().signal, logFile, note: () => undefined };
  for (const { name, version, module } of programs) {
    const recipe = goRecipe({ name, version, module, variable: 'PATH' });
    const { folder: installed } = await ensureInstalled(recipe, context);
    paths[name] = join(installed, 'bin', name);
  }
}, BUILD_MS);

const render = (overlay: string): string =>
  execFileSync(paths['kustomize']!, ['build', join(folder, 'overlays', overlay)], { encoding: 'utf8' });

/** Of an object without a group (apiVersion `v1`) kubeconform calls the version the group, too. */
const SCHEMAS = join(
  folder,
  'schemas/{{ .ResourceKind }}-{{ if ne .Group .ResourceAPIVersion }}{{ .Group }}{{ end }}-{{ .ResourceAPIVersion }}.json',
);

/** What kubeconform says; `resources` are those that it finds fault with. Its exit code says no more. */
function judge(manifests: string) {
  const args = ['-strict', '-summary', '-output', 'json', '-skip', 'Secret', '-schema-location', SCHEMAS];
  const { stdout } = spawnSync(paths['kubeconform']!, args, { encoding: 'utf8', input: manifests });
  return JSON.parse(stdout) as {
    resources: unknown[];
    summary: { valid: number; invalid: number; errors: number; skipped: number };
  };
}

test.each(['operators', 'own-servers'])(
  'the overlay %s is rendered, and every object of it is valid',
  (overlay) => {
    const rendered = render(overlay);
    const { resources, summary } = judge(rendered);
    const objects = parseAllDocuments(rendered).length;
    expect(resources).toEqual([]);
    expect(summary).toMatchObject({ invalid: 0, errors: 0 });
    expect(summary.valid + summary.skipped).toBe(objects);
    expect(objects).toBeGreaterThan(30);
  },
);

test("with the operators' servers, every process has its URLs from the Secrets that the operators make", () => {
  const deployments = parseAllDocuments(render('operators'))
    .map(
      (document) =>
        document.toJS() as {
          kind: string;
          spec: { template: { spec: { containers: { env: unknown[] }[] } } };
        },
    )
    .filter(({ kind }) => kind === 'Deployment');
  expect(deployments.length).toBeGreaterThan(5);
  for (const { spec } of deployments)
    expect(spec.template.spec.containers[0]?.env.slice(0, 2)).toEqual([
      {
        name: 'AMQP_URL',
        valueFrom: { secretKeyRef: { name: 'rabbitmq-default-user', key: 'connection_string' } },
      },
      {
        name: 'MONGODB_URI',
        valueFrom: { secretKeyRef: { name: 'offload-mongodb', key: 'connectionString.standard' } },
      },
    ]);
});
