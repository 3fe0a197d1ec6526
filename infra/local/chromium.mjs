// @ts-check
// The browser of the browser tests: `chromium` on PATH, else Debian's own package of this release, unpacked.

import { chmodSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { downloadPackages, unpackPackages, upstreamVersion } from './debian-packages.mjs';
import { elfFiles, findPatchelf, isElf, pruneLibraries } from './patchelf.mjs';
import { thisPlatform } from './platform.mjs';
import { ensureInstalled } from './server-cache.mjs';

/** The system's own C library serves a package of its own release; the rest is for a desktop. */
const notNeeded =
  /\/(libc6|libgcc|libstdc|gcc-|perl|libperl|libllvm|libgl1-mesa|mesa|dpkg|tar|debconf|adwaita|hicolor|libgtk|librsvg|dconf|passwd|systemd)/;

/** @type {import('./server-cache.mjs').Recipe} */
const recipe = {
  name: 'chromium',
  variable: 'CHROMIUM_PATH (the path of a Chromium or Chrome)',
  revision: 1,
  accepts: () => true,

  async unpack(work, context) {
    const apt = join(work, 'apt');
    const wanted = {
      suite: thisPlatform().codename,
      packages: ['chromium', 'fonts-dejavu-core'],
      security: true,
    };
    const debs = await downloadPackages(apt, wanted, context);
    const version = upstreamVersion(debs, 'chromium');
    await unpackPackages(
      debs.filter((deb) => !notNeeded.test(deb)),
      work,
      context,
    );
    rmSync(apt, { recursive: true });
    return version;
  },

  async relocate(work, final, context) {
    const { triplet } = thisPlatform();
    const programs = readdirSync(join(work, 'usr/lib/chromium'))
      .map((name) => join(work, 'usr/lib/chromium', name))
      .filter((file) => isElf(file));
    const libraries = libraryFolders(work, triplet).filter((folder) => existsSync(folder));
    const loadedLater = libraries.slice(1).flatMap((folder) => elfFiles(folder));
    const security = elfFiles(join(work, 'usr/lib', triplet)).filter((file) =>
      /lib(nss|soft|free|ssl3)/.test(file),
    );
    const patchelf = await findPatchelf(context);
    await pruneLibraries(patchelf, libraries, [...programs, ...loadedLater, ...security], context);
    for (const part of [
      'etc',
      'var',
      'usr/sbin',
      'usr/bin',
      'usr/share/doc',
      'usr/share/locale',
      'usr/share/icons',
    ]) {
      rmSync(join(work, part), { recursive: true, force: true });
    }
    writeStarter(work, final, triplet);
  },
};

/**
 * @param {string} root
 * @param {string} triplet
 */
function libraryFolders(root, triplet) {
  const libraries = join(root, 'usr/lib', triplet);
  return [libraries, join(libraries, 'nss'), join(libraries, 'pulseaudio'), join(root, 'lib', triplet)];
}

/**
 * @param {string} work
 * @param {string} final
 * @param {string} triplet
 */
function writeStarter(work, final, triplet) {
  const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${final}/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;
  writeFileSync(join(work, 'fonts.conf'), fonts);
  const script = `#!/bin/sh
export LD_LIBRARY_PATH='${libraryFolders(final, triplet).join(':')}'
export FONTCONFIG_FILE='${final}/fonts.conf'
exec '${final}/usr/lib/chromium/chromium' "$@"
`;
  writeFileSync(join(work, 'chromium'), script);
  chmodSync(join(work, 'chromium'), 0o755);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {import('./server-cache.mjs').InstallContext} context
 * @returns {Promise<string>} the path of a Chromium
 */
export async function findChromium(env, context) {
  if (env['CHROMIUM_PATH']) return env['CHROMIUM_PATH'];
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    if (folder && existsSync(join(folder, 'chromium'))) return join(folder, 'chromium');
  }
  return join((await ensureInstalled(recipe, context)).folder, 'chromium');
}
