// @ts-check
// The cache of server binaries: one folder per server, version and recipe, complete or not there at all.

import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './folders.mjs';
import { withLock } from './lock.mjs';

/**
 * @typedef {object} Installed
 * @property {string} folder
 * @property {string} version  of the server, as upstream names it
 */

/**
 * How a server gets into the cache.
 * @typedef {object} Recipe
 * @property {string} name
 * @property {number} revision  goes up when the recipe changes, so that older results are made again
 * @property {(work: string, context: InstallContext) => Promise<string>} unpack
 *   fills the work folder and returns the server's version
 * @property {(work: string, final: string, context: InstallContext) => Promise<void>} [relocate]
 *   makes the work folder ready to be renamed to its final path
 * @property {string} [variable]  the environment variable that names a server of one's own, for messages
 * @property {(version: string) => boolean} accepts  whether a version in the cache is still one that we know
 */

/**
 * @typedef {object} InstallContext
 * @property {AbortSignal} signal
 * @property {string} logFile
 * @property {(note: string) => void} note  shown beside the step
 */

/** Says that a folder of the cache is complete. */
const marker = 'offload.json';

/**
 * @param {Recipe} recipe
 * @returns {Installed | undefined} the newest complete result of this recipe
 */
export function findInstalled(recipe) {
  /** @type {Installed[]} */
  const found = [];
  for (const entry of listFolder(cacheFolder())) {
    if (!entry.startsWith(`${recipe.name}-`)) continue;
    const folder = join(cacheFolder(), entry);
    const facts = readMarker(join(folder, marker));
    if (facts?.name !== recipe.name || facts.revision !== recipe.revision) continue;
    if (recipe.accepts(facts.version)) found.push({ folder, version: facts.version });
  }
  return found.sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true })).at(-1);
}

/**
 * Finds the server in the cache or makes it. Processes that need the same server wait for the one that is
 * making it. The result is made in a folder of its own and renamed into place, so a crash leaves nothing half done.
 * @param {Recipe} recipe
 * @param {InstallContext} context
 * @returns {Promise<Installed>}
 */
export async function ensureInstalled(recipe, context) {
  const present = findInstalled(recipe);
  if (present) return present;
  const cache = cacheFolder();
  mkdirSync(cache, { recursive: true, mode: 0o755 });
  const lock = join(cache, `.${recipe.name}.lock`);
  /** @type {(holder: { pid: number }) => void} */
  const onWait = ({ pid }) => context.note(`process ${pid} is making it; waiting`);
  return withLock(lock, { signal: context.signal, onWait }, async () => {
    const made = findInstalled(recipe);
    if (made) return made;
    const prefix = `.${recipe.name}.work-`;
    for (const left of listFolder(cache).filter((name) => name.startsWith(prefix))) {
      rmSync(join(cache, left), { recursive: true, force: true }); // of a process that died; we have the lock
    }
    const work = join(cache, `${prefix}${process.pid}`);
    mkdirSync(work);
    try {
      const version = await recipe.unpack(work, context);
      const final = join(cache, `${recipe.name}-${version}-r${recipe.revision}`);
      await recipe.relocate?.(work, final, context);
      const facts = { name: recipe.name, revision: recipe.revision, version };
      writeFileSync(join(work, marker), JSON.stringify(facts) + '\n');
      rmSync(final, { recursive: true, force: true });
      renameSync(work, final);
      return { folder: final, version };
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function listFolder(folder) {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * @param {string} file
 * @returns {{ name: string, revision: number, version: string } | undefined}
 */
function readMarker(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // not there or half written: the folder is not complete
  }
}
