// @ts-check
// Unpacks Debian packages with all their libraries into a folder, as any user: apt works on a private state
// in which nothing is installed, dpkg-deb only unpacks. No root, no chroot, no maintainer scripts, and
// packages of another release than the system's.

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupFailure } from './failure.mjs';
import { thisPlatform } from './platform.mjs';
import { runCommand } from './run-command.mjs';

/** @typedef {import('./server-cache.mjs').InstallContext} InstallContext */

/** Debian renames it from .gpg to .pgp. */
const keyrings = [
  '/usr/share/keyrings/debian-archive-keyring.gpg',
  '/usr/share/keyrings/debian-archive-keyring.pgp',
];

/**
 * The system's own Debian mirrors: the main archive and the one of security updates.
 * @param {string} targets   lines `REPOSITORY_URI RELEASE` as `apt-get indextargets` gives them
 * @param {string} codename  of the system's release
 * @returns {{ main: string | undefined, security: string | undefined }}
 */
export function mirrorsFrom(targets, codename) {
  const lines = targets.split('\n').map((line) => line.trim().split(' '));
  const of = (/** @type {string} */ release) => lines.find((line) => line[1] === release)?.[0];
  return { main: of(codename) ?? of('stable'), security: of(`${codename}-security`) };
}

/**
 * Downloads a package of a suite and what it depends on.
 * @param {string} folder   where apt keeps its private state, lists and downloads
 * @param {{ suite: string, packages: string[], security?: boolean }} wanted
 *   `suite` is a codename or `testing`; `security`: also look among the system release's security updates
 * @param {InstallContext} context
 * @returns {Promise<string[]>} the paths of the .deb files
 */
export async function downloadPackages(folder, wanted, context) {
  const { codename } = thisPlatform();
  const run = { signal: context.signal, logFile: context.logFile };
  const format = ['indextargets', '--format', '$(REPO_URI) $(RELEASE)', 'Created-By: Packages'];
  const mirrors = mirrorsFrom(await runCommand('apt-get', format, run), codename);
  const main = process.env['OFFLOAD_DEBIAN_MIRROR'] ?? mirrors.main;
  const keyring = keyrings.find((file) => existsSync(file));
  if (!main || !keyring) throw noMirror(main, codename);

  for (const part of ['state/lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  writeFileSync(join(folder, 'state/status'), '');
  const sources = [`deb [signed-by=${keyring}] ${main} ${wanted.suite} main`];
  if (wanted.security && mirrors.security) {
    sources.push(`deb [signed-by=${keyring}] ${mirrors.security} ${codename}-security main`);
  }
  writeFileSync(join(folder, 'sources.list'), sources.join('\n') + '\n');
  const configuration = join(folder, 'apt.conf');
  writeFileSync(configuration, privateConfiguration(folder, await runCommand('apt-config', ['dump'], run)));

  const env = { ...process.env, APT_CONFIG: configuration, LC_ALL: 'C.UTF-8' };
  context.note('reading the package lists');
  await runCommand('apt-get', ['update', '--error-on=any'], { ...run, env });
  context.note('downloading');
  await runCommand('apt-get', ['install', '--yes', '--download-only', ...wanted.packages], { ...run, env });
  const archives = join(folder, 'cache/archives');
  return readdirSync(archives)
    .filter((name) => name.endsWith('.deb'))
    .map((name) => join(archives, name));
}

/**
 * @param {string[]} debs
 * @param {string} root
 * @param {InstallContext} context
 */
export async function unpackPackages(debs, root, context) {
  context.note('unpacking');
  mkdirSync(root, { recursive: true });
  for (const deb of debs) {
    await runCommand('dpkg-deb', ['--extract', deb, root], {
      signal: context.signal,
      logFile: context.logFile,
    });
    rmSync(deb); // a disk needs to hold each package only once
  }
}

/**
 * The upstream part of a package's version: `1:27.3.4.1+dfsg-1` gives `27.3.4.1`.
 * @param {string[]} debs   file names as apt writes them, `name_version_arch.deb`
 * @param {string} name
 * @returns {string} '' when the package is not among them
 */
export function upstreamVersion(debs, name) {
  for (const deb of debs) {
    const [packageName, version = ''] = (deb.split('/').at(-1) ?? '').split('_');
    if (packageName === name) return /^(?:\d+%3a)?([0-9.]+)/.exec(version)?.[1] ?? '';
  }
  return '';
}

/**
 * The system's own settings of how to reach a mirror (proxies, certificates) are kept; everything else is ours.
 * @param {string} folder
 * @param {string} systemSettings  the output of `apt-config dump`
 * @returns {string} the text of an apt.conf(5)
 */
export function privateConfiguration(folder, systemSettings) {
  const kept = systemSettings
    .split('\n')
    .filter((line) => /^Acquire::(https?|ftp|Retries|ForceIPv)/i.test(line));
  const none = '"/dev/null";';
  return [
    ...kept,
    `Dir::Etc::main ${none}`,
    `Dir::Etc::parts ${none}`,
    `Dir::Etc::sourceparts ${none}`,
    `Dir::Etc::preferences ${none}`,
    `Dir::Etc::preferencesparts ${none}`,
    `Dir::Etc::trusted ${none}`,
    `Dir::Etc::trustedparts ${none}`,
    `Dir::Etc::sourcelist "${folder}/sources.list";`,
    `Dir::State "${folder}/state";`,
    `Dir::State::status "${folder}/state/status";`,
    `Dir::Cache "${folder}/cache";`,
    `Dir::Log "${folder}";`,
    'APT::Sandbox::User "";', // its own user could not write to a folder below a private home
    'APT::Install-Recommends "false";',
    'Acquire::Languages "none";',
    'Acquire::Check-Valid-Until "false";',
    'Acquire::Retries "3";',
    '',
  ].join('\n');
}

/**
 * @param {string | undefined} main
 * @param {string} codename
 */
function noMirror(main, codename) {
  const why = main
    ? `The keys of Debian's archive are missing (${keyrings[0]}).`
    : `apt has no source for the release ${codename} in /etc/apt/sources.list or /etc/apt/sources.list.d.`;
  return new SetupFailure('Debian packages cannot be fetched', why, [
    main
      ? 'install the package debian-archive-keyring'
      : 'add a Debian mirror to apt, or set OFFLOAD_DEBIAN_MIRROR to its URL',
    'or use Docker: `docker compose up`',
    'or set AMQP_URL and MONGODB_URI to servers that run already',
  ]);
}
