import { reasonToInstall, writeStamp } from '../install-stamp.mjs';
import { readGateways } from '../gateways.mjs';

const kinds = ['dependencies', 'devDependencies'];

/**
 * Writes the manifest of a new gateway: it depends on what all gateways depend on, in their versions. Nothing has to be
 * fetched, so that what `npm install` would do is done here: the lock file, and the link in node_modules.
 */
export function addWorkspace(draft, { name, client }) {
  const manifests = readGateways(draft.root).map((gateway) =>
    draft.readJson(`apps/${gateway.name}/package.json`),
  );
  const [pattern] = manifests;
  const manifest = {
    ...JSON.parse(JSON.stringify(pattern).replaceAll(`${pattern.name}`, name)),
    description: `Gateway of the ${client} app`,
  };
  for (const kind of kinds) manifest[kind] = ofAll(manifests.map((one) => one[kind] ?? {}));
  draft.create(`apps/${name}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);

  draft.editJson('test/package.json', (tests) => {
    tests.dependencies = sorted({ ...tests.dependencies, [name]: '*' });
  });
  draft.editJson('package-lock.json', (lock) => lockWorkspace(lock, manifest));
  const wasInstalled = reasonToInstall(draft.root) === undefined;
  if (!draft.has('node_modules')) return;
  draft.link(`node_modules/${name}`, `../apps/${name}`);
  if (wasInstalled) draft.afterwards(() => writeStamp(draft.root));
}

function lockWorkspace({ packages, ...lock }, { name, version, dependencies, devDependencies }) {
  if (packages[`node_modules/${name}`])
    throw new Error(`There is a package ${name} in node_modules. Nothing was written.`);
  packages.test.dependencies = sorted({ ...packages.test.dependencies, [name]: '*' });
  packages[`apps/${name}`] = { version, dependencies, devDependencies };
  packages[`node_modules/${name}`] = { resolved: `apps/${name}`, link: true };
  return { ...lock, packages: sorted(packages) };
}

/** What is in all of them. */
function ofAll([first, ...others]) {
  return Object.fromEntries(Object.entries(first).filter(([name]) => others.every((one) => name in one)));
}

const sorted = (object) =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => a.localeCompare(b, 'en')));
