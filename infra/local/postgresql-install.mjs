// @ts-check
// Puts PostgreSQL 18 with the DocumentDB extension (what FerretDB stores in) into the cache, from the packages
// of Debian testing.

import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { downloadPackages, unpackPackages, upstreamVersion } from './debian-packages.mjs';
import { elfFiles, findPatchelf, pruneLibraries, relocatePrograms } from './patchelf.mjs';
import { thisPlatform } from './platform.mjs';
import { requireVersion } from './known-versions.mjs';
import { runCommand } from './run-command.mjs';

const documentdb = 'postgresql-18-documentdb';

/** What the extensions' packages depend on but the server never loads. */
const notNeeded =
  /\/(perl|libperl|systemd|libsystemd-shared|locales|libc-l10n|gnupg|gpg|passwd|openssl_|fonts|procps|tzdata|dpkg|tar|adduser|debconf|ssl-cert|postgresql-common|postgresql-client-common|libc-bin|gdal-data|libc-gconv)/;

/** @type {import('./server-cache.mjs').Recipe} */
export const postgresqlRecipe = {
  name: 'postgresql-documentdb',
  variable: 'MONGODB_URI',
  revision: 1,
  accepts: (version) => /^18\.\d+-1\.0$/.test(version),

  async unpack(work, context) {
    const apt = join(work, 'apt');
    const debs = await downloadPackages(apt, { suite: 'testing', packages: [documentdb] }, context);
    const extension = upstreamVersion(debs, documentdb).split('.').slice(0, 2).join('.');
    const version = `${upstreamVersion(debs, 'postgresql-18')}-${extension}`;
    requireVersion('PostgreSQL with DocumentDB', version, this.accepts(version), 'MONGODB_URI');
    const wanted = debs.filter((deb) => !notNeeded.test(deb));
    await unpackPackages(wanted, work, context);
    rmSync(apt, { recursive: true });
    return version;
  },

  async relocate(work, final, context) {
    const { triplet, loader } = thisPlatform();
    const patchelf = await findPatchelf(context);
    const server = join(work, 'usr/lib/postgresql/18');
    const programs = ['postgres', 'initdb', 'psql'].map((name) => join(server, 'bin', name));
    for (const name of readdirSync(join(server, 'bin'))) {
      const program = join(server, 'bin', name);
      if (!programs.includes(program)) rmSync(program);
    }
    const libraries = libraryFolders(final, triplet);
    const own = join(final, 'usr/lib/postgresql/18/lib');
    const loaderPath = join(final, 'usr/lib', triplet, loader);
    await relocatePrograms(
      patchelf,
      programs,
      { loader: loaderPath, libraries: [...libraries, own] },
      context,
    );

    const extensions = elfFiles(join(server, 'lib'));
    for (const extension of extensions) await dropRunpath(patchelf, extension, context);
    const postgis = join(work, 'usr/share/postgresql/18/extension');
    // Debian's maintainer script registers it under its plain name; we run none of those.
    copyFileSync(join(postgis, 'postgis-3.control'), join(postgis, 'postgis.control'));

    const present = libraryFolders(work, triplet).filter((folder) => existsSync(folder));
    await pruneLibraries(patchelf, present, [...programs, ...extensions], context);
    removeUnused(work, triplet);
  },
};

/**
 * @param {string} root
 * @param {string} triplet
 */
function libraryFolders(root, triplet) {
  const libraries = join(root, 'usr/lib', triplet);
  return [libraries, join(libraries, 'blas'), join(libraries, 'lapack')];
}

/**
 * An extension's own DT_RUNPATH would make the loader ignore the program's DT_RPATH for what it needs (ld.so(8)).
 * @param {string} patchelf
 * @param {string} file
 * @param {import('./server-cache.mjs').InstallContext} context
 */
async function dropRunpath(patchelf, file, context) {
  const run = { signal: context.signal, logFile: context.logFile };
  if ((await runCommand(patchelf, ['--print-rpath', file], run)).trim() === '') return;
  await runCommand(patchelf, ['--remove-rpath', file], run);
}

/**
 * @param {string} work
 * @param {string} triplet
 */
function removeUnused(work, triplet) {
  for (const part of [
    'usr/sbin',
    'usr/bin',
    'etc',
    'var',
    'usr/include',
    'usr/libexec',
    `usr/lib/${triplet}/gconv`,
  ]) {
    rmSync(join(work, part), { recursive: true, force: true });
  }
  const share = join(work, 'usr/share');
  for (const name of readdirSync(share)) {
    if (name !== 'postgresql') rmSync(join(share, name), { recursive: true });
  }
}
