// @ts-check
// Which processes run which code: by the dependencies that each workspace declares in its package.json.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Workspace
 * @property {string} name    of the package
 * @property {string} folder  relative to the checkout, for example `libs/store`
 * @property {string[]} dependencies  names of packages
 */

/**
 * @param {string} root the checkout
 * @returns {Workspace[]}
 */
export function readWorkspaces(root) {
  return ['libs', 'services'].flatMap((group) => {
    if (!existsSync(join(root, group))) return [];
    return readdirSync(join(root, group)).flatMap((entry) => {
      const folder = `${group}/${entry}`;
      const file = join(root, folder, 'package.json');
      if (!existsSync(file)) return [];
      const manifest = JSON.parse(readFileSync(file, 'utf8'));
      return [{ name: manifest.name, folder, dependencies: Object.keys(manifest.dependencies ?? {}) }];
    });
  });
}

/**
 * The workspaces that run a workspace's code: itself, and all that depend on it, however indirectly.
 * @param {Workspace[]} workspaces
 * @param {string} folder of the workspace that changed
 * @returns {Set<string>} folders
 */
export function dependents(workspaces, folder) {
  const found = new Set([folder]);
  const names = new Set(workspaces.filter((one) => one.folder === folder).map(({ name }) => name));
  for (let grown = true; grown;) {
    grown = false;
    for (const one of workspaces) {
      if (found.has(one.folder) || !one.dependencies.some((name) => names.has(name))) continue;
      found.add(one.folder);
      names.add(one.name);
      grown = true;
    }
  }
  return found;
}
