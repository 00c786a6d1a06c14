import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceFolders } from './workspaces.mjs';

/** The fields of a package.json that decide what is installed; editing a script installs nothing. */
const RELEVANT = [
  'name',
  'version',
  'bin',
  'workspaces',
  'overrides',
  'allowScripts',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
];

const stampPath = (root) => join(root, 'node_modules', '.prepared.json');

/** Why the tree must be installed, in words for whoever waits; undefined when it is as the lock file wants it. */
export function reasonToInstall(root) {
  if (!existsSync(join(root, 'node_modules'))) return 'the first time';
  const before = readStamp(root);
  if (!before) return 'node_modules is incomplete or was not made by this script';
  const now = fingerprints(root);
  const changed = Object.keys({ ...before, ...now }).filter((name) => before[name] !== now[name]);
  if (changed.length === 0) return undefined;
  return changed.length === 1
    ? `${changed[0]} changed`
    : `${changed[0]} and ${changed.length - 1} more changed`;
}

/** Until the next `writeStamp` the tree counts as not installed. */
export function removeStamp(root) {
  rmSync(stampPath(root), { force: true });
}

export function writeStamp(root) {
  writeFileSync(stampPath(root), JSON.stringify(fingerprints(root), null, 2));
}

function readStamp(root) {
  try {
    return JSON.parse(readFileSync(stampPath(root), 'utf8'));
  } catch {
    return undefined;
  }
}

function fingerprints(root) {
  const prints = { 'the platform': `${process.platform}-${process.arch}` };
  for (const name of ['package-lock.json', '.npmrc']) {
    const path = join(root, name);
    if (existsSync(path)) prints[name] = hash(readFileSync(path));
  }
  for (const folder of ['', ...workspaceFolders(root)]) {
    const name = folder ? `${folder}/package.json` : 'package.json';
    const manifest = JSON.parse(readFileSync(join(root, name), 'utf8'));
    prints[name] = hash(JSON.stringify(RELEVANT.map((field) => manifest[field])));
  }
  return prints;
}

function hash(content) {
  return createHash('sha256').update(content).digest('hex');
}
