// @ts-check
// Puts RabbitMQ 4.0 with Erlang 27 into the cache, from Debian 13's packages on any supported release.

import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadPackages, unpackPackages, upstreamVersion } from './debian-packages.mjs';
import { elfFiles, findPatchelf, isElf, pruneLibraries, relocatePrograms } from './patchelf.mjs';
import { thisPlatform } from './platform.mjs';
import { requireVersion } from './known-versions.mjs';

const suite = 'trixie';

/** Their programs are the system's; only what Erlang itself loads is needed. */
const notNeeded =
  /\/(python|libpython|perl|dpkg|tar|passwd|adduser|debconf|base-passwd|tzdata|procps|openssl_)/;

/** @type {import('./server-cache.mjs').Recipe} */
export const rabbitmqRecipe = {
  name: 'rabbitmq',
  variable: 'AMQP_URL',
  revision: 1,
  accepts: (version) => /^(3\.1[0-3]|4\.[0-3])\./.test(version),

  async unpack(work, context) {
    const apt = join(work, 'apt');
    const debs = await downloadPackages(apt, { suite, packages: ['rabbitmq-server'] }, context);
    const version = upstreamVersion(debs, 'rabbitmq-server');
    requireVersion('RabbitMQ', version, this.accepts(version), 'AMQP_URL');
    const wanted = debs.filter((deb) => !notNeeded.test(deb));
    await unpackPackages(wanted, work, context);
    rmSync(apt, { recursive: true });
    return version;
  },

  async relocate(work, final, context) {
    const { triplet, loader } = thisPlatform();
    const patchelf = await findPatchelf(context);
    const erlang = join(work, 'usr/lib/erlang');
    const finalLibraries = join(final, 'usr/lib', triplet);
    const programs = erlangPrograms(erlang);
    await relocatePrograms(
      patchelf,
      programs,
      { loader: join(finalLibraries, loader), libraries: [finalLibraries] },
      context,
    );
    moveScripts(erlang, join(final, 'usr/lib/erlang'));
    const drivers = elfFiles(join(erlang, 'lib'));
    await pruneLibraries(patchelf, [join(work, 'usr/lib', triplet)], [...programs, ...drivers], context);
    for (const part of ['usr/share', 'usr/sbin', 'usr/bin', 'etc', 'var', `usr/lib/${triplet}/gconv`]) {
      rmSync(join(work, part), { recursive: true, force: true });
    }
  },
};

/**
 * @param {string} erlang
 * @returns {string[]} the executables: the emulator, and what it starts
 */
function erlangPrograms(erlang) {
  const folders = ['bin', ...below(erlang, '', /^erts-/, 'bin')];
  for (const library of below(erlang, 'lib', /./, 'priv/bin')) folders.push(library);
  return folders.flatMap((folder) => {
    const path = join(erlang, folder);
    if (!existsSync(path)) return [];
    return readdirSync(path)
      .map((name) => join(path, name))
      .filter((file) => isElf(file) && (statSync(file).mode & 0o111) !== 0);
  });
}

/**
 * @param {string} erlang
 * @param {string} folder
 * @param {RegExp} name
 * @param {string} suffix
 */
function below(erlang, folder, name, suffix) {
  return readdirSync(join(erlang, folder))
    .filter((entry) => name.test(entry))
    .map((entry) => join(folder, entry, suffix));
}

/**
 * Erlang's start scripts name the folder that they were installed to.
 * @param {string} erlang  where they are
 * @param {string} final   where they will be
 */
function moveScripts(erlang, final) {
  for (const folder of ['bin', ...below(erlang, '', /^erts-/, 'bin'), 'releases']) {
    for (const entry of readdirSync(join(erlang, folder), { withFileTypes: true })) {
      const file = join(erlang, folder, entry.name);
      if (!entry.isFile() || isElf(file)) continue;
      const bytes = readFileSync(file);
      if (bytes.includes(0)) continue; // a boot file: compiled, and free of absolute paths
      const text = bytes.toString('utf8');
      if (text.includes('/usr/lib/erlang')) writeFileSync(file, text.replaceAll('/usr/lib/erlang', final));
    }
  }
}
