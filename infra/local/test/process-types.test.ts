import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseCounts, parseProcfile, readProcessTypes } from '../procfile.mjs';
import { dependents, readWorkspaces } from '../workspace-graph.mjs';
import { temporaryFolder } from './temporary-folder.js';

describe('the Procfile', () => {
  test('each line is a process type; comments and empty lines are not', () => {
    const text = '# processes\n\nweb: node services/api/dist/main.js\nfeed-fetcher: node a/b.js --fast 2\n';
    expect(parseProcfile(text)).toEqual([
      { name: 'web', script: 'services/api/dist/main.js', args: [] },
      { name: 'feed-fetcher', script: 'a/b.js', args: ['--fast', '2'] },
    ]);
  });

  test.each([
    'web: FOO=1 node a.js',
    'web: node a.js | tee log',
    'web: node "a b.js"',
    'web node a.js',
    'web: python a.py',
  ])('a line that needs a shell is refused: %s', (line) => {
    expect(() => parseProcfile(line)).toThrow('The Procfile has a line that cannot be run');
  });

  test('what a process needs comes from its package.json; sharp gets one malloc arena pair', () => {
    const root = temporaryFolder('procfile');
    const manifest = (name: string, value: object) => {
      mkdirSync(join(root, 'services', name), { recursive: true });
      writeFileSync(join(root, 'services', name, 'package.json'), JSON.stringify(value));
    };
    manifest('s3-uploader', { offload: { needs: ['s3'] } });
    manifest('image-resizer', { dependencies: { sharp: '1.0.0' } });
    const line = (name: string) => `${name}: node services/${name}/dist/main.js\n`;
    writeFileSync(join(root, 'Procfile'), line('s3-uploader') + line('image-resizer'));
    const [uploader, resizer] = readProcessTypes(root);
    expect(uploader).toMatchObject({ needs: ['s3'], env: {} });
    expect(resizer).toMatchObject({ needs: [], env: { MALLOC_ARENA_MAX: '2' } });
  });
});

describe('counts', () => {
  const names = ['web', 'clock', 'feed-fetcher'];

  test('one of each, unless said otherwise; none is possible', () => {
    const counts = parseCounts(['feed-fetcher=3', 'clock=0'], names);
    expect(Object.fromEntries(counts)).toEqual({ web: 1, clock: 0, 'feed-fetcher': 3 });
  });

  test.each([
    ['nope=2', 'There is no process type `nope`'],
    ['feed-fetcher=many', '`feed-fetcher=many` is not a process type and a number'],
    ['feed-fetcher=-1', 'is not a process type and a number'],
    ['feed-fetcher', 'is not a process type and a number'],
    ['web=2', 'There can be only one `web`'],
  ])('%s is refused', (arg, message) => {
    expect(() => parseCounts([arg], names)).toThrow(message);
  });

  test('the refusal lists the process types', () => {
    expect.assertions(1);
    try {
      parseCounts(['nope=2'], names);
    } catch (error) {
      expect((error as { why: string }).why).toContain('web, clock, feed-fetcher');
    }
  });
});

describe('what a change restarts', () => {
  const workspaces = [
    { name: '@offload/contracts', folder: 'libs/contracts', dependencies: ['zod'] },
    { name: '@offload/worker', folder: 'libs/worker', dependencies: ['@offload/contracts'] },
    { name: '@offload/echo', folder: 'services/echo', dependencies: ['@offload/worker'] },
    { name: '@offload/clock', folder: 'services/clock', dependencies: [] },
  ];

  test('a service: only itself', () => {
    expect([...dependents(workspaces, 'services/clock')]).toEqual(['services/clock']);
  });

  test('a lib: all that depend on it, however indirectly, and nothing else', () => {
    const found = [...dependents(workspaces, 'libs/contracts')].sort();
    expect(found).toEqual(['libs/contracts', 'libs/worker', 'services/echo']);
  });

  test('workspaces are read from libs and services', () => {
    const root = temporaryFolder('workspaces');
    mkdirSync(join(root, 'libs/a'), { recursive: true });
    writeFileSync(join(root, 'libs/a/package.json'), '{"name":"@offload/a","dependencies":{"zod":"4"}}');
    mkdirSync(join(root, 'libs/not-a-package'));
    expect(readWorkspaces(root)).toEqual([{ name: '@offload/a', folder: 'libs/a', dependencies: ['zod'] }]);
  });
});
