import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from '@jest/globals';
import { clientContracts, contracts } from '@offload/contracts/registry';
import type { AppOptions } from './app.js';
import { routesOf } from './app.js';
import { asyncApiDocument } from './asyncapi.js';
import { generatedDocuments, updateDocuments } from './generated-documents.js';
import { openApiDocument } from './openapi.js';
import { problems } from './problem.js';

const document = openApiDocument();

/** Every `$ref` in a document. */
function refsOf(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : refsOf(inner),
  );
}

const resolve = (root: unknown, ref: string): unknown =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((here, part) => (here as Record<string, unknown> | undefined)?.[part], root);

describe.each([
  ['OpenAPI', document],
  ['AsyncAPI', asyncApiDocument()],
])('the %s document', (_name, root) => {
  test('refers to nothing that is not there', () => {
    const refs = refsOf(root);
    expect(refs.length).toBeGreaterThan(10);
    expect(refs.filter((ref) => resolve(root, ref) === undefined)).toEqual([]);
  });
});

describe('npm run gen', () => {
  test('has been run: docs/ is up to date', async () => {
    expect(await updateDocuments(new URL('../../../docs/', import.meta.url), { check: true })).toEqual([]);
  });

  test('names what is missing or stale, and with --check changes nothing', async () => {
    const folder = pathToFileURL(`${await mkdtemp(join(tmpdir(), 'offload-docs-'))}/`);
    const all = ['openapi.json', 'asyncapi.json', 'tasks.md', 'errors.md'];
    expect(await updateDocuments(folder, { check: true })).toEqual(all);
    expect(await updateDocuments(folder, { check: false })).toEqual(all);
    expect(await updateDocuments(folder, { check: true })).toEqual([]);
    await writeFile(new URL('tasks.md', folder), 'edited by hand');
    expect(await updateDocuments(folder, { check: true })).toEqual(['tasks.md']);
    expect(await readFile(new URL('tasks.md', folder), 'utf8')).toBe('edited by hand');
    await rm(folder, { recursive: true });
  });
});

test('every route is in the document, and nothing else is', () => {
  // Only the table is looked at: no handler runs, so nothing of the options is needed.
  const routes = routesOf({ store: {}, broker: {}, stopping: {} } as unknown as AppOptions, document);
  const served = Object.entries(routes)
    .filter(([path]) => !/^\/docs\/.*\./.test(path))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`),
    );
  const documented = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
  expect(documented.sort()).toEqual(served.sort());
});

test('every operation has an id of its own, a summary and answers', () => {
  const operations = Object.values(document.paths ?? {}).flatMap((item) =>
    [item.get, item.post, item.patch, item.delete].filter((it) => it !== undefined),
  );
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { summary, responses } of operations) {
    expect(summary).toBeTruthy();
    expect(Object.keys(responses ?? {}).length).toBeGreaterThan(0);
  }
});

describe('the schemas', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema({ $id: 'doc', ...document });
  const validate = (schema: string, value: unknown) => {
    const check = ajv.getSchema(`doc#/components/schemas/${schema}`);
    if (!check) throw new Error(`no schema ${schema}`);
    return { valid: check(value), errors: check.errors };
  };

  test.each(clientContracts.map((contract) => [contract.type, contract] as const))(
    'take the example of %s',
    (type, { example }) => {
      expect(validate('NewTask', { type, input: example })).toMatchObject({ valid: true });
      expect(validate('NewTask', { type, input: example, foo: 1 })).toMatchObject({ valid: false });
    },
  );

  test('tell the types apart by `type`', () => {
    const union = document.components?.schemas?.NewTask as {
      oneOf?: object[];
      discriminator?: { mapping?: object };
    };
    expect(union.oneOf).toHaveLength(clientContracts.length);
    expect(Object.keys(union.discriminator?.mapping ?? {}).sort()).toEqual(
      clientContracts.map(({ type }) => type).sort(),
    );
  });

  test('know every problem code', () => {
    const problem = document.components?.schemas?.Problem as { properties?: { code?: { enum?: string[] } } };
    expect(problem.properties?.code?.enum).toEqual(Object.keys(problems));
  });

  test('carry no names of the generator', () => {
    expect(JSON.stringify(document)).not.toMatch(/"(outputId|override|unusedIO|id)":"/);
  });
});

test('the AsyncAPI document has each queue and each type', () => {
  const text = JSON.stringify(asyncApiDocument());
  for (const { type } of contracts) {
    expect(text).toContain(`"name":"${type}"`);
    expect(text).toContain(`"address":"${type}.bulk"`);
  }
});

test('docs/tasks.md has each type with its queue and an example that can be copied', () => {
  const page = generatedDocuments()['tasks.md'];
  for (const { type } of contracts) {
    expect(page).toContain(`\n## ${type}\n`);
    expect(page).toContain(`\`${type}.bulk\``);
  }
  expect(page.match(/curl -sS /g)).toHaveLength(clientContracts.length);
});
