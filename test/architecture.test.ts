import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Who may import whom (design section 3). A service may import what it declares, but never a service. */
const LIBS: Record<string, string[]> = {
  contracts: [],
  runtime: [],
  broker: ['contracts', 'runtime'],
  store: ['contracts', 'runtime'],
  outbound: ['contracts', 'runtime'],
  worker: ['contracts', 'runtime', 'broker', 'store', 'outbound'],
  client: [],
  cli: ['client'],
};
const SERVICES: Record<string, string[]> = {
  api: ['contracts', 'runtime', 'broker', 'store'],
  clock: ['contracts', 'runtime', 'broker', 'store'],
};
const CONSUMER = ['contracts', 'runtime', 'worker', 'outbound'];
/** Its outcome is kept in the store and not in a result: docs/decisions/0051. */
SERVICES['feed-fetcher'] = [...CONSUMER, 'store'];
/** As the log of its attempts is. */
SERVICES['webhook-sender'] = [...CONSUMER, 'store'];

/** In a browser: the public API and nothing else of ours. */
SERVICES.pages = ['client'];

/** Packages that only one place may import. */
const ONLY: Record<string, string> = {
  amqplib: 'libs/broker',
  mongoose: 'libs/store',
  croner: 'libs/store',
  winston: 'libs/runtime',
  express: 'services/api',
  preact: 'services/pages',
  sharp: 'services/image-resizer',
  undici: 'libs/outbound',
  standardwebhooks: 'services/webhook-sender',
  'openapi-fetch': 'libs/client',
  commander: 'libs/cli',
};

interface Workspace {
  path: string;
  name: string;
  declared: string[];
  mayImport: string[];
}

function workspaces(): Workspace[] {
  return ['libs', 'services'].flatMap((kind) =>
    readdirSync(join(root, kind)).flatMap((name) => {
      const path = `${kind}/${name}`;
      if (!existsSync(join(root, path, 'src'))) return [];
      const manifest = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as {
        dependencies?: Record<string, string>;
      };
      const mayImport = kind === 'libs' ? LIBS[name] : (SERVICES[name] ?? CONSUMER);
      if (!mayImport) throw new Error(`${path} is not in the table of this test.`);
      return [{ path, name, declared: Object.keys(manifest.dependencies ?? {}), mayImport }];
    }),
  );
}

/** Source files of a workspace, without its tests. */
function sources(path: string): string[] {
  return readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test(-[a-z]+)?\.ts$/.test(file))
    .map((file) => join(root, path, file));
}

const importsOf = (file: string): string[] =>
  ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles.map((each) => each.fileName);

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const isBuiltIn = (specifier: string): boolean =>
  specifier.startsWith('node:') || builtinModules.includes(specifier);

const all = workspaces().flatMap((workspace) =>
  sources(`${workspace.path}/src`).flatMap((file) =>
    importsOf(file).map((specifier) => ({ workspace, file: relative(root, file), specifier })),
  ),
);

describe('imports', () => {
  test('are many enough for this test to mean something', () => {
    expect(all.length).toBeGreaterThan(100);
  });

  test('of ours go in the one direction', () => {
    const wrong = all.filter(({ workspace, specifier }) => {
      if (!specifier.startsWith('@offload/')) return false;
      return !workspace.mayImport.includes(packageOf(specifier).slice('@offload/'.length));
    });
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  test('of packages are declared by the workspace that uses them', () => {
    const wrong = all.filter(
      ({ workspace, specifier }) =>
        !specifier.startsWith('.') &&
        !isBuiltIn(specifier) &&
        !workspace.declared.includes(packageOf(specifier)),
    );
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  test('never leave the workspace by a relative path', () => {
    const wrong = all.filter(({ workspace, file, specifier }) => {
      if (!specifier.startsWith('.')) return false;
      return !join(file, '..', specifier).startsWith(`${workspace.path}/src`);
    });
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  test('of drivers stand in one place each', () => {
    const wrong = all.filter(({ workspace, specifier }) => {
      const only = ONLY[packageOf(specifier)];
      return only !== undefined && only !== workspace.path;
    });
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });
});

describe('sources', () => {
  test('have at most 300 lines, test tables and what is generated apart', () => {
    const long = ['libs', 'services', 'infra', 'test'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter(
          (file) => /\.(ts|tsx|mjs|js|css|html)$/.test(file) && !/(^|\/)(dist|node_modules)\//.test(file),
        )
        .filter((file) => !/\.test\.ts$/.test(file))
        .filter((file) => file !== 'client/src/api-document.ts')
        .map((file) => join(folder, file))
        .filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 301),
    );
    expect(long).toEqual([]);
  });
});
