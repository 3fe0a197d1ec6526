// @ts-check
// Makes unpacked programs use the C library and the libraries that came with them: the system's may be older.

import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readSync,
  readdirSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { downloadPackages, unpackPackages } from './debian-packages.mjs';
import { thisPlatform } from './platform.mjs';
import { runCommand } from './run-command.mjs';
import { ensureInstalled } from './server-cache.mjs';

/** @typedef {import('./server-cache.mjs').InstallContext} InstallContext */

/** @type {import('./server-cache.mjs').Recipe} */
const recipe = {
  name: 'patchelf',
  revision: 1,
  accepts: () => true,
  async unpack(work, context) {
    const apt = join(work, 'apt');
    const debs = await downloadPackages(
      apt,
      { suite: thisPlatform().codename, packages: ['patchelf'] },
      context,
    );
    const own = debs.filter((deb) => deb.includes('/patchelf_'));
    await unpackPackages(own, join(work, 'root'), context);
    rmSync(apt, { recursive: true });
    return 'debian';
  },
};

/**
 * The patchelf on PATH, else the system release's own one in our cache.
 * @param {InstallContext} context
 * @returns {Promise<string>} path of the program
 */
export async function findPatchelf(context) {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (folder && existsSync(join(folder, 'patchelf'))) return join(folder, 'patchelf');
  }
  return join((await ensureInstalled(recipe, context)).folder, 'root/usr/bin/patchelf');
}

/**
 * @param {string} file
 * @returns {boolean} whether it is an ELF file (elf(5): its first four bytes)
 */
export function isElf(file) {
  if (!lstatSync(file).isFile()) return false;
  const start = Buffer.alloc(4);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, start, 0, 4, 0);
  } finally {
    closeSync(handle);
  }
  return start.equals(Buffer.from([0x7f, 0x45, 0x4c, 0x46]));
}

/**
 * @param {string} folder
 * @returns {string[]} every ELF file below it, links not followed
 */
export function elfFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter(isElf);
}

/**
 * Gives programs the loader and the library path of the root they will lie in. DT_RPATH, not DT_RUNPATH, so that
 * it also serves what is loaded later on (ld.so(8)).
 * @param {string} patchelf
 * @param {string[]} programs
 * @param {{ loader: string, libraries: string[] }} final  paths as they will be after the move into place
 * @param {InstallContext} context
 */
export async function relocatePrograms(patchelf, programs, final, context) {
  const run = { signal: context.signal, logFile: context.logFile };
  const rpath = ['--force-rpath', '--set-rpath', final.libraries.join(':')];
  for (const program of programs) {
    await runCommand(patchelf, ['--set-interpreter', final.loader, ...rpath, program], run);
  }
}

/**
 * Removes the libraries that nothing needs: packages depend on far more than the programs that we run.
 * @param {string} patchelf
 * @param {string[]} libraryFolders   searched for libraries, and pruned
 * @param {string[]} roots   programs and plugins that must go on working
 * @param {InstallContext} context
 */
export async function pruneLibraries(patchelf, libraryFolders, roots, context) {
  context.note('removing what is not needed');
  /** @type {Set<string>} real paths that stay */
  const needed = new Set();
  const queue = roots.map((file) => realpathSync(file));
  for (let file = queue.pop(); file; file = queue.pop()) {
    if (needed.has(file)) continue;
    needed.add(file);
    const names = await runCommand(patchelf, ['--print-needed', file], { signal: context.signal });
    for (const name of names.split('\n').filter(Boolean)) {
      const found = libraryFolders.map((folder) => join(folder, name)).find((path) => existsSync(path));
      if (found) queue.push(realpathSync(found));
    }
  }
  for (const folder of libraryFolders) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() || !/\.so(\.|$)/.test(entry.name) || entry.name.startsWith('ld-linux'))
        continue;
      const path = join(folder, entry.name);
      if (!existsSync(path) || !needed.has(realpathSync(path))) rmSync(path);
    }
  }
}
