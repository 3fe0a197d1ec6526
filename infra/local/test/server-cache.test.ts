import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { cacheFolder } from '../folders.mjs';
import { ensureInstalled, findInstalled } from '../server-cache.mjs';
import { temporaryFolder } from './temporary-folder.js';

const before = process.env['XDG_CACHE_HOME'];
beforeEach(() => {
  process.env['XDG_CACHE_HOME'] = temporaryFolder('cache');
});
afterAll(() => {
  if (before === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = before;
});

const context = { signal: new AbortController().signal, logFile: '', note: () => undefined };

function recipe(version: string, revision = 1) {
  let runs = 0;
  return {
    name: 'sample',
    revision,
    accepts: (found: string) => found !== '0.1',
    unpack: async (work: string) => {
      runs += 1;
      writeFileSync(join(work, 'server'), `version ${version}`);
      return version;
    },
    runs: () => runs,
  };
}

describe('the cache of servers', () => {
  test('is below XDG_CACHE_HOME when that is absolute, else below ~/.cache', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/srv/cache' })).toBe('/srv/cache/offload');
    expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toMatch(/\/\.cache\/offload$/);
    expect(cacheFolder({})).toMatch(/\/\.cache\/offload$/);
  });

  test('makes a server once, even when two ask at the same time', async () => {
    const sample = recipe('1.0');
    const [first, second] = await Promise.all([
      ensureInstalled(sample, context),
      ensureInstalled(sample, context),
    ]);
    expect(first).toEqual({ folder: join(cacheFolder(), 'sample-1.0-r1'), version: '1.0' });
    expect(second).toEqual(first);
    expect(await ensureInstalled(sample, context)).toEqual(first);
    expect(sample.runs()).toBe(1);
    expect(readFileSync(join(first.folder, 'server'), 'utf8')).toBe('version 1.0');
  });

  test('keeps nothing of a server that could not be made', async () => {
    const broken = { ...recipe('1.0'), unpack: () => Promise.reject(new Error('no network')) };
    await expect(ensureInstalled(broken, context)).rejects.toThrow('no network');
    expect(findInstalled(broken)).toBeUndefined();
    expect(readdirSync(cacheFolder())).toEqual([]);
  });

  test('removes what a process that was killed left half done', async () => {
    const half = join(cacheFolder(), '.sample.work-1');
    mkdirSync(half, { recursive: true });
    await ensureInstalled(recipe('1.0'), context);
    expect(existsSync(half)).toBe(false);
  });

  test('does not use a folder that is not marked complete, nor one of another revision or refused version', async () => {
    mkdirSync(join(cacheFolder(), 'sample-3.0-r1'), { recursive: true });
    await ensureInstalled(recipe('2.0', 2), context);
    await ensureInstalled({ ...recipe('0.1'), accepts: () => true }, context);
    expect(findInstalled(recipe('x'))).toBeUndefined();
  });

  test('uses the newest version: 10 is newer than 9', async () => {
    await ensureInstalled(recipe('10.0'), context);
    const nine = { ...recipe('9.0'), accepts: (found: string) => found === '9.0' };
    await ensureInstalled(nine, context);
    expect(findInstalled(recipe('x'))?.version).toBe('10.0');
  });
});
