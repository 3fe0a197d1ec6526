import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const dist = fileURLToPath(new URL('../../services/pages/dist/', import.meta.url));
const KB = 1_000;

interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
}

const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8')) as Record<string, Chunk>;
const gzipped = (file: string): number => gzipSync(readFileSync(dist + file)).length;

test('all scripts together have at most 150 kB gzipped, and what every page needs at most 45 kB', () => {
  const scripts = readdirSync(`${dist}assets`).filter((name) => name.endsWith('.js'));
  const total = scripts.reduce((bytes, name) => bytes + gzipped(`assets/${name}`), 0);
  expect(total).toBeLessThanOrEqual(150 * KB);

  const needed = new Set<string>();
  const follow = (chunk: Chunk): void => {
    needed.add(chunk.file);
    for (const name of chunk.imports ?? []) follow(manifest[name]!);
  };
  Object.values(manifest)
    .filter(({ isEntry }) => isEntry)
    .forEach(follow);
  expect([...needed].reduce((bytes, file) => bytes + gzipped(file), 0)).toBeLessThanOrEqual(45 * KB);
});

test('the document has no inline script or style, and loads from this server alone', () => {
  const html = readFileSync(`${dist}index.html`, 'utf8');
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/i);
  const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
  expect(addresses.length).toBeGreaterThan(2);
  expect(addresses.filter((address) => !/^\/[^/]/.test(address))).toEqual([]);
});
