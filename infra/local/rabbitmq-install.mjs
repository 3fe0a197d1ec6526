// @ts-check
// Puts RabbitMQ with its Erlang into the cache, from the packages of a Debian suite, on any supported release: 4.0 with
// Erlang 27 from Debian 13, or another one that OFFLOAD_RABBITMQ_SUITE names.

import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadPackages, unpackPackages, upstreamVersion } from './debian-packages.mjs';
import { elfFiles, findPatchelf, isElf, pruneLibraries, relocatePrograms } from './patchelf.mjs';
import { thisPlatform } from './platform.mjs';
import { requireVersion } from './known-versions.mjs';
import { SetupFailure } from './failure.mjs';

/** What each suite has: bookworm 3.10, trixie 4.0 (the default), testing 4.3. */
const suites = ['trixie', 'bookworm', 'testing'];

/** Their programs are the system's; only what Erlang itself loads is needed. */
const notNeeded =
  /\/(python|libpython|perl|dpkg|tar|passwd|adduser|debconf|base-passwd|tzdata|procps|openssl_)/;

/**
 * @param {NodeJS.ProcessEnv} env  its OFFLOAD_RABBITMQ_SUITE is the suite; trixie without it
 * @returns {import('./server-cache.mjs').Recipe}
 * @throws {SetupFailure} for a suite that is none of these
 */
export function rabbitmqRecipe(env) {
  const suite = env['OFFLOAD_RABBITMQ_SUITE'] || suites[0];
  if (suite === undefined || !suites.includes(suite)) {
    throw new SetupFailure(
      `OFFLOAD_RABBITMQ_SUITE is \`${suite}\``,
      'It names the Debian suite whose RabbitMQ is to be run.',
      [`set it to one of ${suites.join(', ')}, or unset it`],
    );
  }
  return recipeOf(suite);
}

/** @type {(suite: string) => import('./server-cache.mjs').Recipe} */
const recipeOf = (suite) => ({
  // Names of their own, or the newest in the cache would be taken for all of them.
  name: suite === suites[0] ? 'rabbitmq' : `rabbitmq-${suite}`,
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
    mergeLibraries(join(work, 'lib', triplet), join(work, 'usr/lib', triplet));
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
});

/**
 * Packages of before the merge of /lib into /usr/lib (bookworm's) have the C library in the former.
 * @param {string} from
 * @param {string} to
 */
function mergeLibraries(from, to) {
  if (!existsSync(from)) return;
  for (const name of readdirSync(from)) renameSync(join(from, name), join(to, name));
}

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
